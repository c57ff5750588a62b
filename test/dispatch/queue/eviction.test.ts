import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { createQueueDispatcher } from '../../../src/dispatch/queue/dispatcher.ts'
import { createInlineDispatcher } from '../../../src/dispatch/scheduling/inline.ts'
import { startWorker } from '../../../src/worker/worker.ts'
import { startRedis } from '../../redis.ts'
import { untilTrue } from '../../until.ts'
import { createFakeHandlers } from '../fake-handlers.ts'

test('a broker that drops keys when it is full is warned of at the start, by servers and workers', async () => {
  const evicting = await startRedis()
  const admin = new Redis(evicting.url)
  await admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const urls = { brokerUrl: evicting.url, resultUrl: evicting.url, scope: { version: '0.0.1', namespace: 'evicting' } }
  const warnings: string[] = []
  const onWarning = (message: string) => void warnings.push(message)
  const own = createQueueDispatcher({ ...urls, onWarning })
  const executor = createInlineDispatcher({
    handlers: createFakeHandlers(),
    core: () => Promise.reject(new Error('no core here')),
    sharedDir: '/nonexistent',
  })
  const worker = startWorker({ ...urls, onWarning, threads: { core: 1 }, executor, sharedDir: '/nonexistent' })
  await untilTrue(() => warnings.length === 2)
  for (const warning of warnings) expect(warning).toMatch(/allkeys-lru.*noeviction/s)
  await own.close(0)
  await worker.close(0)
  admin.disconnect()
  await evicting.close()
})
