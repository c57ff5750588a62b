import type { Redis } from 'ioredis'
import { brokerNowMs } from '../dispatch/queue/broker-clock.ts'
import type { TaskJob } from '../dispatch/queue/job.ts'
import { isCancelled } from '../dispatch/queue/long-tasks/states.ts'
import type { QueueScope } from '../dispatch/queue/names.ts'
import { hasWaiter } from '../dispatch/queue/waiters.ts'

/**
 * Whether anybody still waits for a task. Who comes back for a long one tells nobody again, and a Redis that took over may not have heard
 * of that client, nor how the task was sent: it is wanted until its time is over, unless it was cancelled.
 */
export async function isAwaited(
  { broker, results, scope }: { broker: Redis; results: Redis; scope: QueueScope },
  jobId: string,
  { isLong, task: { deadlineMs } }: Pick<TaskJob, 'isLong' | 'task'>,
): Promise<boolean> {
  if (await hasWaiter(broker, scope, jobId)) return true
  if (!isLong || deadlineMs <= brokerNowMs(broker)) return false
  return !(await isCancelled(results, scope, jobId))
}
