import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createQueueDispatcher, type QueueDispatcher } from '../../../src/dispatch/queue/dispatcher.ts'
import { type QueueScope, taskId, taskKeyOf } from '../../../src/dispatch/queue/names.ts'
import { encodeResult } from '../../../src/dispatch/queue/result.ts'
import { announceWorker, readHeartbeats } from '../../../src/dispatch/queue/workers/heartbeats.ts'
import { createInlineDispatcher } from '../../../src/dispatch/scheduling/inline.ts'
import { QUEUE_NAMES, type Task, type TaskResult } from '../../../src/tasks/task.ts'
import { type RunningWorker, startWorker } from '../../../src/worker/worker.ts'
import { type RedisServer, startRedis } from '../../redis.ts'
import { untilTrue } from '../../until.ts'
import { createFakeHandlers } from '../fake-handlers.ts'

let redis: RedisServer
let client: Redis
let scope: QueueScope
let runs: string[]
let releases: (() => void)[]
let server: QueueDispatcher
/** Looks so often that no test waits long for it. */
const EAGER = { lookEveryMs: 200 }
const others: QueueDispatcher[] = []
const workers: RunningWorker[] = []

beforeAll(async () => {
  redis = await startRedis()
  client = new Redis(redis.url)
})
afterAll(async () => {
  client.disconnect()
  await redis.close()
})
beforeEach(() => {
  scope = { version: `0.0.${Math.floor(Math.random() * 1e9)}`, namespace: 'lost' }
  runs = []
  releases = []
  server = createQueueDispatcher({ ...EAGER, brokerUrl: redis.url, resultUrl: redis.url, scope })
})
afterEach(async () => {
  for (const release of releases) release()
  await Promise.all([server, ...others.splice(0)].map((dispatcher) => dispatcher.close(0)))
  await Promise.all(workers.splice(0).map((worker) => worker.close(0)))
})

/** A worker of one thread per queue; tasks `hold` end when they are released. */
async function addWorker(url = redis.url) {
  const handlers = createFakeHandlers((name, params) => void runs.push(`${name} ${params.text ?? ''}`.trim()))
  const echo = handlers.get('echo')
  if (echo === undefined) throw new Error('no echo')
  handlers.set('hold', {
    ...echo,
    name: 'hold',
    async run({ text }) {
      runs.push(`hold ${text}`)
      await new Promise<void>((resolve) => void releases.push(resolve))
      return { json: text }
    },
  })
  const worker = startWorker({
    brokerUrl: url,
    resultUrl: url,
    scope,
    threads: Object.fromEntries(QUEUE_NAMES.map((queue) => [queue, 1])),
    executor: createInlineDispatcher({
      handlers,
      core: () => Promise.reject(new Error('no core here')),
      sharedDir: '/nonexistent',
    }),
    sharedDir: '/nonexistent',
  })
  workers.push(worker)
  await untilTrue(() => worker.isReady())
  return worker
}

function task(name: string, text: string): Task {
  return { name, queue: 'core', params: { text }, criticality: 'normal', deadlineMs: Date.now() + 600_000 }
}
const textOf = (result: TaskResult) => (result.ok ? JSON.parse(Buffer.from(result.body).toString()) : result)

