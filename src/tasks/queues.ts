import { QUEUE_NAMES, type QueueName } from './task.ts'

/** A record with one value per queue. */
export function mapQueues<T>(create: (queue: QueueName) => T): Record<QueueName, T> {
  return Object.fromEntries(QUEUE_NAMES.map((queue) => [queue, create(queue)])) as Record<QueueName, T>
}
