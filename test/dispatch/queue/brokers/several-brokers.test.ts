import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { brokersOf } from '../../../../src/dispatch/queue/brokers/queue-brokers.ts'
import { createQueues, type QueuesOptions } from '../../../../src/dispatch/queue/brokers/several-brokers.ts'
import { createInlineDispatcher } from '../../../../src/dispatch/scheduling/inline.ts'
import { missingOf } from '../../../../src/server/health.ts'
import { QUEUE_NAMES, type QueueName } from '../../../../src/tasks/task.ts'
import { startWorkers } from '../../../../src/worker/several-brokers.ts'
import { type RedisServer, startRedis } from '../../../redis.ts'
import { untilTrue } from '../../../until.ts'
import { createTask, textOf } from '../../conformance.ts'
import { createConformanceHandlers } from '../../conformance-handlers.ts'

// a broker is killed and started again
vi.setConfig({ testTimeout: 90_000 })

let common: RedisServer
/** Where `features` and `compounds` lie. */
let own: RedisServer
let scope = { version: '1.0.0', namespace: 'several' }
let count = 0
let closing: (() => Promise<void>)[] = []
const OWN: readonly QueueName[] = ['features', 'compounds']

beforeAll(async () => {
  ;[common, own] = await Promise.all([startRedis(), startRedis()])
})
afterAll(() => Promise.all([common.close(), own.close()]))
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
  scope = { version: `1.0.${++count}`, namespace: 'several' }
})

const brokers = () =>
  brokersOf({ brokerUrl: common.url, resultUrl: common.url }, Object.fromEntries(OWN.map((queue) => [queue, own.url])))

function startServer(options: Partial<QueuesOptions> = {}) {
  const server = createQueues({ brokers: brokers(), scope, ...options })
  closing.push(() => server.close())
  return server
}

function addWorker(queues: readonly QueueName[] = QUEUE_NAMES, dataVersion?: () => string) {
  const worker = startWorkers({
    brokers: brokers(),
    scope,
    threads: Object.fromEntries(queues.map((queue) => [queue, 2])),
    sharedDir: '/nonexistent',
    executor: createInlineDispatcher({
      handlers: createConformanceHandlers(),
      core: () => Promise.reject(new Error('There is no core in these tests')),
      sharedDir: '/nonexistent',
    }),
    ...(dataVersion ? { dataVersion } : {}),
  })
  const close = () => worker.close(0)
  closing.push(close)
  return {
    ...worker,
    async close() {
      closing = closing.filter((one) => one !== close)
      await close()
    },
  }
}

const echo = (value: string, queue: QueueName) => createTask('echo', { value }, { queue })

test('queues are sorted by the brokers that they lie at', () => {
  const urls = { brokerUrl: 'redis://a', resultUrl: 'redis://results' }
  expect(brokersOf(urls, {})).toEqual([{ ...urls, queues: QUEUE_NAMES }])
  expect(brokersOf(urls, { features: 'redis://b', compounds: 'redis://b', volumes: 'redis://a' })).toEqual([
    { ...urls, queues: ['core', 'volumes'] },
    { brokerUrl: 'redis://b', resultUrl: 'redis://b', queues: ['features', 'compounds'] },
  ])
  const all = { core: 'redis://b', features: 'redis://b', volumes: 'redis://b', compounds: 'redis://c' }
  expect(brokersOf(urls, all).map(({ brokerUrl }) => brokerUrl)).toEqual(['redis://b', 'redis://c'])
})

