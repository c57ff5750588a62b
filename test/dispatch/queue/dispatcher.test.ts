import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { taskId } from '../../../src/dispatch/queue/names.ts'
import { hasWaiter } from '../../../src/dispatch/queue/waiters.ts'
import type { Task } from '../../../src/tasks/task.ts'
import { untilTrue } from '../../until.ts'
import { openGates } from '../fake-handlers.ts'
import { addWorker, jsonOf, redis, runs, scope, startServer, task } from './real-queue.ts'

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
