import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createQueueDispatcher, type QueueDispatcher } from '../../../src/dispatch/queue/dispatcher.ts'
import { type QueueScope, taskId } from '../../../src/dispatch/queue/names.ts'
import { hasWaiter } from '../../../src/dispatch/queue/waiters.ts'
import { createInlineDispatcher } from '../../../src/dispatch/scheduling/inline.ts'
import type { Dispatcher } from '../../../src/tasks/dispatcher.ts'
import type { LongTaskState } from '../../../src/tasks/long-tasks.ts'
import { QUEUE_NAMES, type QueueName, type Task, type TaskResult } from '../../../src/tasks/task.ts'
import { type RunningWorker, startWorker } from '../../../src/worker/worker.ts'
import { type RedisServer, startRedis } from '../../redis.ts'
import { untilTrue } from '../../until.ts'
import { createFakeHandlers, openGates } from '../fake-handlers.ts'

let redis: RedisServer
let scope: QueueScope
let runs: { name: string; params: Record<string, unknown> }[]
const dispatchers: QueueDispatcher[] = []
const workers: RunningWorker[] = []

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.close())
beforeEach(() => {
  scope = { version: `0.0.${Math.floor(Math.random() * 1e9)}`, namespace: 'test' }
  runs = []
})
afterEach(async () => {
  openGates()
  await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.close(0)))
  await Promise.all(workers.splice(0).map((worker) => worker.close(0)))
})

function startServer(options: Partial<Parameters<typeof createQueueDispatcher>[0]> = {}): QueueDispatcher {
  const dispatcher = createQueueDispatcher({ brokerUrl: redis.url, resultUrl: redis.url, scope, ...options })
  dispatchers.push(dispatcher)
  return dispatcher
}

async function addWorker(
  options: {
    queues?: readonly QueueName[]
    threads?: number
    scope?: QueueScope
    dataVersion?: string
    watchMs?: number
    around?: (executor: Dispatcher) => Dispatcher
  } = {},
) {
  const { queues = QUEUE_NAMES, threads = 2, around = (executor) => executor } = options
  const worker = startWorker({
    brokerUrl: redis.url,
    resultUrl: redis.url,
    scope: options.scope ?? scope,
    threads: Object.fromEntries(queues.map((queue) => [queue, threads])),
    executor: around(
      createInlineDispatcher({
        handlers: createFakeHandlers((name, params) => void runs.push({ name, params })),
        core: () => Promise.reject(new Error('no core here')),
        sharedDir: '/nonexistent',
      }),
    ),
    sharedDir: '/nonexistent',
    watchMs: options.watchMs ?? 1_000,
    dataVersion: () => options.dataVersion,
  })
  workers.push(worker)
  while (!worker.isReady()) await delay(5)
  return worker
}

function task(name: string, params: Record<string, unknown> = {}, overrides: Partial<Task> = {}): Task {
  const queue = createFakeHandlers().get(name)?.queue ?? 'core'
  return { name, queue, params, criticality: 'normal', deadlineMs: Date.now() + 600_000, ...overrides }
}

const jsonOf = (result: TaskResult) => (result.ok ? JSON.parse(Buffer.from(result.body).toString()) : result)

