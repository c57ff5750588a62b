import { Worker } from 'node:worker_threads'
import { type FrozenFiles, SiibraError } from '../../siibra/index.ts'
import { closing, failureOf, taskFatal } from '../../tasks/failures.ts'
import type { Task, TaskResult } from '../../tasks/task.ts'
import type { StartTask } from '../scheduling/scheduler.ts'
import { type Claims, createClaims, hasSeenAbort, isWaiting, offer, withdraw } from './claims.ts'
import type { ReplyReceiver } from './reply-channel.ts'
import type { CacheBytes, CoreSummary, ThreadReply, ThreadRequest, ThreadSettings } from './thread-messages.ts'

/**
 * Room for short-lived objects of a thread. V8 takes up to 48 MB of it and hardly gives it back: with this bound the idle
 * service needs 235 MB instead of 317, once it has warmed up.
 */
const YOUNG_GENERATION_MB = 8

export interface ThreadPoolOptions {
  /** The built thread entry. */
  entry: URL
  name: string
  size: number
  settings: () => ThreadSettings
  /** Tasks that one thread interleaves while they wait for remote data. */
  tasksPerThread: number
  /** How long an aborted task may keep a thread that reads no messages before others get a new one. Default 1 s. */
  blockedAfterMs?: number
  /** How long an aborted task may go on before its thread is ended. Default 10 s. */
  stuckAfterMs?: number
  onProblem?: (message: string) => void
  /** Hears how far something is that takes long. */
  onNotice?: ((message: string) => void) | undefined
  /** Hears which version of the data the thread that loaded the core holds. */
  onDataVersion?: ((version: string) => void) | undefined
  /** Hears of the configuration as the thread that loads the core at its start has read it. */
  onFiles?: ((files: readonly FrozenFiles[]) => void) | undefined
  /** Where results come in; without it, or where it does not work, by the threads' ports. */
  replies?: ReplyReceiver | undefined
}

export interface ThreadPool {
  run: StartTask
  /** Starts threads that are not there yet (all, or as many as given); otherwise they start with the first task. */
  start(count?: number): Promise<CoreSummary | null>
  liveThreads(): number
  /** Bytes in the caches of each thread's core. */
  cacheBytes(): CacheBytes[]
  close(): Promise<void>
}

interface Running {
  id: number
  task: Task
  settle: (result: TaskResult) => void
  onProgress: Parameters<StartTask>[2]
  /** How often a thread has begun it. */
  attempts: number
  thread: Thread | undefined
  sentAtMs: number
  /** Why it is to stop, once it is. */
  stopped: SiibraError | undefined
}

interface Thread {
  worker: Worker
  claims: Claims
  /** A handful. Not a Map, for the reason that fifo.ts gives. */
  running: Running[]
  /** Keeps on with a task that was told to stop, and reads no messages. */
  isBlocked: boolean
  caches: CacheBytes
  started: Promise<CoreSummary | null>
}

/** A task that was under way when its thread died is run once more, alone; the second time it fails. */
const MAX_ATTEMPTS = 2
/** A task that its thread has not begun within this time is given to another one, where one is free. */
const RECLAIM_AFTER_MS = 15

/**
 * Threads that run tasks. The pool does not queue for long: a scheduler before it bounds what is under way. A thread
 * that dies is replaced; its tasks are run again. What waits behind a long computation moves on to a free thread.
 */
