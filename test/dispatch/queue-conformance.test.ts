import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'
import { createQueueDispatcher } from '../../src/dispatch/queue/dispatcher.ts'
import { createInlineDispatcher } from '../../src/dispatch/scheduling/inline.ts'
import type { Dispatcher } from '../../src/tasks/dispatcher.ts'
import { QUEUE_NAMES } from '../../src/tasks/task.ts'
import { startWorker } from '../../src/worker/worker.ts'
import { type RedisServer, startRedis } from '../redis.ts'
import { type DispatcherBounds, describeDispatcher } from './conformance.ts'
import { createConformanceHandlers } from './conformance-handlers.ts'

let redis: RedisServer
let count = 0
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.close())

/** A server and a worker of their own version, so that tests do not meet. */
async function createQueue({ concurrency, maxWaiting }: DispatcherBounds): Promise<Dispatcher> {
  const urls = { brokerUrl: redis.url, resultUrl: redis.url, scope: { version: `1.0.${count++}`, namespace: 'suite' } }
  const worker = startWorker({
    ...urls,
    threads: Object.fromEntries(QUEUE_NAMES.map((queue) => [queue, concurrency])),
    sharedDir: '/nonexistent',
    executor: createInlineDispatcher({
      handlers: createConformanceHandlers(),
      core: () => Promise.reject(new Error('There is no core in these tests')),
      sharedDir: '/nonexistent',
    }),
  })
  const dispatcher = createQueueDispatcher({ ...urls, maxWaiting })
  while (!worker.isReady() || dispatcher.health().awaited.length > 0) await delay(5)
  return {
    ...dispatcher,
    async close(graceMs) {
      await dispatcher.close(graceMs)
      await worker.close(0)
    },
  }
}

describeDispatcher('queue', createQueue)