describe('tasks through the queue', () => {
  test('come back as bytes, with status, type and headers', async () => {
    const server = startServer()
    await addWorker()
    expect(jsonOf(await server.run(task('echo', { text: 'ünï' })))).toBe('ünï')
    const bytes = await server.run(task('bytes', { length: 300_000 }))
    expect(bytes).toMatchObject({
      ok: true,
      status: 200,
      contentType: 'application/octet-stream',
      headers: { 'content-disposition': 'attachment; filename="ä.bin"' },
    })
    expect(bytes.ok && Buffer.from(bytes.body).equals(Buffer.alloc(300_000, 7))).toBe(true)
  })

  test('come back in pieces where they are large, and leave no others behind', async () => {
    const server = startServer()
    await addWorker()
    for (const length of [512 * 1024, 3_000_001]) {
      const bytes = await server.run(task('bytes', { length }))
      expect(bytes.ok && Buffer.from(bytes.body).equals(Buffer.alloc(length, 7))).toBe(true)
    }
    const client = new Redis(redis.url)
    expect(await client.keys('*result-part*')).toEqual([])
    client.disconnect()
  })

  test('fail with their code and details', async () => {
    const server = startServer()
    await addWorker()
    expect(await server.run(task('missing'))).toMatchObject({ code: 'NOT_FOUND', details: { id: 'x' } })
    expect(await server.run(task('broken'))).toMatchObject({ code: 'INTERNAL', message: 'a defect' })
    expect(await server.run(task('unheard of'))).toMatchObject({ code: 'NOT_IMPLEMENTED' })
    expect(await server.run(task('echo', { text: 1 }))).toMatchObject({ code: 'INVALID_PARAMETER' })
  })

  test('1,000 identical requests on two servers are one task', async () => {
    const [one, two] = [startServer(), startServer()]
    await addWorker()
    const same = () => task('slow', { ms: 300, text: 'once' })
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => (i % 2 ? one : two).run(same())))
    expect(answers.map(jsonOf).filter((text) => text === 'once')).toHaveLength(1000)
    expect(runs).toHaveLength(1)
  })

  test('different ones are all run, by all workers', async () => {
    const server = startServer()
    const counted = await Promise.all([addWorker(), addWorker()])
    const answers = await Promise.all(Array.from({ length: 300 }, (_, i) => server.run(task('echo', { text: `${i}` }))))
    expect(answers.map(jsonOf)).toEqual(Array.from({ length: 300 }, (_, i) => `${i}`))
    expect(runs).toHaveLength(300)
    expect(counted).toHaveLength(2)
  })

  test('the same again is run again: results are kept for those who wait, not as a cache', async () => {
    const server = startServer()
    await addWorker()
    await server.run(task('echo', { text: 'x' }))
    await server.run(task('echo', { text: 'x' }))
    expect(runs).toHaveLength(2)
  })

  test('a kind that was heavy is so no more once a run was quick, of which no CPU time is told', async () => {
    const server = startServer()
    const ways: (boolean | undefined)[] = []
    const costs = [900, 900, 900, undefined, undefined]
    await addWorker({
      around: (executor) => ({
        ...executor,
        async run(sent, options) {
          const cpuMs = costs[ways.push(sent.isHeavy) - 1]
          const result = await executor.run(sent, options)
          return { ...result, timing: { waitMs: 0, runMs: 900, ...(cpuMs === undefined ? {} : { cpuMs }) } }
        },
      }),
    })
    for (const length of [1, 2, 3, 4, 5]) await server.run(task('bytes', { length }))
    expect(ways).toEqual([false, false, false, true, false])
  })

  test('critical ones go first', async () => {
    const server = startServer()
    const hold = startServer()
    await addWorker({ threads: 1 })
    const blocking = hold.run(task('gate', { text: 'hold' }))
    await untilTrue(() => runs.length === 1)
    const order = ['background', 'normal', 'critical'] as const
    const later = order.map((criticality) => server.run(task('slow', { ms: 10, text: criticality }, { criticality })))
    await untilTrue(async () => (await server.status()).features.waiting === 3)
    openGates()
    await Promise.all([blocking, ...later])
    expect(runs.map(({ params }) => params.text)).toEqual(['hold', 'critical', 'normal', 'background'])
  })

  test('what has become critical to someone goes first, whichever server sent it', async () => {
    const [server, other] = [startServer(), startServer()]
    await addWorker({ threads: 1 })
    const send = (text: string, criticality: Task['criticality'], from = server) =>
      from.run(task('slow', { ms: 10, text }, { criticality }))
    const hold = server.run(task('gate', { text: 'hold' }))
    await untilTrue(() => runs.length === 1)
    const later = ['a', 'b', 'c', 'd'].map((text) => send(text, 'background'))
    await untilTrue(async () => (await server.status()).features.waiting >= 4)
    const raised = [send('d', 'critical'), send('c', 'normal', other)]
    const queue = server.bullQueues().find(({ name }) => name.endsWith('.features}'))
    const priorities = async () =>
      (await queue?.getJobs(['wait', 'prioritized']))?.map(
        ({ data, priority }) => `${data.task.params.text}${priority}`,
      )
    await untilTrue(async () => {
      const now = (await priorities()) ?? []
      return now.includes('c1') && now.includes('d0')
    })
    openGates()
    await Promise.all([hold, ...later, ...raised])
    expect(runs.map(({ params }) => params.text)).toEqual(['hold', 'd', 'c', 'a', 'b'])
  })
})

