import Fastify from 'fastify'
import { expect, test } from 'vitest'
import type { QueueHealth } from '../../src/dispatch/queue/workers/probe.ts'
import { createMemoryCache } from '../../src/server/cache/memory.ts'
import { registerHealth } from '../../src/server/health.ts'
import { createServiceState } from '../../src/server/service.ts'
import { QUEUE_NAMES, type QueueName } from '../../src/tasks/task.ts'

const NOBODY = { core: 0, features: 0, volumes: 0, compounds: 0 }

/** What `/ready` says of a server behind which it looks like this. */
async function ask(health: Partial<QueueHealth>, readyQueues: readonly QueueName[] = QUEUE_NAMES, path = '/ready') {
  const app = Fastify()
  const known = { broker: true, results: true, problems: [], workers: NOBODY, awaited: [], ...health }
  const idle = { waiting: 0, active: 0, workers: 0 }
  const status = async () => ({ core: idle, features: idle, volumes: idle, compounds: idle })
  const queue = { health: () => known, status }
  const state = { ...createServiceState(), phase: 'ready' as const, reason: '' }
  registerHealth(app, { dispatcher: queue, queue, cache: createMemoryCache({ maxBytes: 0 }), state }, { readyQueues })
  const answer = await app.inject(path)
  return { status: answer.statusCode, text: answer.body, headers: answer.headers }
}

test('a server is ready when broker, results and first workers are there; workers that left do not matter', async () => {
  expect(await ask({})).toMatchObject({ status: 200, text: '"ready"' })
})

test.each([
  [{ broker: false, problems: ['the broker cannot be reached'] }, 'the broker cannot be reached'],
  [{ results: false, problems: ['the result backend takes no writes: Redis is full (maxmemory)'] }, 'is full'],
  [{ awaited: ['features', 'volumes'] as QueueName[] }, 'features, volumes'],
])('%j: it is not, and says why', async (health, reason) => {
  const answer = await ask(health)
  expect(answer.status).toBe(503)
  expect(answer.headers['retry-after']).toBe('1')
  expect(JSON.parse(JSON.parse(answer.text).message).detail).toContain(reason)
})

test('only the queues that are named are waited for', async () => {
  expect((await ask({ awaited: ['volumes'] }, ['core', 'features'])).status).toBe(200)
  expect((await ask({ awaited: [...QUEUE_NAMES] }, [])).status).toBe(200)
})

test('/readyz tells of every queue, /livez of nothing but life', async () => {
  const readyz = await ask({ workers: { ...NOBODY, core: 2 }, awaited: ['volumes'] }, QUEUE_NAMES, '/readyz')
  expect(readyz.status).toBe(503)
  expect(JSON.parse(readyz.text)).toMatchObject({
    broker: true,
    results: true,
    workers: { core: 2 },
    queuesWithoutWorker: ['features', 'volumes', 'compounds'],
  })
  expect((await ask({ broker: false }, QUEUE_NAMES, '/livez')).status).toBe(200)
})