export function createThreadPool(options: ThreadPoolOptions): ThreadPool {
  const { entry, name, size, settings, tasksPerThread, replies, onProblem = () => {} } = options
  const { stuckAfterMs = 10_000, blockedAfterMs = Math.min(1_000, stuckAfterMs) } = options
  const threads = new Set<Thread>()
  const pending: Running[] = []
  let nextId = 0
  let isClosed = false
  let reclaiming: NodeJS.Timeout | undefined

  const spawn = (): Thread => {
    const running: Running[] = []
    const find = (id: number) => running.find((entry) => entry.id === id)
    const place = replies?.open(
      ({ id, result }) => finish(thread, find(id), result),
      () => void worker.terminate(),
    )
    const claims = createClaims()
    const worker = new Worker(entry, {
      name,
      workerData: { ...settings(), replies: place, claims },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    const started = new Promise<CoreSummary | null>((resolve, reject) => {
      worker.on('message', (reply: ThreadReply) => {
        if (reply.kind === 'started') {
          if (reply.files) options.onFiles?.(reply.files)
          resolve(reply.core)
        } else if (reply.kind === 'failed') reject(new SiibraError('INTERNAL', reply.message))
        else if (reply.kind === 'progress') find(reply.id)?.onProgress?.(reply.fraction, reply.doing)
        else if (reply.kind === 'caches') thread.caches = reply.bytes
        else if (reply.kind === 'notice') options.onNotice?.(reply.message)
        else if (reply.kind === 'dataVersion') options.onDataVersion?.(reply.version)
        else finish(thread, find(reply.id), reply.result)
      })
      worker.once('exit', () => reject(new SiibraError('INTERNAL', `A thread of "${name}" stopped while starting`)))
    })
    started.catch(() => {})
    const thread: Thread = { worker, claims, running, isBlocked: false, caches: {}, started }
    worker.on('error', (error) => onProblem(`A thread of "${name}" died: ${error.message}`))
    worker.once('exit', () => bury(thread))
    threads.add(thread)
    return thread
  }

  const finish = (thread: Thread, entry: Running | undefined, result: TaskResult) => {
    thread.isBlocked = false
    if (entry === undefined) return
    thread.running.splice(thread.running.indexOf(entry), 1)
    entry.settle(result)
    assign()
  }

  const bury = (thread: Thread) => {
    threads.delete(thread)
    for (const entry of thread.running.splice(0)) {
      entry.thread = undefined
      if (isClosed) entry.settle(failureOf(closing()))
      else if (entry.stopped) entry.settle(failureOf(entry.stopped))
      else if (isWaiting(thread.claims, entry.id)) giveBack(entry)
      else if (entry.attempts >= MAX_ATTEMPTS) entry.settle(failureOf(taskFatal(entry.task.name)))
      else pending.unshift(entry)
    }
    assign()
  }

  /** A task that was never begun, or that its thread was not to blame for, waits as if it had just come. */
  const giveBack = (entry: Running) => {
    entry.thread = undefined
    entry.attempts--
    pending.unshift(entry)
  }

  /** Reads its messages, as far as is known: everything that it was sent some time ago, it has begun. */
  const isResponsive = (thread: Thread) =>
    !thread.running.some((entry) => isWaiting(thread.claims, entry.id) && isOverdue(entry))
  const isOverdue = (entry: Running) => performance.now() - entry.sentAtMs >= RECLAIM_AFTER_MS

  /** Runs one task alone, which was under way when another thread died. */
  const isSolo = (thread: Thread) => thread.running.some(({ attempts }) => attempts > 1)

  const findThread = (needsSolo: boolean, except?: Thread): Thread | undefined => {
    let best: Thread | undefined
    for (const thread of threads) {
      if (thread === except || isSolo(thread) || thread.running.length >= (needsSolo ? 1 : tasksPerThread)) continue
      if (except !== undefined && !isResponsive(thread)) continue
      if (best === undefined || thread.running.length < best.running.length) best = thread
    }
    if (threads.size < size && (best === undefined || best.running.length > 0)) return spawn()
    return best
  }

  const assign = () => {
    if (pending.length > 0) for (const thread of threads) if (thread.isBlocked) replace(thread)
    while (pending.length > 0 && !isClosed) {
      const [entry] = pending as [Running]
      const thread = findThread(entry.attempts > 0)
      if (thread === undefined) return
      pending.shift()
      send(thread, entry)
    }
  }

  const send = (thread: Thread, entry: Running) => {
    entry.attempts++
    entry.id = nextId++
    entry.thread = thread
    entry.sentAtMs = performance.now()
    thread.running.push(entry)
    const { id, task, onProgress } = entry
    offer(thread.claims, id)
    thread.worker.postMessage({ kind: 'run', id, task, isFollowed: onProgress !== undefined } satisfies ThreadRequest)
    // alone, a thread has nobody to give it to
    if (size > 1) reclaiming ??= setTimeout(reclaim, RECLAIM_AFTER_MS)
  }

  /** Gives what waits behind a long computation to threads that are free. */
  const reclaim = () => {
    reclaiming = undefined
    let isAnyLeft = false
    for (const thread of threads) {
      for (const entry of [...thread.running]) {
        if (!isWaiting(thread.claims, entry.id)) continue
        const other = isOverdue(entry) ? findThread(entry.attempts > 1, thread) : undefined
        if (other === undefined || !withdraw(thread.claims, entry.id)) {
          isAnyLeft = true
          continue
        }
        thread.running.splice(thread.running.indexOf(entry), 1)
        entry.attempts--
        send(other, entry)
      }
    }
    if (isAnyLeft) reclaiming ??= setTimeout(reclaim, RECLAIM_AFTER_MS)
  }

  /** A thread that reads no messages is of no use to the others who wait for it: it is ended, and they are run by a new one. */
  const replace = (thread: Thread) => {
    threads.delete(thread)
    for (const entry of thread.running.splice(0).reverse()) giveBack(entry)
    void thread.worker.terminate()
  }

  /** While it keeps nobody waiting, it may come back by itself, with its caches. */
  const block = (thread: Thread) => {
    thread.isBlocked = true
    // what nobody waits for is over as far as others are concerned: it takes no place from them. All of it leaves before any is
    // settled, since who hears of that may send the next task at once, for which the thread is replaced with what is left in it
    const all = thread.running.splice(0)
    thread.running.push(...all.filter(({ stopped }) => stopped === undefined))
    for (const { stopped, settle } of all) if (stopped) settle(failureOf(stopped))
    if (thread.running.length > 0) replace(thread)
    assign()
  }

  const stop = (entry: Running, error: SiibraError) => {
    const { thread, id, task } = entry
    entry.stopped = error
    if (thread === undefined) {
      const at = pending.indexOf(entry)
      if (at < 0) return
      pending.splice(at, 1)
      return entry.settle(failureOf(error))
    }
    if (withdraw(thread.claims, id)) return finish(thread, entry, failureOf(error))
    const code = error.code === 'DEADLINE_EXCEEDED' ? 'DEADLINE_EXCEEDED' : 'ABORTED'
    thread.worker.postMessage({ kind: 'abort', id, code } satisfies ThreadRequest)
    const isUnderWay = () => thread.running.includes(entry)
    setTimeout(() => {
      if (isUnderWay() && !hasSeenAbort(thread.claims, id)) block(thread)
    }, blockedAfterMs).unref()
    setTimeout(() => {
      if (!isUnderWay() && !(thread.isBlocked && threads.has(thread))) return
      onProblem(`The task ${task.name} does not stop; its thread is replaced`)
      void thread.worker.terminate()
    }, stuckAfterMs).unref()
  }

  return {
    run(task, settle, onProgress) {
      const entry: Running = {
        id: -1,
        task,
        settle,
        onProgress,
        attempts: 0,
        thread: undefined,
        sentAtMs: 0,
        stopped: undefined,
      }
      pending.push(entry)
      assign()
      return (error) => stop(entry, error)
    },
    async start(count = size) {
      while (threads.size < Math.min(count, size)) spawn()
      const [first] = await Promise.all([...threads].map((thread) => thread.started))
      return first ?? null
    },
    liveThreads: () => threads.size,
    cacheBytes: () => [...threads].map(({ caches }) => caches),
    async close() {
      isClosed = true
      clearTimeout(reclaiming)
      for (const entry of pending.splice(0)) entry.settle(failureOf(closing()))
      await Promise.all([...threads].map((thread) => thread.worker.terminate()))
    },
  }
}
