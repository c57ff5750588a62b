import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createQueueProbe, type QueueProbeParts } from '../../../../src/dispatch/queue/workers/probe.ts'
import type { QueueName } from '../../../../src/tasks/task.ts'
import { FakeRedis } from '../../fake-redis.ts'
import { scope } from '../pending/parts.ts'

vi.mock('node:timers/promises', () => import('../../timed-delay.ts'))

const NOW_MS = 1_700_000_000_000
beforeEach(() => void vi.useFakeTimers({ now: NOW_MS }))
afterEach(() => void vi.useRealTimers())

type Counts = Record<string, number>

function create(more: Partial<QueueProbeParts> = {}) {
  const [broker, results] = [new FakeRedis(), new FakeRedis()]
  const workers = [{ queues: { core: {} } }, { queues: { core: {}, volumes: {} } }, { queues: {} }]
  const state = { counts: async (_lane: string): Promise<Counts> => ({ wait: 1, prioritized: 2, active: 4 }) }
  const asked: string[][] = []
  const probe = createQueueProbe({
    broker: broker.redis,
    results: results.redis,
    isReplaced: false,
    scope,
    queues: ['core', 'volumes'],
    server: 'this server',
    // only these two are asked
    roster: {
      workers: () => workers,
      everServed: new Set<QueueName>(['core']),
    } as unknown as QueueProbeParts['roster'],
    queuesOf: (name) =>
      (name === 'volumes' ? ['volumes', 'volumes heavy'] : [name]).map((lane) => ({
        getJobCounts: (...kinds: string[]) => {
          asked.push(kinds)
          return state.counts(lane)
        },
      })),
    ...more,
  })
  const failWith = (redis: FakeRedis, message: string) => {
    redis.before = () => {
      throw new Error(message)
    }
  }
  const mend = (redis: FakeRedis) => {
    redis.before = () => {}
  }
  return { broker, results, probe, state, asked, failWith, mend }
}

describe('health', () => {
  test('is none before anybody has answered; then it says what is there', async () => {
    const { probe } = create()
    expect(probe.health()).toEqual({
      broker: false,
      results: false,
      problems: ['the broker cannot be reached', 'the result backend cannot be reached'],
      answeredAtMs: undefined,
      awaited: ['volumes'],
      queuesAway: ['core', 'volumes'],
      workers: { core: 2, features: 0, volumes: 1, compounds: 0 },
    })
    await probe.pulse()
    expect(probe.health()).toMatchObject({
      broker: true,
      results: true,
      problems: [],
      answeredAtMs: NOW_MS,
      queuesAway: [],
    })
  })

  test('is looked at when a connection comes or goes', async () => {
    const { probe, broker, results } = create()
    broker.emit('ready')
    await vi.advanceTimersByTimeAsync(0)
    expect(probe.health()).toMatchObject({ broker: true, results: true })
    results.status = 'end'
    results.emit('close')
    vi.setSystemTime(NOW_MS + 5)
    await vi.advanceTimersByTimeAsync(0)
    expect(probe.health()).toMatchObject({
      broker: true,
      results: false,
      problems: ['the result backend cannot be reached'],
      queuesAway: ['core', 'volumes'],
    })
    broker.status = 'end'
    vi.setSystemTime(NOW_MS + 70)
    await probe.pulse()
    expect(probe.health()).toMatchObject({ broker: false, answeredAtMs: NOW_MS + 5 })
  })

  test('says what takes no writes, and since when', async () => {
    const { probe, broker, results, failWith, mend } = create()
    await probe.pulse()
    expect([probe.refusingForMs(), probe.unavailable().message]).toEqual([
      0,
      'The queue cannot be reached at the moment',
    ])
    failWith(results, 'OOM command not allowed')
    await probe.pulse()
    vi.setSystemTime(NOW_MS + 100)
    failWith(broker, "READONLY You can't write")
    await probe.pulse()
    vi.setSystemTime(NOW_MS + 150)
    expect([probe.refusingForMs(), probe.health().answeredAtMs]).toEqual([150, NOW_MS + 100])
    expect(probe.unavailable().message).toBe(
      'The queue cannot be used at the moment: the broker takes no writes: Redis is a read-only replica; ' +
        'the result backend takes no writes: Redis is full (maxmemory)',
    )
    mend(broker)
    mend(results)
    await probe.pulse()
    expect(probe.refusingForMs()).toBe(0)
  })
})

