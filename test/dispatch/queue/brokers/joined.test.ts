/** Several dispatchers as one, each with queues of its own. They are of the tests. */
import { beforeEach, expect, test, vi } from 'vitest'
import { createQueues } from '../../../../src/dispatch/queue/brokers/several-brokers.ts'
import type { QueueDispatcher, QueueDispatcherOptions } from '../../../../src/dispatch/queue/dispatcher.ts'
import { mapQueues } from '../../../../src/tasks/queues.ts'
import type { QueueName } from '../../../../src/tasks/task.ts'
import { anAnswer } from '../../an-answer.ts'
import { textOf } from '../../conformance.ts'
import { aTask, scope } from '../pending/parts.ts'

const made = vi.hoisted(() => ({ all: [] as unknown[] }))

/** At a broker; what it says is set by the test. */
class FakeDispatcher {
  readonly options: QueueDispatcherOptions
  maxBodyBytes = 10
  infos: { id: string; pid: number; queues: object; dataVersion?: string }[] = []
  counts: unknown[] = []
  isThere = true
  answeredAtMs: number | undefined
  own = {
    broker: true,
    results: true,
    problems: [] as string[],
    awaited: [] as QueueName[],
    queuesAway: [] as QueueName[],
  }
  closedWithin: number | undefined
  constructor(options: QueueDispatcherOptions) {
    this.options = options
    made.all.push(this)
  }
  get name() {
    return this.options.brokerUrl
  }
  has = (queue: QueueName) => (this.options.queues?.includes(queue) ? 1 : 0)
  run = async () => anAnswer(this.name)
  status = async () =>
    mapQueues((queue) => ({ waiting: this.has(queue), active: 2 * this.has(queue), workers: 3 * this.has(queue) }))
  inspect = async () => ({ status: 'PENDING', fraction: 0, doing: this.name })
  submit = async () => ({ id: this.name })
  workers = () => this.infos
  refusals = () => this.counts
  health = () => ({ ...this.own, answeredAtMs: this.answeredAtMs, workers: mapQueues(this.has) })
  waitUntilConnected = async () => this.isThere
  close = async (graceMs?: number) => {
    this.closedWithin = graceMs
  }
}
vi.mock('../../../../src/dispatch/queue/dispatcher.ts', () => ({
  createQueueDispatcher: (options: QueueDispatcherOptions) => new FakeDispatcher(options) as unknown as QueueDispatcher,
}))

beforeEach(() => void made.all.splice(0))

const BROKERS = [
  { brokerUrl: 'a', resultUrl: 'a', queues: ['core', 'volumes'] },
  { brokerUrl: 'b', resultUrl: 'b', queues: ['features'] },
  { brokerUrl: 'c', resultUrl: 'c', queues: ['compounds'] },
] as const

function join(more: Partial<Parameters<typeof createQueues>[0]> = {}) {
  const told: string[] = []
  const queues = createQueues({
    brokers: BROKERS,
    scope,
    onProblem: (message) => void told.push(message),
    onWarning: (message) => void told.push(message),
    onDataVersion: (version) => void told.push(version),
    ...more,
  })
  return { queues, told, parts: made.all as FakeDispatcher[] }
}

test('one broker needs nobody before it; without any there is nothing', () => {
  const one = { brokerUrl: 'a', resultUrl: 'a', queues: ['core'] } as const
  const { queues, parts } = join({ brokers: [one] })
  expect([parts.length, queues === (parts[0] as unknown)]).toEqual([1, true])
  expect(Object.keys(parts[0]?.options ?? {})).toContain('onDataVersion')
  made.all.length = 0
  createQueues({ brokers: [one], scope })
  expect(Object.keys((made.all[0] as FakeDispatcher).options)).not.toContain('onDataVersion')
  expect(() => join({ brokers: [] })).toThrow('no broker is given')
  expect(() => join({ brokers: BROKERS.slice(0, 2) })).toThrow('the queue compounds lies at no broker')
})

