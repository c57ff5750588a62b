import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { fromPlainError } from '../../siibra/errors.ts'
import { INCOMPLETE_HEADER, type LongTasks } from '../../tasks/long-tasks.ts'
import type { QueueName, Task } from '../../tasks/task.ts'
import { brokerAway, noWorker, overloaded } from './failures.ts'
import { readStoredFile, storedFileBytes } from './files.ts'
import { JOB_PRIORITY, type JobOutcome, type TaskJob } from './job.ts'
import { type QueueScope, taskId } from './names.ts'
import { loadState, storeState } from './states.ts'
import { addWaiter } from './waiters.ts'
import type { WorkerRoster } from './workers.ts'

export interface LongTaskParts {
  broker: Redis
  results: Redis
  scope: QueueScope
  /** Name of a file of this server in its shared folder. */
  mark: string | undefined
  /** Tasks that may wait in a queue. */
  maxWaiting: number
  roster: WorkerRoster
  queueOf(name: QueueName): Queue<TaskJob, JobOutcome>
  isBrokerThere(): Promise<boolean>
}

/** Stands for the client that will come back, among those who wait for a task. */
const LATER = 'later'

/**
 * Tasks that are sent now and looked at later. The id is a hash of the task, so that a second request for the same
 * download finds the first one's file; only one that failed, or whose bundle lacks parts, is made again.
 */
export function createLongTasks({
  broker,
  results,
  scope,
  maxWaiting,
  mark,
  roster,
  queueOf,
  isBrokerThere,
}: LongTaskParts): LongTasks {
  const send = async (id: string, task: Task) => {
    if (!(await roster.hasWorker(task.queue))) return noWorker(scope, task.queue)
    const { wait = 0, prioritized = 0 } = await queueOf(task.queue).getJobCounts('wait', 'prioritized')
    if (wait + prioritized >= maxWaiting) return overloaded(task.queue)
    await storeState(results, scope, id, { status: 'PENDING', fraction: 0, doing: 'waiting for a worker' })
    await Promise.all([
      addWaiter(broker, scope, id, LATER, task.deadlineMs),
      queueOf(task.queue).add(
        task.name,
        { task, isLong: true, ...(mark === undefined ? {} : { mark }) },
        { jobId: id, priority: JOB_PRIORITY[task.criticality], removeOnComplete: true, removeOnFail: true },
      ),
    ])
    return { id }
  }
  /** What the result backend says; UNAVAILABLE where it does not. */
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      if (await isBrokerThere()) return await question()
    } catch {
      // Said below.
    }
    throw fromPlainError(brokerAway())
  }
  return {
    async submit(task) {
      if (!(await isBrokerThere())) return brokerAway()
      const id = taskId({ name: `long ${task.name}`, params: task.params })
      try {
        const known = await loadState(results, scope, id)
        const isGood = known && known.status !== 'FAILURE' && known.result?.ok !== false && !isIncomplete(known.result)
        return isGood ? { id } : await send(id, task)
      } catch {
        return brokerAway()
      }
    },
    inspect: (id) => ask(() => loadState(results, scope, id)),
    fileBytes: (id) => ask(() => storedFileBytes(results, scope, id)),
    readFile: (id, start, end) => readStoredFile(results, scope, id, start, end),
  }
}

/** Whether a handler said, by this header of its answer, that asking again may give more. */
function isIncomplete(result: { ok: boolean; headers?: Record<string, string> } | undefined): boolean {
  return result?.headers?.[INCOMPLETE_HEADER] !== undefined
}
