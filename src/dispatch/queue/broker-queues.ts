import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { QueueName, Task } from '../../tasks/task.ts'
import type { JobOutcome, TaskJob } from './job.ts'
import { laneName, lanesOf, type QueueScope } from './names.ts'

/** The queues at the broker, each made when it is first asked for. */
export interface BrokerQueues {
  /** Those that make up one of ours. */
  queuesOf(name: QueueName): Queue<TaskJob, JobOutcome>[]
  /** The one that a task goes to. */
  queueFor(task: Pick<Task, 'queue' | 'isHeavy'>): Queue<TaskJob, JobOutcome>
  close(): Promise<void>
}

export function createBrokerQueues(broker: Redis, scope: QueueScope, onError: (error: Error) => void): BrokerQueues {
  const queues = new Map<string, Queue<TaskJob, JobOutcome>>()

  function queueNamed(name: string): Queue<TaskJob, JobOutcome> {
    let queue = queues.get(name)
    if (!queue) {
      queue = new Queue(name, {
        connection: broker,
        skipVersionCheck: true,
        skipWaitingForReady: true,
        skipMetasUpdate: true,
      })
      queue.on('error', onError)
      queues.set(name, queue)
    }
    return queue
  }

  return {
    queuesOf: (name) => lanesOf(scope, name).map(queueNamed),
    queueFor: ({ queue, isHeavy = false }) => queueNamed(laneName(scope, queue, isHeavy)),
    async close() {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()))
    },
  }
}