test('a broker that is killed takes its queues with it, and no other; they are back when it is', async () => {
  const server = startServer()
  const worker = addWorker()
  await untilTrue(() => worker.isReady() && server.health().awaited.length === 0)
  for (const queue of QUEUE_NAMES) expect(textOf(await server.run(echo('before', queue)))).toBe('"before"')

  await own.kill()
  for (const queue of OWN)
    expect(await server.run(echo('meanwhile', queue))).toMatchObject({
      ok: false,
      code: 'UNAVAILABLE',
      details: { retryAfterS: 5 },
    })
  expect(await server.submit(echo('meanwhile', 'compounds'))).toMatchObject({ ok: false, code: 'UNAVAILABLE' })
  await expect(server.inspect('compounds-0123')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  for (const queue of ['core', 'volumes'] as const)
    expect(textOf(await server.run(echo('meanwhile', queue)))).toBe('"meanwhile"')
  await untilTrue(() => server.health().queuesAway.length > 0)
  const health = server.health()
  expect(health).toMatchObject({ broker: false, results: false, awaited: [], queuesAway: OWN })
  expect(health.problems).toEqual([
    'the broker cannot be reached (queues features, compounds)',
    'the result backend cannot be reached (queues features, compounds)',
  ])
  expect(missingOf(health, QUEUE_NAMES)).toBeUndefined()
  expect(missingOf(health, OWN)).toContain('the broker cannot be reached')
  expect(worker.isReady()).toBe(false)

  await own.start()
  await untilTrue(() => worker.isReady() && server.health().queuesAway.length === 0)
  for (const queue of QUEUE_NAMES) expect(textOf(await server.run(echo('after', queue)))).toBe('"after"')
})

test('a task that is fetched later is found at the broker of its queue, by its id, by any server', async () => {
  const server = startServer()
  const worker = addWorker()
  await untilTrue(() => worker.isReady() && server.health().awaited.length === 0)
  const another = startServer()
  await another.waitUntilConnected(60_000)
  for (const queue of QUEUE_NAMES) {
    const sent = await server.submit({ ...echo('later', queue), token: 'unguessable' })
    const id = 'id' in sent ? sent.id : ''
    await untilTrue(async () => (await another.inspect(id))?.status === 'SUCCESS')
    const result = (await another.inspect(id))?.result
    expect(result && textOf(result)).toBe('"later"')
    expect(await another.cancel(id)).toBe(true)
    expect(await server.inspect(id)).toBeUndefined()
  }
  expect(await server.inspect('made up')).toBeUndefined()
  expect(await server.cancel('made up')).toBe(false)
})

test('a process that takes queues of both is one worker, and its queues are counted each at its broker', async () => {
  const server = startServer()
  const worker = addWorker(['core', 'features'])
  const second = addWorker(['volumes'])
  await untilTrue(() => server.health().workers.features === 1 && server.health().workers.volumes === 1)
  await untilTrue(() => server.health().workers.core === 1)
  expect(server.health().workers).toEqual({ core: 1, features: 1, volumes: 1, compounds: 0 })
  expect(server.health().awaited).toEqual(['compounds'])
  expect(Object.keys(worker.info().queues)).toEqual(['core', 'features'])
  // the tests' workers are in one process
  expect(server.workers()).toHaveLength(1)
  expect(Object.keys(server.workers()[0]?.queues ?? {}).toSorted()).toEqual(['core', 'features', 'volumes'])
  expect(server.bullQueues()).toHaveLength(6)
  await second.close()
  await worker.close()
  await untilTrue(() => Object.values(server.health().workers).every((workers) => workers === 0))
})

test('the version of the data is that of the workers of all brokers, told once they agree', async () => {
  const told: string[] = []
  const server = startServer({ onDataVersion: (version) => void told.push(version) })
  let [ofCommon, ofOwn] = ['a', 'a']
  const first = addWorker(['core', 'volumes'], () => ofCommon)
  const second = addWorker(['features'], () => ofOwn)
  await untilTrue(() => server.workers().length === 1 && server.health().workers.features === 1)
  await untilTrue(() => server.dataVersion() === 'a' && told.length === 1)
  ofOwn = 'b'
  second.announce()
  await untilTrue(() => server.dataVersion() === undefined)
  expect(told).toEqual(['a'])
  ofCommon = 'b'
  first.announce()
  await untilTrue(() => server.dataVersion() === 'b')
  await untilTrue(() => told.length === 2)
  ofOwn = 'c'
  second.announce()
  await untilTrue(() => server.dataVersion() === undefined)
  // those that hold another version go: what is left agrees
  await first.close()
  await untilTrue(() => told.length === 3)
  expect(told).toEqual(['a', 'b', 'c'])
})

test('a server that starts while a broker is away does not wait for workers of its queues', async () => {
  await own.kill()
  const server = startServer()
  addWorker()
  expect(await server.waitUntilConnected(500)).toBe(false)
  await untilTrue(() => server.health().awaited.length === 0)
  expect(missingOf(server.health(), QUEUE_NAMES)).toBeUndefined()
  expect(server.health().queuesAway).toEqual(OWN)
  expect(textOf(await server.run(echo('there', 'volumes')))).toBe('"there"')
  await own.start()
  await untilTrue(() => server.health().workers.compounds === 1)
  expect(textOf(await server.run(echo('there', 'compounds')))).toBe('"there"')
})

test('what was found in Redis and not used is summed, and named by its queues in the log', async () => {
  const problems: string[] = []
  const server = startServer({ onProblem: (message) => void problems.push(message) })
  const kinds = server.refusals().length
  const { Redis } = await import('ioredis')
  for (const { url } of [common, own]) {
    const redis = new Redis(url)
    // a worker without a heartbeat is forgotten, should it be looked for in between
    await redis.set(`siibra-api:{${scope.version}.several}:worker:x`, 'no heartbeat')
    await redis.sadd(`siibra-api:{${scope.version}.several}:workers`, 'x')
    await redis.quit()
  }
  const noted = () => server.refusals().find(({ what }) => what === 'heartbeat')?.count ?? 0
  await untilTrue(() => noted() >= 2)
  expect(server.refusals()).toHaveLength(kinds)
  expect(problems.some((problem) => problem.endsWith('(queues core, volumes)'))).toBe(true)
  expect(problems.some((problem) => problem.endsWith('(queues features, compounds)'))).toBe(true)
})