describe('waiting has bounds', () => {
  test('past its deadline a request is answered, and its task is not started', async () => {
    const server = startServer()
    await addWorker({ threads: 1 })
    const hold = server.run(task('gate', { text: 'hold' }))
    await untilTrue(() => runs.length === 1)
    const late = await server.run(task('slow', { ms: 1, text: 'late' }, { deadlineMs: Date.now() + 100 }))
    expect(late).toMatchObject({ ok: false, code: 'DEADLINE_EXCEEDED' })
    openGates()
    await hold
    await untilTrue(async () => (await server.status()).features.waiting === 0)
    expect(runs.map(({ params }) => params.text)).toEqual(['hold'])
  })

  test('a task whose client has gone is not started', async () => {
    const server = startServer()
    await addWorker({ threads: 1 })
    const hold = server.run(task('gate', { text: 'hold' }))
    await untilTrue(() => runs.length === 1)
    const gone = new AbortController()
    const leaving = task('slow', { ms: 1, text: 'left' })
    const left = server.run(leaving, { signal: gone.signal })
    await untilTrue(async () => (await server.status()).features.waiting === 1)
    gone.abort()
    expect(await left).toMatchObject({ ok: false, code: 'ABORTED' })
    const client = new Redis(redis.url)
    await untilTrue(async () => !(await hasWaiter(client, scope, taskId(leaving))))
    client.disconnect()
    // a job that has waited for less than 50 ms is started without asking who waits
    await delay(100)
    openGates()
    await hold
    await untilTrue(async () => (await server.status()).features.waiting === 0)
    expect(runs.map(({ params }) => params.text)).toEqual(['hold'])
  })

  test('a task under way is stopped when the last client has gone, and goes on while one waits', async () => {
    const [one, two] = [startServer(), startServer()]
    const worker = await addWorker({ watchMs: 200 })
    const gone = new AbortController()
    const shared = task('slow', { ms: 2_000, text: 'shared' })
    const leaving = one.run(shared, { signal: gone.signal })
    const staying = two.run(shared)
    const alone = one.run(task('slow', { ms: 60_000, text: 'alone' }), { signal: gone.signal })
    await untilTrue(() => worker.info().queues.features?.active === 2)
    gone.abort()
    await Promise.all([leaving, alone])
    expect(jsonOf(await staying)).toBe('shared')
    await untilTrue(() => worker.info().queues.features?.active === 0)
    expect(runs).toHaveLength(2)
  })

  test('who joins later may wait longer than who came first', async () => {
    const server = startServer()
    await addWorker()
    const first = server.run(task('gate', { text: 'x' }, { deadlineMs: Date.now() + 200 }))
    const second = server.run(task('gate', { text: 'x' }))
    expect(await first).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await untilTrue(() => runs.length === 1)
    openGates()
    expect(jsonOf(await second)).toBe('x')
    expect(runs).toHaveLength(1)
  })

  test('with too many waiting, the least critical are refused first', async () => {
    const server = startServer({ maxWaiting: 4 })
    await addWorker({ threads: 1 })
    await untilTrue(() => server.health().workers.features === 1)
    const slow = (text: string, criticality: Task['criticality']) =>
      server.run(task('slow', { ms: 20, text }, { criticality }))
    const normal = ['1', '2', '3'].map((text) => slow(text, 'normal'))
    const background = ['4', '5', '6'].map((text) => slow(text, 'background'))
    const critical = slow('7', 'critical')
    const codes = (await Promise.all([...normal, ...background, critical])).map((result) => result.ok || result.code)
    expect(codes).toEqual([true, true, true, 'OVERLOADED', 'OVERLOADED', 'OVERLOADED', true])
  })

  test('a version without a worker says so at once, and names the queue', async () => {
    const server = startServer()
    await addWorker({ queues: ['core'] })
    await addWorker({ scope: { ...scope, version: 'other' } })
    const answer = await server.run(task('slow', { ms: 1, text: 'x' }))
    expect(answer).toMatchObject({ ok: false, code: 'UNAVAILABLE', details: { retryAfterS: 5 } })
    expect(answer).toMatchObject({ message: expect.stringContaining(`${scope.version}.test.features`) })
    expect(jsonOf(await server.run(task('echo', { text: 'still' })))).toBe('still')
    await addWorker({ queues: ['features'] })
    expect(jsonOf(await server.run(task('slow', { ms: 1, text: 'late worker' })))).toBe('late worker')
  })

  test('those who wait for a queue whose last worker has gone for good are told so', async () => {
    // more than a heartbeat and a look at it
    const server = startServer({ abandonedMs: 3_000 })
    const leaving = await addWorker({ threads: 1 })
    const hold = server.run(task('slow', { ms: 200, text: 'hold' }, { deadlineMs: Date.now() + 60_000 }))
    const waiting = server.run(task('slow', { ms: 201, text: 'left' }, { deadlineMs: Date.now() + 60_000 }))
    await untilTrue(async () => (await server.status()).features.waiting === 1)
    await leaving.close(1_000)
    expect(jsonOf(await hold)).toBe('hold')
    expect(await waiting).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('features') })
  })

  test('without a broker a request is answered within its time', async () => {
    const server = startServer({ brokerUrl: 'redis://127.0.0.1:1' })
    expect(await server.run(task('echo', { text: 'x' }))).toMatchObject({ ok: false, code: 'UNAVAILABLE' })
    expect(await server.health()).toMatchObject({ broker: false, results: true })
    expect((await server.status()).core).toEqual({ waiting: 0, active: 0, workers: 0 })
  })

  test('a broker that does not answer is given up on', async () => {
    const server = startServer()
    await addWorker()
    await server.run(task('echo', { text: 'before' }))
    redis.freeze()
    try {
      // Long before its own deadline, which is minutes away.
      const frozen = task('echo', { text: 'frozen' }, { deadlineMs: Date.now() + 600_000 })
      expect(await server.run(frozen)).toMatchObject({ ok: false, code: 'UNAVAILABLE' })
    } finally {
      redis.thaw()
    }
    await untilTrue(async () => jsonOf(await server.run(task('echo', { text: 'after' }))) === 'after')
  })
})

