import Fastify from 'fastify'
import { expect, test } from 'vitest'
import type { QueueHealth } from '../../src/dispatch/queue/workers/probe.ts'
import { createMemoryCache } from '../../src/server/cache/memory.ts'
import { registerHealth } from '../../src/server/health.ts'
import { createServiceState, type ServiceState } from '../../src/server/service.ts'
import { QUEUE_NAMES, type QueueName } from '../../src/tasks/task.ts'

const ALL = [...QUEUE_NAMES]
const NOBODY = { core: 0, features: 0, volumes: 0, compounds: 0 }

/** What `/ready` says of a server behind which it looks like this. */
async function ask(
  health: Partial<QueueHealth>,
  readyQueues: readonly QueueName[] = QUEUE_NAMES,
  path = '/ready',
  ownState: Partial<ServiceState> = {},
) {
  const app = Fastify()
  const known = { broker: true, results: true, problems: [], workers: NOBODY, awaited: [], queuesAway: [], ...health }
  const idle = { waiting: 0, active: 0, workers: 0 }
  const status = async () => ({ core: idle, features: idle, volumes: idle, compounds: idle })
  const queue = { health: () => known, status }
  const state = { ...createServiceState(), phase: 'ready' as const, reason: '', ...ownState }
  registerHealth(app, { dispatcher: queue, queue, cache: createMemoryCache({ maxBytes: 0 }), state }, { readyQueues })
  const answer = await app.inject(path)
  return { status: answer.statusCode, text: answer.body, headers: answer.headers }
}

test('a server is ready when broker, results and first workers are there; workers that left do not matter', async () => {
  expect(await ask({})).toMatchObject({ status: 200, text: '"ready"' })
})

test.each([
  [{ broker: false, queuesAway: ALL, problems: ['the broker cannot be reached'] }, 'the broker cannot be reached'],
  [
    { results: false, queuesAway: ALL, problems: ['the result backend takes no writes: Redis is full (maxmemory)'] },
    'is full',
  ],
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

test('with one of several brokers away a server is ready, and tells which queues lack theirs; with all of those that count, not', async () => {
  const problems = ['the broker cannot be reached (queues features, compounds)']
  const health: Partial<QueueHealth> = { broker: false, queuesAway: ['features', 'compounds'], problems }
  expect(await ask(health)).toMatchObject({ status: 200, text: '"ready"' })
  const readyz = await ask(health, QUEUE_NAMES, '/readyz')
  expect(readyz.status).toBe(200)
  expect(JSON.parse(readyz.text)).toMatchObject({ status: 'ready', queuesAway: ['features', 'compounds'], problems })
  expect((await ask(health, ['features'])).status).toBe(503)
  expect((await ask(health, ['features', 'volumes'])).status).toBe(200)
  expect((await ask(health, [])).status).toBe(200)
  expect((await ask({ ...health, queuesAway: ALL }, [])).status).toBe(503)
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

test('a server that has not begun says so, whatever lies behind it', async () => {
  const starting = { phase: 'starting', reason: 'It starts', startedAtMs: Date.now() - 60_000 } as const
  const ready = await ask({}, QUEUE_NAMES, '/ready', starting)
  expect([ready.status, JSON.parse(JSON.parse(ready.text).message).detail]).toEqual([503, 'Not ready: It starts'])
  const readyz = await ask({}, QUEUE_NAMES, '/readyz', starting)
  expect([readyz.status, JSON.parse(readyz.text)]).toMatchObject([503, { status: 'starting', reason: 'It starts' }])
  const livez = JSON.parse((await ask({}, QUEUE_NAMES, '/livez', starting)).text)
  expect([livez.phase, Math.abs(livez.uptimeS - 60) < 30]).toEqual(['starting', true])
})

test('/readyz of a server that waits for a worker is not ready, and says why; of one that is ready says no more', async () => {
  expect(JSON.parse((await ask({ awaited: ['core'] }, ALL, '/readyz')).text)).toMatchObject({
    status: 'not ready',
    reason: 'no worker yet takes tasks of core',
  })
  expect(JSON.parse((await ask({}, ALL, '/readyz')).text)).not.toHaveProperty('reason')
})
