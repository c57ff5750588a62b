import type { Task, TaskResult } from './task.ts'

/** Names of the states are those of the original. */
export type LongTaskStatus = 'PENDING' | 'STARTED' | 'SUCCESS' | 'FAILURE'

export interface LongTaskState {
  status: LongTaskStatus
  /** 0..1 */
  fraction: number
  /** What is being done, for people. */
  doing: string
  /** Of a task that has ended; of one that is made anew, as parts were missing, what its run before gave. */
  result?: TaskResult
}

/** Tasks that nobody waits for with an open connection: sent, looked at, ended. */
export interface LaterTasks {
  /**
   * Sends a task and answers with its id; an identical one that is under way or done is not sent again. `onEnd` hears of its
   * end where that happens in this process.
   */
  submit(task: Task, onEnd?: () => void): Promise<{ id: string } | Extract<TaskResult, { ok: false }>>
  /** How a task is doing; undefined for an id that is not known (any more). Rejects with UNAVAILABLE when it cannot be asked. */
  inspect(id: string): Promise<LongTaskState | undefined>
  /** Ends a task and forgets its result; false for an id that is not known. */
  cancel(id: string): Promise<boolean>
}

/** What all results of tasks that are asked for later may take, wherever they are kept; the oldest go first. */
export const LATER_RESULT_BOUNDS = { maxBytes: 256 * 1024 * 1024, maxResults: 1000 }

/** The same, and the files that they leave. Only the queue has them. */
export interface LongTasks extends LaterTasks {
  /** Nothing is known of a task any more, as its file is gone: it is made anew when it is asked for. */
  forget(id: string): Promise<void>
  /** The file that a task made, where it lies in the result backend; undefined where there is none. */
  openFile(id: string): Promise<StoredFile | undefined>
}

/** The bytes of one file; another one that the same task makes later is not mixed with it. */
export interface StoredFile {
  bytes: number
  /** From `start` to `end`, both included. */
  read(start: number, end: number): AsyncIterable<Buffer>
}

/** How long the state and the file of a task are kept. */
export const LONG_TASK_KEPT_MS = 24 * 3600 * 1000