test('status and health count what there is', async () => {
  const server = startServer()
  await addWorker({ queues: ['features'], threads: 1 })
  const all = Array.from({ length: 3 }, (_, i) => server.run(task('gate', { text: `${i}` })))
  await untilTrue(async () => {
    const { features } = await server.status()
    return features.active === 1 && features.waiting === 2
  })
  const status = await server.status()
  expect(status.features).toEqual({ waiting: 2, active: 1, workers: 1 })
  expect(status.core).toEqual({ waiting: 0, active: 0, workers: 0 })
  expect(await server.health()).toEqual({
    answeredAtMs: expect.any(Number),
    awaited: ['core', 'volumes', 'compounds'],
    broker: true,
    problems: [],
    queuesAway: [],
    results: true,
    workers: { core: 0, features: 1, volumes: 0, compounds: 0 },
  })
  await untilTrue(() => {
    openGates()
    return runs.length === 3
  })
  openGates()
  await Promise.all(all)
})

test('the version of the data is known when all workers hold the same, and told when it changes', async () => {
  const told: string[] = []
  const server = startServer({ onDataVersion: (version) => void told.push(version) })
  expect(server.dataVersion()).toBeUndefined()
  const old = await addWorker({ dataVersion: 'a' })
  await untilTrue(() => server.dataVersion() === 'a')
  await addWorker({ dataVersion: 'b' })
  await untilTrue(() => server.dataVersion() === undefined)
  await old.close(0)
  await untilTrue(() => server.dataVersion() === 'b')
  expect(told).toEqual(['a', 'b'])
})

