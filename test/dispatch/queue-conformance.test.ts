import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'
import { brokersOf } from '../../src/dispatch/queue/brokers/queue-brokers.ts'
import { createQueues } from '../../src/dispatch/queue/brokers/several-brokers.ts'
import { createInlineDispatcher } from '../../src/dispatch/scheduling/inline.ts'
import type { Dispatcher } from '../../src/tasks/dispatcher.ts'
import { QUEUE_NAMES, type QueueName } from '../../src/tasks/task.ts'
import { startWorkers } from '../../src/worker/several-brokers.ts'
import { type RedisServer, startRedis } from '../redis.ts'
import { type DispatcherBounds, describeDispatcher } from './conformance.ts'
import { createConformanceHandlers } from './conformance-handlers.ts'

let redis: RedisServer
let another: RedisServer
let count = 0
beforeAll(async () => {
  ;[redis, another] = await Promise.all([startRedis(), startRedis()])
})
afterAll(() => Promise.all([redis.close(), another.close()]))

/** A server and a worker of their own version, so that tests do not meet. Queues that are named have a Redis of their own. */
async function createQueue(
  { concurrency, maxWaiting }: DispatcherBounds,
  named: readonly QueueName[],
): Promise<Dispatcher> {
  const elsewhere = Object.fromEntries(named.map((queue) => [queue, another.url]))
  const urls = {
    brokers: brokersOf({ brokerUrl: redis.url, resultUrl: redis.url }, elsewhere),
    scope: { version: `1.0.${count++}`, namespace: 'suite' },
  }
  const worker = startWorkers({
    ...urls,
    threads: Object.fromEntries(QUEUE_NAMES.map((queue) => [queue, concurrency])),
    sharedDir: '/nonexistent',
    watchMs: 300,
    executor: createInlineDispatcher({
      handlers: createConformanceHandlers(),
      core: () => Promise.reject(new Error('There is no core in these tests')),
      sharedDir: '/nonexistent',
    }),
  })
  // a server that comes later finds it at once, one that was there before only when it looks again
  while (!worker.isReady()) await delay(5)
  const dispatcher = createQueues({ ...urls, maxWaiting })
  while (dispatcher.health().awaited.length > 0) await delay(5)
  return {
    ...dispatcher,
    async close(graceMs) {
      await dispatcher.close(graceMs)
      await worker.close(0)
    },
  }
}

describeDispatcher('queue', (bounds) => createQueue(bounds, []))
describeDispatcher('queues on two brokers', (bounds) => createQueue(bounds, ['core', 'features']))