describe('FLUSHALL under way', () => {
  test('tasks that wait and tasks that run are answered, long before their deadline', async () => {
    await addWorker()
    const running = server.run(task('hold', 'running'))
    await untilTrue(() => runs.length === 1)
    const waiting = ['a', 'b', 'c'].map((text) => server.run(task('echo', text)))
    await untilTrue(async () => (await server.status()).core.waiting === 3)
    await client.flushall()
    // the job of the running task is gone; what its worker makes is taken all the same, or it is run once more
    await untilTrue(() => {
      for (const release of releases.splice(0)) release()
      return runs.length >= 4
    })
    expect((await Promise.all(waiting)).map(textOf)).toEqual(['a', 'b', 'c'])
    const release = setInterval(() => releases.splice(0).forEach((end) => void end()), 20)
    expect(textOf(await running)).toBe('running')
    clearInterval(release)
  })

  test('a server goes on counting on the workers that it knows until they have said anew that they live', async () => {
    await addWorker()
    expect(textOf(await server.run(task('echo', 'before')))).toBe('before')
    for (let i = 0; i < 3; i++) {
      await client.flushall()
      expect(textOf(await server.run(task('echo', `after ${i}`)))).toBe(`after ${i}`)
      expect(server.health().workers.core).toBe(1)
    }
  })

  test('a worker that has said good-bye is not counted on', async () => {
    const leaving = await addWorker()
    await server.run(task('echo', 'x'))
    await leaving.close(0)
    await untilTrue(() => server.health().workers.core === 0)
    expect(await server.run(task('echo', 'y'))).toMatchObject({ ok: false, code: 'UNAVAILABLE' })
  })

  test('a long task that the broker lost, and the result backend tells of, is sent again when somebody looks', async () => {
    await addWorker()
    // the only thread of the queue is taken, so that the long task waits
    const holding = server.run(task('hold', 'thread'))
    await untilTrue(() => runs.length === 1)
    const sent = await server.submit(task('echo', 'long'))
    if (!('id' in sent)) throw new Error(sent.message)
    const [state, ...keys] = [(await client.keys(`*task:${sent.id}*`))[0] ?? '', ...(await client.keys('bull:*'))]
    expect(state).toContain(sent.id)
    await client.del(...keys)
    const release = setInterval(() => releases.splice(0).forEach((end) => void end()), 20)
    await untilTrue(async () => (await server.inspect(sent.id))?.status === 'SUCCESS')
    expect(runs).toContain('echo long')
    await holding
    clearInterval(release)
  })
})

test('a job that somebody has removed is sent again', async () => {
  await addWorker()
  const holding = server.run(task('hold', 'thread'))
  await untilTrue(() => runs.length === 1)
  const waiting = server.run(task('echo', 'removed'))
  await untilTrue(async () => (await server.status()).core.waiting === 1)
  const queue = server.bullQueues().find(({ name }) => name.endsWith('.core}'))
  for (const job of (await queue?.getJobs(['wait', 'prioritized'])) ?? []) await job.remove()
  await untilTrue(async () => (await server.status()).core.waiting === 1)
  for (const release of releases) release()
  expect(textOf(await waiting)).toBe('removed')
  await holding
})

test('those who wait for a worker that was killed are told so within 10 s, and new ones at once after that', async () => {
  // a worker that lives as long as one heartbeat
  const worker = {
    id: 'killed',
    host: 'here',
    pid: 1,
    startedAtMs: Date.now(),
    queues: { core: { threads: 1, active: 0 } },
    rssBytes: 1,
  }
  // as it looks of itself
  const own = createQueueDispatcher({ brokerUrl: redis.url, resultUrl: redis.url, scope })
  others.push(own)
  const killedAtMs = Date.now()
  await announceWorker(client, scope, worker)
  await untilTrue(() => own.health().workers.core === 1)
  const answer = await own.run(task('echo', 'x'))
  expect(answer).toMatchObject({ ok: false, code: 'UNAVAILABLE', details: { queue: `${scope.version}.lost.core` } })
  // 10 s on a machine that does nothing else; with both cores busy a tick may come late
  expect(Date.now() - killedAtMs).toBeLessThan(18_000)
  await untilTrue(() => own.health().workers.core === 0)
  expect(await own.run(task('echo', 'y'))).toMatchObject({ ok: false, code: 'UNAVAILABLE' })
  expect(await readHeartbeats(client, scope)).toEqual([])
})

