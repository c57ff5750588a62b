import { Worker } from 'node:worker_threads'
import { SiibraError, toPlainError } from '../../siibra/errors.ts'
import type { Task, TaskResult } from '../../tasks/task.ts'
import type { StartTask } from '../scheduling/scheduler.ts'
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
  /** How long an aborted task may go on before its thread is replaced. Default 10 s. */
  stuckAfterMs?: number
  onProblem?: (message: string) => void
  /** Hears which version of the data the thread that loaded the core holds. */
  onDataVersion?: ((version: string) => void) | undefined
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
  attempts: number
  thread: Thread | undefined
  /** Why it is to stop, once it is. */
  stopped: SiibraError | undefined
}

interface Thread {
  worker: Worker
  /** A handful. Not a Map, for the reason that line.ts gives. */
  running: Running[]
  /** Runs one task alone, which was under way when another thread died. */
  isSolo: boolean
  caches: CacheBytes
  started: Promise<CoreSummary | null>
}

/** A task that was under way when its thread died is run once more, alone; the second time it fails. */
const MAX_ATTEMPTS = 2

/**
 * Threads that run tasks. The pool does not queue for long: a scheduler before it bounds what is under way. A thread
 * that dies is replaced; its tasks are run again.
 */
export function createThreadPool(options: ThreadPoolOptions): ThreadPool {
  const { entry, name, size, settings, tasksPerThread, replies, stuckAfterMs = 10_000, onProblem = () => {} } = options
  const threads = new Set<Thread>()
  const pending: Running[] = []
  let nextId = 0
  let isClosed = false

  const spawn = (): Thread => {
    const running: Running[] = []
    const find = (id: number) => running.find((entry) => entry.id === id)
    const place = replies?.open(
      ({ id, result }) => finish(thread, find(id), result),
      () => void worker.terminate(),
    )
    const worker = new Worker(entry, {
      name,
      workerData: { ...settings(), replies: place },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    const started = new Promise<CoreSummary | null>((resolve, reject) => {
      worker.on('message', (reply: ThreadReply) => {
        if (reply.kind === 'started') resolve(reply.core)
        else if (reply.kind === 'failed') reject(new SiibraError('INTERNAL', reply.message))
        else if (reply.kind === 'progress') find(reply.id)?.onProgress?.(reply.fraction, reply.doing)
        else if (reply.kind === 'caches') thread.caches = reply.bytes
        else if (reply.kind === 'dataVersion') options.onDataVersion?.(reply.version)
        else finish(thread, find(reply.id), reply.result)
      })
      worker.once('exit', () => reject(new SiibraError('INTERNAL', `A thread of "${name}" stopped while starting`)))
    })
    started.catch(() => {})
    const thread: Thread = { worker, running, isSolo: false, caches: {}, started }
    worker.on('error', (error) => onProblem(`A thread of "${name}" died: ${error.message}`))
    worker.once('exit', () => bury(thread))
    threads.add(thread)
    return thread
  }

  const finish = (thread: Thread, entry: Running | undefined, result: TaskResult) => {
    if (entry === undefined) return
    thread.running.splice(thread.running.indexOf(entry), 1)
    if (thread.running.length === 0) thread.isSolo = false
    entry.settle(result)
    assign()
  }

  const bury = (thread: Thread) => {
    threads.delete(thread)
    for (const entry of thread.running.splice(0)) {
      entry.thread = undefined
      if (isClosed) entry.settle(failed('OVERLOADED', 'This service is about to stop; try again later'))
      else if (entry.stopped) entry.settle({ ok: false, ...toPlainError(entry.stopped) })
      else if (entry.attempts >= MAX_ATTEMPTS)
        entry.settle(failed('INTERNAL', `The task ${entry.task.name} stopped its thread ${MAX_ATTEMPTS} times`))
      else pending.unshift(entry)
    }
    assign()
  }

  const findThread = (needsSolo: boolean): Thread | undefined => {
    let best: Thread | undefined
    for (const thread of threads) {
      if (thread.isSolo || thread.running.length >= (needsSolo ? 1 : tasksPerThread)) continue
      if (best === undefined || thread.running.length < best.running.length) best = thread
    }
    if (threads.size < size && (best === undefined || best.running.length > 0)) return spawn()
    return best
  }

  const assign = () => {
    while (pending.length > 0 && !isClosed) {
      const [entry] = pending as [Running]
      const thread = findThread(entry.attempts > 0)
      if (thread === undefined) return
      pending.shift()
      send(thread, entry)
    }
  }

  const send = (thread: Thread, entry: Running) => {
    if (entry.attempts > 0) thread.isSolo = true
    entry.attempts++
    entry.id = nextId++
    entry.thread = thread
    thread.running.push(entry)
    const { id, task, onProgress } = entry
    thread.worker.postMessage({ kind: 'run', id, task, isFollowed: onProgress !== undefined } satisfies ThreadRequest)
  }

  const stop = (entry: Running, error: SiibraError) => {
    const { thread, id, task } = entry
    entry.stopped = error
    if (thread === undefined) {
      const at = pending.indexOf(entry)
      if (at < 0) return
      pending.splice(at, 1)
      return entry.settle({ ok: false, ...toPlainError(error) })
    }
    const code = error.code === 'DEADLINE_EXCEEDED' ? 'DEADLINE_EXCEEDED' : 'ABORTED'
    thread.worker.postMessage({ kind: 'abort', id, code } satisfies ThreadRequest)
    setTimeout(() => {
      if (!thread.running.includes(entry)) return
      onProblem(`The task ${task.name} does not stop; its thread is replaced`)
      void thread.worker.terminate()
    }, stuckAfterMs).unref()
  }

  return {
    run(task, settle, onProgress) {
      const entry: Running = { id: -1, task, settle, onProgress, attempts: 0, thread: undefined, stopped: undefined }
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
      for (const entry of pending.splice(0)) entry.settle(failed('OVERLOADED', 'This service is about to stop'))
      await Promise.all([...threads].map((thread) => thread.worker.terminate()))
    },
  }
}

function failed(code: 'OVERLOADED' | 'INTERNAL', message: string): TaskResult {
  return { ok: false, ...toPlainError(new SiibraError(code, message)) }
}
