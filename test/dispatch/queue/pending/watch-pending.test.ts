import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createEndedJobs } from '../../../../src/dispatch/queue/pending/ended-jobs.ts'
import { findUnknownJobs } from '../../../../src/dispatch/queue/pending/find-jobs.ts'
import { type PendingWatch, watchPending } from '../../../../src/dispatch/queue/pending/watch-pending.ts'
import { storeResult } from '../../../../src/dispatch/queue/result.ts'
import { queueUnavailable } from '../../../../src/tasks/failures.ts'
import { anAnswer } from '../../an-answer.ts'
import { FakeRedis } from '../../fake-redis.ts'
import { aTask, createParts, scope } from './parts.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

const health = (broker = true) =>
  ({ broker, results: true, problems: [], workers: {}, awaited: [] }) as unknown as ReturnType<
    PendingWatch['probe']['health']
  >

function createWatched(more: Partial<PendingWatch> = {}) {
  const parts = createParts()
  const state = {
    awayForMs: undefined as number | undefined,
    refusingForMs: 0,
    isUp: true,
    hears: true,
    heardMs: new Map<string, number>(),
    pulses: 0,
    stayed: 0,
  }
  const { fates, pendings, sending } = parts
  const ended = createEndedJobs({
    ...fates,
    isReplaced: false,
    pendings,
    refusals: { note() {} },
    sendAgain: sending.sendAgain,
  })
  const stop = watchPending({
    ...fates,
    pendings,
    roster: { lastHeardMs: (queue) => state.heardMs.get(queue), hears: () => state.hears },
    probe: {
      pulse: async () => void state.pulses++,
      refusingForMs: () => state.refusingForMs,
      unavailable: () => queueUnavailable(),
      health: () => health(state.isUp),
    },
    downAfterMs: 3_000,
    awayForMs: () => state.awayForMs,
    collect: ended.collect,
    sendAgain: sending.sendAgain,
    stayWaiting: async () => void state.stayed++,
    ...more,
  })
  const add = async (id = 'core-1', task = aTask()) => {
    const pending = pendings.add(id, task)
    await sending.send(pending)
    return pending
  }
  return { ...parts, state, stop, add }
}
const tick = (times = 1) => vi.advanceTimersByTimeAsync(times * 1_000)

describe('a broker that is of no use', () => {
  test.each(['awayForMs', 'refusingForMs'] as const)(
    '%s: who waits is told so after more than the time',
    async (which) => {
      const { state, add, settled, stop } = createWatched()
      await add()
      state[which] = 3_000
      await tick()
      expect(settled).toEqual([])
      state[which] = 3_001
      await tick()
      expect([settled, state.pulses]).toEqual([[['core-1', 'UNAVAILABLE']], 2])
      stop()
      await tick(5)
      expect(state.pulses).toBe(2)
    },
  )
})

describe('workers that are gone', () => {
  test('who waits for their queue is told so after 8 s, others are not', async () => {
    const { state, add, settled, messages, pendings } = createWatched()
    await add('core-1')
    await add('volumes-1', aTask({ queue: 'volumes' }))
    pendings.add('core-unsent', aTask())
    state.heardMs.set('core', Date.now() - 6_999)
    await tick()
    expect(settled).toEqual([])
    state.heardMs.set('core', Date.now() - 7_000)
    await tick()
    expect(settled).toEqual([['core-1', 'UNAVAILABLE']])
    expect(messages).toEqual([expect.stringContaining('1.2.3.test.core')])
  })

  test.each([
    ['away', { awayForMs: 100 }],
    ['not writable', { isUp: false }],
    ['not heard of lately', { hears: false }],
  ])('nothing follows from their silence while the broker is %s', async (_, more) => {
    const { state, add, settled } = createWatched()
    await add()
    Object.assign(state, more)
    state.heardMs.set('core', Date.now() - 60_000)
    await tick(2)
    expect(settled).toEqual([])
  })
})