test('a task goes to the broker of its queue, an id to that of its first part', async () => {
  const { queues } = join()
  const run = async (queue: QueueName) => textOf(await queues.run(aTask({ queue })))
  expect([await run('core'), await run('features'), await run('volumes'), await run('compounds')]).toEqual([
    'a',
    'b',
    'a',
    'c',
  ])
  const placeOf = async (id: string) => (await queues.inspect(id))?.doing
  const id = 'features-0123456789abcdef'
  expect([await placeOf('made up'), await queues.submit(aTask({ queue: 'compounds' }))]).toEqual(['a', { id: 'c' }])
  expect(await placeOf(id)).toBe('b')
})

test('what each knows of its own queues is summed', async () => {
  const { queues, parts } = join()
  const one = { waiting: 1, active: 2, workers: 3 }
  expect(await queues.status()).toEqual({ core: one, features: one, volumes: one, compounds: one })
  for (const [i, part] of parts.entries()) {
    part.maxBodyBytes = 7 + i
    part.counts = [
      { what: 'heartbeat', reason: 'unreadable', count: i },
      { what: 'state', reason: 'unreadable', count: 10 },
    ]
  }
  expect(queues.refusals()).toEqual([
    { what: 'heartbeat', reason: 'unreadable', count: 3 },
    { what: 'state', reason: 'unreadable', count: 30 },
  ])
  expect(queues.maxBodyBytes).toBe(10)
  await queues.close(5)
  expect(parts.map(({ closedWithin }) => closedWithin)).toEqual([5, 5, 5])
})

test('health is that of all, and says whose problem it is', () => {
  const { queues, parts, told } = join()
  const [a, b, c] = parts as [FakeDispatcher, FakeDispatcher, FakeDispatcher]
  expect(queues.health()).toMatchObject({ broker: true, results: true, problems: [], answeredAtMs: undefined })
  a.answeredAtMs = 70
  c.answeredAtMs = 50
  Object.assign(a.own, { broker: false, problems: ['away'], queuesAway: ['core'], awaited: ['volumes'] })
  Object.assign(b.own, { results: false, problems: ['full'], awaited: ['features'] })
  expect(queues.health()).toEqual({
    broker: false,
    results: false,
    problems: ['away (queues core, volumes)', 'full (queue features)'],
    answeredAtMs: 50,
    awaited: ['volumes', 'features'],
    queuesAway: ['core'],
    workers: { core: 1, features: 1, volumes: 1, compounds: 1 },
  })
  a.options.onProblem?.('a problem')
  b.options.onWarning?.('a warning')
  expect(told).toEqual(['a problem (queues core, volumes)', 'a warning (queue features)'])
  // nobody has to listen
  join({ onProblem: undefined as never, onWarning: undefined as never })
  ;(made.all.at(-1) as FakeDispatcher).options.onProblem?.('unheard')
})

test('workers of queues whose broker was away at the start are not waited for, unless all were', async () => {
  const { queues, parts } = join()
  const [a, b, c] = parts as [FakeDispatcher, FakeDispatcher, FakeDispatcher]
  for (const part of parts) part.own.awaited = [...(part.options.queues ?? [])]
  for (const part of parts) part.isThere = false
  expect(await queues.waitUntilConnected(1)).toBe(false)
  expect(queues.health().awaited).toEqual(['core', 'volumes', 'features', 'compounds'])
  a.isThere = true
  c.isThere = true
  expect(await queues.waitUntilConnected(1)).toBe(false)
  expect(queues.health().awaited).toEqual(['core', 'volumes', 'compounds'])
  b.isThere = true
  expect(await queues.waitUntilConnected(1)).toBe(true)
})

test('workers are processes; the version of the data is told when all of them hold it', () => {
  const { queues, parts, told } = join()
  const [a, b] = parts as [FakeDispatcher, FakeDispatcher]
  a.infos = [{ id: '1', pid: 1, queues: { core: {} }, dataVersion: 'v' }]
  b.infos = [{ id: '2', pid: 1, queues: { features: {} } }]
  a.options.onWorkers?.()
  expect([told, queues.dataVersion(), queues.workers().map((worker) => Object.keys(worker.queues))]).toEqual([
    [],
    undefined,
    [['core', 'features']],
  ])
  b.infos = b.infos.map((info) => ({ ...info, dataVersion: 'v' }))
  b.options.onWorkers?.()
  expect([told, queues.dataVersion()]).toEqual([['v'], 'v'])
})
