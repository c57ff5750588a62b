import type { QueueBroker } from '../dispatch/queue/brokers/queue-brokers.ts'
import { joinWorkers } from '../dispatch/queue/workers/join-workers.ts'
import type { Dispatcher } from '../tasks/dispatcher.ts'
import type { QueueName } from '../tasks/task.ts'
import type { WorkerOptions } from './options.ts'
import { type RunningWorker, startWorker } from './worker.ts'

export interface WorkersOptions extends Omit<WorkerOptions, 'brokerUrl' | 'resultUrl' | 'suspect'> {
  /** Each queue lies at one of them. */
  brokers: readonly QueueBroker[]
}

/**
 * Takes tasks of some queues, wherever they lie: at each broker that has any of them a worker of these, all with the same threads
 * behind. With one broker away the queues of the others are worked on.
 */
export function startWorkers({ brokers, ...options }: WorkersOptions): RunningWorker {
  const shares = brokers.flatMap(({ queues, ...urls }) => {
    const taken = queues.filter((queue) => options.threads[queue] !== undefined)
    return taken.length > 0 ? [{ ...urls, threads: threadsOf(taken, options.threads) }] : []
  })
  const [only, ...others] = shares
  if (only === undefined) throw new Error('a worker takes one queue at least')
  if (others.length === 0) return startWorker({ ...options, ...only })

  // it ends when the last of them has ended
  const executor: Dispatcher = { ...options.executor, close: async () => undefined }
  const suspect = { id: undefined }
  const workers = shares.map((share) => startWorker({ ...options, ...share, executor, suspect }))
  return {
    info() {
      const [info] = joinWorkers(workers.map((worker) => worker.info()))
      if (info === undefined) throw new Error('there are workers in this process')
      return info
    },
    isReady: () => workers.every((worker) => worker.isReady()),
    announce() {
      for (const worker of workers) worker.announce()
    },
    async close(graceMs) {
      await Promise.all(workers.map((worker) => worker.close(graceMs)))
      await options.executor.close(0)
    },
  }
}

const threadsOf = (queues: readonly QueueName[], threads: WorkerOptions['threads']): WorkerOptions['threads'] =>
  Object.fromEntries(queues.map((queue) => [queue, threads[queue]]))
