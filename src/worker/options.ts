import type { FileBounds } from '../dispatch/queue/long-tasks/files.ts'
import type { QueueScope } from '../dispatch/queue/names.ts'
import type { ObjectStorage } from '../downloads/object-storage.ts'
import type { ConnectionReport } from '../platform/redis.ts'
import type { Dispatcher } from '../tasks/dispatcher.ts'
import type { QueueName, TaskResult } from '../tasks/task.ts'

/** The one task under way in this process whose worker died before: it, or a neighbour of it, may have been the cause. */
export interface Suspect {
  id: string | undefined
}

export interface WorkerOptions {
  brokerUrl: string
  resultUrl: string
  scope: QueueScope
  /** Queues to take tasks of, with the threads of each: one task is fetched at a time per thread. */
  threads: Partial<Record<QueueName, number>>
  /** Runs the tasks in threads of this process, so that nothing here ever blocks. */
  executor: Dispatcher
  /** Where tasks leave their files. */
  sharedDir: string
  /** Where files are brought; without one, servers get them from that folder or through the result backend. */
  storage?: ObjectStorage | undefined
  /** What files may take of the result backend. */
  fileBounds?: FileBounds
  /** Shared by all that take tasks in this process. Default: it takes tasks of one broker alone. */
  suspect?: Suspect
  /** A worker that does not renew its lock on a task for this time is taken for dead. Default 7 s: with the looks for such tasks, each third of it, one is taken over within 10 s. */
  lockMs?: number
  /** How often a running task is checked for somebody who still waits for it. Default 1 s. */
  watchMs?: number
  report?: ConnectionReport
  /** Which version of the data it holds, once that is known. */
  dataVersion?: () => string | undefined
  /** Told of faults of the queue itself, for the log. */
  onProblem?: (message: string) => void
  /** Told of settings of the broker under which tasks may be lost, for the log. */
  onWarning?: (message: string) => void
  /** Told of every task that ended: for the log and the metrics. */
  onTask?: (name: string, queue: QueueName, result: TaskResult | 'dropped', elapsedMs: number) => void
}