describe('what no event told of', () => {
  test('a result is collected, once its task is older than a second', async () => {
    const { add, settled, results, broker } = createWatched()
    await add()
    await vi.advanceTimersByTimeAsync(1)
    await storeResult(results.redis, scope, 'core-1', anAnswer('right'))
    const asked = () => broker.asked.filter((command) => command === 'exists').length
    await vi.advanceTimersByTimeAsync(999)
    expect([settled, asked()]).toEqual([[], 0])
    await tick()
    expect(settled).toEqual([['core-1', 'right']])
  })

  test('a job that the broker does not know twice in a row is sent again; its worker is told that somebody waits', async () => {
    const { add, sent, state, broker, keyOf } = createWatched()
    const pending = await add()
    await broker.unlink(keyOf(pending))
    await tick(2)
    expect([sent.length, pending.missed, state.stayed]).toEqual([1, 1, 1])
    // it was seen again
    await broker.set(keyOf(pending), 'runs')
    await tick()
    expect([pending.missed, state.stayed]).toEqual([0, 1])
    await broker.unlink(keyOf(pending))
    await tick(2)
    expect([sent.length, pending.sends, pending.missed, state.stayed]).toEqual([2, 2, 0, 2])
  })

  test('of a job that is sent while the broker is asked for it nothing is believed', async () => {
    const { add, broker, keyOf, sending, sent } = createWatched()
    const pending = await add()
    await broker.unlink(keyOf(pending))
    pending.missed = 1
    broker.before = async (command) => {
      if (command !== 'exists') return
      broker.before = () => {}
      // the answer is on its way
      queueMicrotask(() => void sending.sendAgain(pending, 'lost'))
    }
    await tick(2)
    expect([sent.length, pending.sends, pending.missed]).toEqual([2, 2, 0])
  })

  test('a broker that answers slowly is asked one thing at a time; who waits is told of it for all that', async () => {
    const { add, broker, keyOf, state, settled, sent } = createWatched()
    const pending = await add()
    await broker.unlink(keyOf(pending))
    let answer = () => {}
    broker.before = (command) => (command === 'exists' ? new Promise((resolve) => (answer = resolve)) : undefined)
    const asked = () => broker.asked.filter((command) => command === 'exists').length
    await tick(5)
    expect([asked(), pending.missed, state.pulses]).toEqual([1, 0, 5])
    broker.before = () => {}
    answer()
    await vi.advanceTimersByTimeAsync(0)
    expect([pending.missed, sent.length]).toEqual([1, 1])
    await tick()
    expect([asked() > 1, sent.length]).toEqual([true, 2])
    state.awayForMs = 4_000
    await tick()
    expect(settled).toEqual([['core-1', 'UNAVAILABLE']])
  })

  test('a question that fails is asked again', async () => {
    const { add, settled, results, broker } = createWatched()
    await add()
    await vi.advanceTimersByTimeAsync(1)
    await storeResult(results.redis, scope, 'core-1', anAnswer('right'))
    broker.before = () => Promise.reject(new Error('away'))
    await tick(2)
    broker.before = () => {}
    await tick()
    expect(settled).toEqual([['core-1', 'right']])
  })

  test('what was settled meanwhile is left', async () => {
    const { add, broker, keyOf, pendings, sent, state } = createWatched()
    const pending = await add()
    await broker.unlink(keyOf(pending))
    broker.before = (command) =>
      command === 'exists' ? void pendings.settle(pending, anAnswer('otherwise')) : undefined
    await tick(3)
    expect([sent.length, state.stayed, pending.missed]).toEqual([1, 0, 0])
  })
})

test('jobs are asked for in one question a hash tag, and one by one only where one is unknown', async () => {
  const redis = new FakeRedis()
  for (const key of ['{a}:1', '{a}:2', '{b}:1']) await redis.set(key, 'x')
  redis.asked.length = 0
  expect(await findUnknownJobs(redis.redis, ['{a}:1', '{b}:1', '{a}:2'])).toEqual(new Set())
  expect(redis.asked).toEqual(['exists', 'exists'])
  expect(await findUnknownJobs(redis.redis, ['{a}:1', '{b}:2', '{a}:2', '{b}:1'])).toEqual(new Set(['{b}:2']))
  expect(redis.asked.length).toBe(2 + 2 + 2)
})
