import { EventEmitter } from 'node:events'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { connectQueue, watchPresence } from '../../../src/dispatch/queue/connections.ts'

vi.mock('node:timers/promises', () => import('../timed-delay.ts'))

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A connection of which only its state is looked at. */
class FakeConnection extends EventEmitter {
  status = 'connecting'
  become(status: string): void {
    this.status = status
    this.emit(status === 'ready' ? 'ready' : 'close')
  }
}

function watch(isReplaced: boolean) {
  const [broker, results] = [new FakeConnection(), new FakeConnection()]
  const redisOf = (connection: FakeConnection) => connection as unknown as Redis
  const presence = watchPresence({ broker: redisOf(broker), results: redisOf(results), isReplaced })
  /** After how long somebody who asks now is answered, and what; looked for every 10 ms. */
  const ask = async (mostMs: number) => {
    let answer: boolean | undefined
    void presence.areThere().then((areThere) => {
      answer = areThere
    })
    for (let ms = 0; ms <= mostMs; ms += 10) {
      await vi.advanceTimersByTimeAsync(ms === 0 ? 0 : 10)
      if (answer !== undefined) return [answer, ms]
    }
    return [answer, mostMs]
  }
  return { broker, results, presence, ask }
}

test('ends that are there are there at once; those that come within a moment are waited for', async () => {
  const { broker, results, presence, ask } = watch(false)
  broker.become('ready')
  await vi.advanceTimersByTimeAsync(500)
  const asked = presence.areThere()
  results.become('ready')
  await vi.advanceTimersByTimeAsync(10)
  expect(await asked).toBe(true)
  expect(await ask(0)).toEqual([true, 0])
})

test.each([
  [false, 1_000],
  [true, 10_000],
])(
  'one that has gone (another takes over: %s) is waited for %s ms from then on, by all who ask',
  async (isReplaced, ms) => {
    const { broker, results, ask } = watch(isReplaced)
    for (const end of [broker, results]) end.become('ready')
    await vi.advanceTimersByTimeAsync(60_000)
    broker.become('end')
    await vi.advanceTimersByTimeAsync(300)
    // it goes on trying
    broker.become('end')
    expect(await ask(20_000)).toEqual([false, ms - 300])
    expect(await ask(20_000)).toEqual([false, 0])
  },
)

test('how long the broker has been away is known, that of the results does not matter', async () => {
  const { broker, results, presence } = watch(false)
  await vi.advanceTimersByTimeAsync(70)
  expect(presence.brokerAwayForMs()).toBe(70)
  broker.become('ready')
  results.become('end')
  expect(presence.brokerAwayForMs()).toBeUndefined()
  await vi.advanceTimersByTimeAsync(100)
  broker.become('end')
  await vi.advanceTimersByTimeAsync(30)
  broker.become('end')
  expect(presence.brokerAwayForMs()).toBe(30)
})

test('one connection sends, one reads, one is the model of those that listen', async () => {
  vi.useRealTimers()
  // nobody is at this port
  const connections = connectQueue({ brokerUrl: 'redis://127.0.0.1:1', resultUrl: 'redis://127.0.0.1:1' })
  const { broker, results, listening, isReplaced } = connections
  expect(isReplaced).toBe(false)
  expect([broker, results, listening].map(({ options }) => [options.connectionName, options.commandTimeout])).toEqual([
    ['siibra-api server', 2_000],
    ['siibra-api results', 2_000],
    ['siibra-api events', undefined],
  ])
  expect(listening.status).toBe('wait')
  await connections.close()
  await vi.waitUntil(() => [broker, results].every(({ status }) => status === 'end'))
  const sentinels = connectQueue({
    brokerUrl: 'redis://127.0.0.1:1',
    resultUrl: 'redis+sentinel://127.0.0.1:1/main',
  })
  expect(sentinels.isReplaced).toBe(true)
  await sentinels.close()
})