test('two versions on one broker do not mix', async () => {
  const otherScope = { ...scope, version: `${scope.version}-next` }
  const [old, next] = [startServer(), startServer({ scope: otherScope })]
  await addWorker()
  await addWorker({ scope: otherScope })
  const answers = await Promise.all([old, next].map((server) => server.run(task('slow', { ms: 50, text: 'same' }))))
  expect(answers.map(jsonOf)).toEqual(['same', 'same'])
  expect(runs).toHaveLength(2)
})

test('a server that closes answers those who wait, and takes no more', async () => {
  const server = startServer()
  await addWorker()
  const inTime = server.run(task('gate', { text: 'in time' }))
  const tooLong = server.run(task('slow', { ms: 600_000, text: 'too long' }))
  await untilTrue(() => runs.length === 2)
  const closed = server.close(1_500)
  openGates()
  expect(await server.run(task('echo', { text: 'new' }))).toMatchObject({ code: 'OVERLOADED' })
  await closed
  expect(jsonOf(await inTime)).toBe('in time')
  expect(await tooLong).toMatchObject({ ok: false, code: 'OVERLOADED' })
})

test('a worker that closes finishes what it can and hands the rest to another', async () => {
  const server = startServer()
  const leaving = await addWorker({ threads: 2 })
  const finished = server.run(task('slow', { ms: 100, text: 'finished' }))
  await untilTrue(() => runs.length === 1)
  const answers = [finished, server.run(task('gate', { text: 'handed over' }))]
  await untilTrue(() => runs.length === 2)
  await addWorker()
  await leaving.close(1_500)
  await untilTrue(() => runs.length === 3)
  openGates()
  expect((await Promise.all(answers)).map(jsonOf)).toEqual(['finished', 'handed over'])
  expect(runs.map(({ params }) => params.text)).toEqual(['finished', 'handed over', 'handed over'])
})

describe('long tasks', () => {
  async function follow(server: QueueDispatcher, id: string) {
    const seen: LongTaskState[] = []
    for (;;) {
      const state = await server.inspect(id)
      if (!state) throw new Error('the task is not known')
      seen.push(state)
      if (state.status === 'SUCCESS' || state.status === 'FAILURE') return seen
      await delay(20)
    }
  }
  const idOf = (sent: Awaited<ReturnType<QueueDispatcher['submit']>>) => {
    if ('id' in sent) return sent.id
    throw new Error(sent.message)
  }

  test('tell their progress, and keep their result for any server', async () => {
    const [one, two] = [startServer(), startServer()]
    await addWorker()
    const id = idOf(await one.submit(task('slow', { ms: 1_500, text: 'done' })))
    const seen = await follow(two, id)
    const fractions = seen.map(({ fraction }) => fraction)
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(new Set(seen.map(({ doing }) => doing)).size).toBeGreaterThan(3)
    expect(seen.at(-1)).toMatchObject({ status: 'SUCCESS', fraction: 1 })
    expect(jsonOf(seen.at(-1)?.result as TaskResult)).toBe('done')
    expect(idOf(await two.submit(task('slow', { ms: 1_500, text: 'done' })))).toBe(id)
    expect(runs).toHaveLength(1)
  })

  test('that failed say why, and are tried again when asked for again', async () => {
    const server = startServer()
    await addWorker()
    const id = idOf(await server.submit(task('missing')))
    expect((await follow(server, id)).at(-1)).toMatchObject({ status: 'FAILURE', result: { code: 'NOT_FOUND' } })
    expect(idOf(await server.submit(task('missing')))).toBe(id)
    await follow(server, id)
    expect(runs).toHaveLength(2)
  })

  test('are not known under another id, and not taken without a worker', async () => {
    const server = startServer()
    expect(await server.submit(task('echo', { text: 'x' }))).toMatchObject({ code: 'UNAVAILABLE' })
    expect(await server.inspect('unheard of')).toBeUndefined()
  })
})
