import type { CallerSignal } from './caller-signal.ts'
import type { QueueName, Task, TaskResult } from './task.ts'

/** What a dispatcher knows about one queue, for readiness and metrics. */
export interface QueueStatus {
  /** Tasks that wait for a thread or worker. */
  waiting: number
  /** Tasks under way. */
  active: number
  /** Threads (role all) or live workers (role server) that take tasks of this queue. */
  workers: number
}

export interface RunOptions {
  /** Aborted when the caller no longer waits. */
  signal?: CallerSignal
  /** Hears of the progress of a long task: 0..1 and what is being done. */
  onProgress?: (fraction: number, doing: string) => void
}

/**
 * How a task reaches its handler: inline, in a thread of this process, or through a queue. All back ends pass the same
 * test suite. `run` never throws for what happens to a task: it answers with `ok: false` and a code.
 */
export interface Dispatcher {
  /**
   * Runs a task and waits for its result. Identical tasks under way are run once. With `signal` aborted the caller stops
   * waiting (ABORTED); the task itself is dropped only when nobody waits for it any more.
   * Past the task's deadline the answer is DEADLINE_EXCEEDED; with too many waiting it is OVERLOADED.
   */
  run(task: Task, options?: RunOptions): Promise<TaskResult>
  status(): Promise<Record<QueueName, QueueStatus>>
  /** Bytes that the caches of this process's threads hold, by name, where it has such threads. */
  cacheBytes?(): Record<string, number>
  /** Stops taking tasks, lets those under way finish for at most `graceMs`. */
  close(graceMs?: number): Promise<void>
}
