/** A broker that loses what it was given, or takes nothing any more, while servers and workers go on. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createQueueDispatcher, type QueueDispatcher } from '../../../src/dispatch/queue/dispatcher.ts'
import { readStoredFile, storedFileBytes, storeFile } from '../../../src/dispatch/queue/long-tasks/files.ts'
import { loadSentJob, loadState, storeSentTask, storeState } from '../../../src/dispatch/queue/long-tasks/states.ts'
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
  server = createQueueDispatcher({ brokerUrl: redis.url, resultUrl: redis.url, scope })
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

test('what is kept of a long task is there as a whole or not at all, so that none waits for ever unsent', async () => {
  const id = taskId(task('echo', 'kept'))
  const job = { task: task('echo', 'kept'), isLong: true as const }
  const before = Number(/cmdstat_hset:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0)
  await storeSentTask(client, scope, id, job)
  const after = Number(/cmdstat_hset:calls=(\d+)/.exec(await client.info('commandstats'))?.[1])
  expect(after - before).toBe(1)
  expect(await loadState(client, scope, id)).toEqual({ status: 'PENDING', fraction: 0, doing: 'waiting for a worker' })
  expect(await loadSentJob(client, scope, id)).toEqual(JSON.parse(JSON.stringify(job)))
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
  const killedAtMs = Date.now()
  await announceWorker(client, scope, worker)
  await untilTrue(() => server.health().workers.core === 1)
  const answer = await server.run(task('echo', 'x'))
  expect(answer).toMatchObject({ ok: false, code: 'UNAVAILABLE', details: { queue: `${scope.version}.lost.core` } })
  // 10 s on a machine that does nothing else; with both cores busy a tick may come late
  expect(Date.now() - killedAtMs).toBeLessThan(18_000)
  await untilTrue(() => server.health().workers.core === 0)
  expect(await server.run(task('echo', 'y'))).toMatchObject({ ok: false, code: 'UNAVAILABLE' })
  expect(await readHeartbeats(client, scope)).toEqual([])
})

describe('a broker that takes no writes', () => {
  const ask = async (url: string, broken: Redis, breakIt: () => Promise<unknown>, mend: () => Promise<unknown>) => {
    const own = createQueueDispatcher({ brokerUrl: url, resultUrl: url, scope })
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
    const own = createQueueDispatcher({ brokerUrl: small.url, resultUrl: small.url, scope })
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

test('a broker that drops keys when it is full is warned of at the start, by servers and workers', async () => {
  const evicting = await startRedis()
  const admin = new Redis(evicting.url)
  await admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const urls = { brokerUrl: evicting.url, resultUrl: evicting.url, scope }
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

describe('files in the result backend', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'siibra-api-files-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const store = async (id: string, bytes: number, bounds: { maxBytes: number; maxFiles: number }) => {
    const path = join(folder, id)
    await writeFile(path, Buffer.alloc(bytes, id))
    await storeState(client, scope, id, { status: 'SUCCESS', fraction: 1, doing: '' })
    await storeFile(client, scope, id, path, bounds)
  }
  const present = async (...ids: string[]) => {
    const sizes = await Promise.all(ids.map((id) => storedFileBytes(client, scope, id)))
    return ids.filter((_, i) => sizes[i] !== undefined)
  }
  const pieces = async () => (await client.keys(`*${scope.version}*:file:*:*`)).length

  test('are bounded in bytes: the oldest go, with what is known of their tasks, and nothing of them is left', async () => {
    const bounds = { maxBytes: 5_000_000, maxFiles: 100 }
    await store('a', 2_500_000, bounds)
    await store('b', 2_000_000, bounds)
    await store('c', 1_500_000, bounds)
    expect(await present('a', 'b', 'c')).toEqual(['b', 'c'])
    expect(await loadState(client, scope, 'a')).toBeUndefined()
    expect(await loadState(client, scope, 'b')).toMatchObject({ status: 'SUCCESS' })
    expect(await pieces()).toBe(4)
    const read: Buffer[] = []
    for await (const part of readStoredFile(client, scope, 'c', 0, 1_499_999)) read.push(part)
    expect(Buffer.concat(read).equals(Buffer.alloc(1_500_000, 'c'))).toBe(true)
  })

  test('are bounded in number', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await store(id, 10, { maxBytes: 1_000, maxFiles: 2 })
    expect(await present('a', 'b', 'c', 'd')).toEqual(['c', 'd'])
    expect(await pieces()).toBe(2)
  })

  test('one that is larger than all may be is refused, and drives out no other', async () => {
    const bounds = { maxBytes: 1_000, maxFiles: 10 }
    await store('a', 500, bounds)
    await expect(store('b', 1_001, bounds)).rejects.toMatchObject({ code: 'OVERLOADED' })
    expect(await present('a', 'b')).toEqual(['a'])
    expect(await pieces()).toBe(1)
  })

  test('the same stored again counts once', async () => {
    const bounds = { maxBytes: 1_000, maxFiles: 2 }
    await store('a', 400, bounds)
    await store('b', 400, bounds)
    await store('b', 400, bounds)
    expect(await present('a', 'b')).toEqual(['a', 'b'])
  })
})
