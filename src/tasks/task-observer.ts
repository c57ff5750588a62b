import type { ErrorCode } from '../siibra/index.ts'
import type { Task, TaskResult } from './task.ts'

/** A task that came to its end: with a result, refused, or given up. */
export interface TaskEnd {
  task: Task
  outcome: 'ok' | ErrorCode
  /** How long it waited for a thread or a worker. */
  waitMs: number
  /** How long its handler ran; 0 where it was never started. */
  runMs: number
}

/** Told by dispatchers of what becomes of tasks, for metrics. */
export interface TaskObserver {
  ended(end: TaskEnd): void
  /** A caller got the answer of a task that was under way already. */
  shared(task: Task): void
}

export const NO_OBSERVER: TaskObserver = { ended() {}, shared() {} }

export function outcomeOf(result: TaskResult): TaskEnd['outcome'] {
  return result.ok ? 'ok' : result.code
}
