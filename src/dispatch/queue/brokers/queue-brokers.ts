import { QUEUE_NAMES, type QueueName } from '../../../tasks/task.ts'

/** Where the tasks of some queues lie, and their results. */
export interface QueueBroker {
  brokerUrl: string
  resultUrl: string
  queues: readonly QueueName[]
}

/**
 * The brokers of a deployment, each with its queues. A queue that is named has tasks and results at its own address, so that one Redis
 * that is away takes no more than its queues with it; all others stay where they were.
 */
export function brokersOf(
  common: Pick<QueueBroker, 'brokerUrl' | 'resultUrl'>,
  named: Readonly<Partial<Record<QueueName, string>>>,
): QueueBroker[] {
  const urls = new Set(QUEUE_NAMES.map((queue) => named[queue] ?? common.brokerUrl))
  return [...urls].map((url) => ({
    ...(url === common.brokerUrl ? common : { brokerUrl: url, resultUrl: url }),
    queues: QUEUE_NAMES.filter((queue) => (named[queue] ?? common.brokerUrl) === url),
  }))
}
