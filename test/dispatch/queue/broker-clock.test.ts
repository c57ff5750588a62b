import type { Redis } from 'ioredis'
import { afterEach, expect, test, vi } from 'vitest'
import { brokerNowMs, byBrokerClock } from '../../../src/dispatch/queue/broker-clock.ts'

afterEach(() => void vi.useRealTimers())

/** A broker whose clock is so far ahead of this machine's; how often it was asked. */
function brokerAhead(aheadMs: number, status = 'ready') {
  const broker = {
    status,
    asked: 0,
    async time() {
      broker.asked++
      const nowMs = performance.timeOrigin + performance.now() + aheadMs
      return [String(Math.floor(nowMs / 1000)), String(Math.round((nowMs % 1000) * 1000))]
    },
  }
  return broker as typeof broker & Redis
}

test('time is that of the broker, also after the clock of this machine was set', async () => {
  vi.useFakeTimers({ now: Date.now() })
  const trueMs = performance.timeOrigin + performance.now()
  const broker = brokerAhead(3_600_000)
  expect(Math.abs(brokerNowMs(broker) - Date.now())).toBeLessThan(5)
  await vi.advanceTimersByTimeAsync(1)
  expect(Math.abs(brokerNowMs(broker) - trueMs - 3_600_000)).toBeLessThan(50)
  vi.setSystemTime(Date.now() - 7_200_000)
  expect(Math.abs(brokerNowMs(broker) - trueMs - 3_600_000)).toBeLessThan(50)
  // what is left until a time of this machine stays what it is
  expect(Math.abs(byBrokerClock(broker, Date.now() + 500) - trueMs - 3_600_500)).toBeLessThan(50)
})

test('the broker is asked every ten seconds at most, and not while it is away', async () => {
  vi.useFakeTimers()
  const broker = brokerAhead(0)
  for (let i = 0; i < 5; i++) brokerNowMs(broker)
  expect(broker.asked).toBe(1)
  await vi.advanceTimersByTimeAsync(10_001)
  brokerNowMs(broker)
  brokerNowMs(broker)
  expect(broker.asked).toBe(2)
  const away = brokerAhead(0, 'connecting')
  expect(brokerNowMs(away)).toBe(Date.now())
  expect(away.asked).toBe(0)
})

test('a broker that does not tell its time is no fault', async () => {
  const broker = brokerAhead(0)
  broker.time = async () => Promise.reject(new Error('no'))
  expect(brokerNowMs(broker)).toBeLessThanOrEqual(Date.now())
  await Promise.resolve()
  expect(Math.abs(brokerNowMs(broker) - Date.now())).toBeLessThan(5)
})

test('what the broker tells counts from the middle between the question and its answer', async () => {
  vi.useFakeTimers({ now: 7_000 })
  vi.advanceTimersByTime(1_000)
  let tell = (_: [string, string]) => {}
  let asked = 0
  const broker = {
    status: 'ready',
    time() {
      asked++
      return new Promise<[string, string]>((resolve) => {
        tell = resolve
      })
    },
  } as unknown as Redis
  expect(brokerNowMs(broker)).toBe(8_000)
  vi.advanceTimersByTime(40)
  tell(['5000', '250000'])
  await vi.advanceTimersByTimeAsync(0)
  expect(brokerNowMs(broker)).toBe(5_000_270)
  vi.advanceTimersByTime(9_960)
  expect([brokerNowMs(broker), asked]).toEqual([5_010_230, 1])
  vi.advanceTimersByTime(1)
  brokerNowMs(broker)
  expect([asked, byBrokerClock(broker, Date.now() - 31)]).toEqual([2, 5_010_200])
})
