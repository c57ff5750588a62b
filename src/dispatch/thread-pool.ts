import { Worker } from 'node:worker_threads'
import { SiibraError, toPlainError } from '../siibra/errors.ts'
import type { Task, TaskResult } from './task.ts'
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
}

export interface RunInThread {
  signal: AbortSignal
  onProgress?: ((fraction: number, doing: string) => void) | undefined
}

export interface ThreadPool {
  run(task: Task, options: RunInThread): Promise<TaskResult>
  /** Starts threads that are not there yet (all, or as many as given); otherwise they start with the first task. */
  start(count?: number): Promise<CoreSummary | null>
  liveThreads(): number
  /** Bytes in the caches of each thread's core. */
  cacheBytes(): CacheBytes[]
  close(): Promise<void>
}

interface Running extends RunInThread {
  task: Task
  attempts: number
  settle(result: TaskResult): void
}

interface Thread {
  worker: Worker
  running: Map<number, Running>
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
  const { entry, name, size, settings, tasksPerThread, stuckAfterMs = 10_000, onProblem = () => {} } = options
  const threads = new Set<Thread>()
  const pending: Running[] = []
  let nextId = 0
  let isClosed = false

  const spawn = (): Thread => {
    const worker = new Worker(entry, {
      name,
      workerData: settings(),
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    const running = new Map<number, Running>()
    const started = new Promise<CoreSummary | null>((resolve, reject) => {
      worker.on('message', (reply: ThreadReply) => {
        if (reply.kind === 'started') resolve(reply.core)
        else if (reply.kind === 'failed') reject(new SiibraError('INTERNAL', reply.message))
        else if (reply.kind === 'progress') running.get(reply.id)?.onProgress?.(reply.fraction, reply.doing)
        else if (reply.kind === 'caches') thread.caches = reply.bytes
        else finish(thread, reply.id, reply.result)
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

  const finish = (thread: Thread, id: number, result: TaskResult) => {
    const done = thread.running.get(id)
    thread.running.delete(id)
    if (thread.running.size === 0) thread.isSolo = false
    done?.settle(result)
    assign()
  }

  const bury = (thread: Thread) => {
    threads.delete(thread)
    for (const entry of thread.running.values()) {
      if (isClosed) entry.settle(failed('OVERLOADED', 'This service is about to stop; try again later'))
      else if (entry.signal.aborted) entry.settle(failed('ABORTED', 'Nobody waits for this answer any more'))
      else if (entry.attempts >= MAX_ATTEMPTS)
        entry.settle(failed('INTERNAL', `The task ${entry.task.name} stopped its thread ${MAX_ATTEMPTS} times`))
      else pending.unshift(entry)
    }
    thread.running.clear()
    assign()
  }

  const findThread = (needsSolo: boolean): Thread | undefined => {
    let best: Thread | undefined
    for (const thread of threads) {
      if (thread.isSolo || thread.running.size >= (needsSolo ? 1 : tasksPerThread)) continue
      if (best === undefined || thread.running.size < best.running.size) best = thread
    }
    if (threads.size < size && (best === undefined || best.running.size > 0)) return spawn()
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
    const id = nextId++
    if (entry.attempts > 0) thread.isSolo = true
    entry.attempts++
    thread.running.set(id, entry)
    const post = (request: ThreadRequest) => thread.worker.postMessage(request)
    post({ kind: 'run', id, task: entry.task })
    const onAbort = () => {
      const code = (entry.signal.reason as SiibraError)?.code === 'DEADLINE_EXCEEDED' ? 'DEADLINE_EXCEEDED' : 'ABORTED'
      post({ kind: 'abort', id, code })
      setTimeout(() => {
        if (!thread.running.has(id)) return
        onProblem(`The task ${entry.task.name} does not stop; its thread is replaced`)
        void thread.worker.terminate()
      }, stuckAfterMs).unref()
    }
    const { settle } = entry
    entry.settle = (result) => {
      entry.signal.removeEventListener('abort', onAbort)
      settle(result)
    }
    if (entry.signal.aborted) onAbort()
    else entry.signal.addEventListener('abort', onAbort, { once: true })
  }

  return {
    run: (task, { signal, onProgress }) =>
      new Promise((settle) => {
        pending.push({ task, signal, onProgress, attempts: 0, settle })
        assign()
      }),
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

function failed(code: 'OVERLOADED' | 'ABORTED' | 'INTERNAL', message: string): TaskResult {
  return { ok: false, ...toPlainError(new SiibraError(code, message)) }
}