test('a command that was refused says why by itself; one that met nobody does not', async () => {
  const { probe } = create()
  expect(probe.unavailable(new Error('NOREPLICAS Not enough'))).toMatchObject({
    code: 'UNAVAILABLE',
    message: 'The queue cannot be used at the moment: it takes no writes: Redis refuses them',
  })
  expect(probe.unavailable(new Error('Connection is closed.')).message).toBe(
    'The queue cannot be reached at the moment',
  )
  expect(
    ['OOM x', 'READONLY x', 'MISCONF x', 'Connection is closed.'].map((text) => probe.isRefusal(new Error(text))),
  ).toEqual([true, true, true, false])
})

test('what passes when another server takes over is no refusal where one can', () => {
  const { probe } = create({ isReplaced: true })
  const errors = ['READONLY x', 'CLUSTERDOWN The cluster is down', 'NOREPLICAS x', 'OOM x', 'MISCONF x', 'NOPERM x']
  expect(errors.map((text) => probe.isRefusal(new Error(text)))).toEqual([false, false, false, true, true, true])
})

describe('the status of queues', () => {
  const NOTHING = { waiting: 0, active: 0, workers: 0 }

  test('counts what waits in all their lanes, what is active, and their workers', async () => {
    const { probe, asked, broker } = create()
    await probe.pulse()
    expect(await probe.status()).toEqual({
      core: { waiting: 3, active: 4, workers: 2 },
      features: NOTHING,
      volumes: { waiting: 6, active: 8, workers: 1 },
      compounds: NOTHING,
    })
    expect(asked).toEqual(Array(3).fill(['wait', 'prioritized', 'active']))
    broker.status = 'end'
    await probe.pulse()
    // as it was
    expect((await probe.status()).core).toEqual({ waiting: 3, active: 4, workers: 2 })
  })

  test('is nothing as long as nobody has told; what is not told counts as none', async () => {
    const { probe, state } = create()
    expect((await probe.status()).core).toEqual({ ...NOTHING, workers: 2 })
    await probe.pulse()
    state.counts = async () => ({})
    expect((await probe.status()).volumes).toEqual({ ...NOTHING, workers: 1 })
  })

  test('is the last one where the broker fails, or takes more than 300 ms', async () => {
    const { probe, state } = create()
    await probe.pulse()
    await probe.status()
    state.counts = () => Promise.reject(new Error('away'))
    expect((await probe.status()).core.waiting).toBe(3)
    const answerAfter = (ms: number, wait: number) => {
      state.counts = () => new Promise((resolve) => void setTimeout(() => resolve({ wait }), ms))
    }
    for (const [ms, waiting] of [
      [301, 3],
      [299, 7],
    ] as const) {
      answerAfter(ms, 7)
      const status = probe.status()
      await vi.advanceTimersByTimeAsync(301)
      expect((await status).core.waiting).toBe(waiting)
    }
  })
})

describe('the start', () => {
  test('waits until both ends answer', async () => {
    const { probe, broker, results, failWith, mend } = create()
    failWith(broker, 'away')
    failWith(results, 'away')
    let isThere: boolean | undefined
    void probe.waitUntilConnected(1_000).then((areThere) => {
      isThere = areThere
    })
    await vi.advanceTimersByTimeAsync(500)
    mend(broker)
    await vi.advanceTimersByTimeAsync(400)
    expect(isThere).toBeUndefined()
    mend(results)
    await vi.advanceTimersByTimeAsync(10)
    expect(isThere).toBe(true)
  })

  test('asks once at least, and does not wait for longer than it may', async () => {
    const { probe, broker } = create()
    expect(await probe.waitUntilConnected(0)).toBe(true)
    broker.status = 'end'
    expect(await probe.waitUntilConnected(0)).toBe(false)
    const late = probe.waitUntilConnected(100)
    await vi.advanceTimersByTimeAsync(100)
    expect(await Promise.race([late, Promise.resolve('waits')])).toBe(false)
  })
})
