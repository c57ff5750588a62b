import type { Redis } from 'ioredis'
import { brokerNowMs } from '../dispatch/queue/broker-clock.ts'
import type { TaskJob } from '../dispatch/queue/job.ts'
import { loadSentJob } from '../dispatch/queue/long-tasks/states.ts'
import type { QueueScope } from '../dispatch/queue/names.ts'
import { hasWaiter } from '../dispatch/queue/waiters.ts'

/**
 * Whether anybody still waits for a task. Who comes back for a long one tells nobody again: where a Redis that took over has not heard
 * of that client, the result backend has, which forgets how a task was sent when it is cancelled.
 */
export async function isAwaited(
  { broker, results, scope }: { broker: Redis; results: Redis; scope: QueueScope },
  jobId: string,
  { isLong, task: { deadlineMs } }: Pick<TaskJob, 'isLong' | 'task'>,
): Promise<boolean> {
  if (await hasWaiter(broker, scope, jobId)) return true
  if (!isLong || deadlineMs <= brokerNowMs(broker)) return false
  return (await loadSentJob(results, scope, jobId)) !== undefined
}