describe('a broker that takes no writes', () => {
  const ask = async (url: string, broken: Redis, breakIt: () => Promise<unknown>, mend: () => Promise<unknown>) => {
    const own = createQueueDispatcher({ ...EAGER, brokerUrl: url, resultUrl: url, scope })
    others.push(own)
    await addWorker(url)
    await untilTrue(async () => textOf(await own.run(task('echo', 'before'))) === 'before')
    await breakIt()
    await untilTrue(() => !own.health().broker)
    const said = { problems: own.health().problems, answer: await own.run(task('echo', 'meanwhile')) }
    await mend()
    await untilTrue(() => own.health().broker)
    await untilTrue(async () => textOf(await own.run(task('echo', 'after'))) === 'after')
    broken.disconnect()
    return said
  }

  test('because it is full: it says so, and does not say that it cannot be reached', async () => {
    const small = await startRedis()
    const admin = new Redis(small.url)
    const { problems, answer } = await ask(
      small.url,
      admin,
      () => admin.config('SET', 'maxmemory', '1'),
      () => admin.config('SET', 'maxmemory', '0'),
    )
    expect(problems).toEqual([
      'the broker takes no writes: Redis is full (maxmemory)',
      'the result backend takes no writes: Redis is full (maxmemory)',
    ])
    expect(answer).toMatchObject({ ok: false, code: 'UNAVAILABLE', details: { retryAfterS: 5 } })
    expect(answer).toMatchObject({ message: expect.stringContaining('full') })
    expect(answer).not.toMatchObject({ message: expect.stringContaining('reached') })
    await closeAll(small)
  })

  test('because it is full when a task has ended: its result is not kept, which is no defect of the task', async () => {
    const small = await startRedis()
    const admin = new Redis(small.url)
    const own = createQueueDispatcher({ ...EAGER, brokerUrl: small.url, resultUrl: small.url, scope })
    others.push(own)
    await addWorker(small.url)
    const asked = [own.run(task('hold', 'a')), own.run(task('echo', 'behind it'))]
    await untilTrue(() => runs.length === 1)
    await admin.config('SET', 'maxmemory', '1')
    for (const release of releases.splice(0)) release()
    for (const answer of await Promise.all(asked)) {
      expect(answer).toMatchObject({ ok: false, code: 'UNAVAILABLE', details: { retryAfterS: 5 } })
      expect(answer).toMatchObject({ message: expect.stringContaining('full') })
    }
    await admin.config('SET', 'maxmemory', '0')
    await untilTrue(async () => textOf(await own.run(task('echo', 'after'))) === 'after')
    admin.disconnect()
    await closeAll(small)
  })

  test('because it has become a replica', async () => {
    const small = await startRedis()
    const admin = new Redis(small.url)
    const { problems, answer } = await ask(
      small.url,
      admin,
      () => admin.replicaof('127.0.0.1', redis.port),
      () => admin.replicaof('NO', 'ONE'),
    )
    expect(problems[0]).toBe('the broker takes no writes: Redis is a read-only replica')
    expect(answer).toMatchObject({ ok: false, code: 'UNAVAILABLE', message: expect.stringContaining('replica') })
    await closeAll(small)
  })

  /** Before its Redis is: whatever talks to it would try for ever. */
  async function closeAll(small: RedisServer): Promise<void> {
    await Promise.all(others.splice(0).map((dispatcher) => dispatcher.close(0)))
    await Promise.all(workers.splice(0).map((worker) => worker.close(0)))
    await small.close()
  }
})

describe('what somebody else writes to the broker', () => {
  /** A result under the key of the task that runs, before its worker has stored its own. */
  async function withForged(forge: (id: string) => Buffer | Promise<Buffer>) {
    const problems: string[] = []
    const own = createQueueDispatcher({
      ...EAGER,
      brokerUrl: redis.url,
      resultUrl: redis.url,
      scope,
      onProblem: (message) => void problems.push(message),
    })
    others.push(own)
    await addWorker()
    const asked = own.run(task('hold', 'right'))
    await untilTrue(() => runs.length === 1)
    const id = taskId(task('hold', 'right'))
    await client.set(taskKeyOf(scope, id, 'result'), await forge(id), 'PX', 60_000)
    await untilTrue(() => problems.length > 0)
    const release = setInterval(() => releases.splice(0).forEach((end) => void end()), 20)
    const answer = await asked
    clearInterval(release)
    return { answer, problems, refused: own.refusals().filter(({ count }) => count > 0) }
  }
  const other = {
    ok: true,
    status: 200,
    contentType: 'text/html',
    headers: {},
    etag: '"x"',
    body: Buffer.from('no'),
  } as const

  test.each<[string, (id: string) => Buffer, RegExp]>([
    ['no result at all', () => Buffer.from('x'), /are no result/],
    ['a head that is longer than all', () => Buffer.from([255, 255, 255, 127, 1, 2]), /are no result/],
    ['the result of another task', () => encodeResult(other, taskId(task('hold', 'other'))), /another task/],
    ['a header that ends the head', (id) => encodeResult({ ...other, headers: { a: 'b\r\n\r\n' } }, id), /no result/],
    ['an impossible status', (id) => encodeResult({ ...other, status: 7 }, id), /no result/],
  ])('%s is not given to anybody; it is told, counted, and the task answers', async (_, forge, told) => {
    const { answer, problems, refused } = await withForged(forge)
    expect(textOf(answer)).toBe('right')
    expect(problems[0]).toMatch(told)
    const reason = String(told).includes('another') ? 'other_task' : 'unreadable'
    expect(refused).toEqual([expect.objectContaining({ what: 'result', reason })])
  })
})
