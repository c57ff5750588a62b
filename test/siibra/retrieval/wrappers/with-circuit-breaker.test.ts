import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { upstreamUnavailable } from '../../../../src/siibra/retrieval/upstream-errors.ts'
import {
  createCircuitBreaker,
  withCircuitBreaker,
} from '../../../../src/siibra/retrieval/wrappers/with-circuit-breaker.ts'

const URL_A = 'http://a.example/x'
const away = () => upstreamUnavailable(URL_A, 'reset', { retryable: true })

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

/** How long the host is left alone, as the refusal tells it. */
async function pauseOf(breaker: ReturnType<typeof createCircuitBreaker>): Promise<number> {
  const refused = await breaker.run(URL_A, async () => 'asked').catch((thrown) => thrown)
  return refused === 'asked' ? 0 : Number(refused.details.retryAfterMs)
}

it('a pause grows once per pause, however many requests fail when it begins', async () => {
  const breaker = createCircuitBreaker({ failures: 3, pauseMs: 1000 })
  const failures: ((cause: unknown) => void)[] = []
  const burst = Array.from({ length: 20 }, () =>
    breaker.run(URL_A, () => new Promise((_, reject) => failures.push(reject))).catch(() => {}),
  )
  for (const fail of failures) fail(away())
  await Promise.all(burst)
  expect(await pauseOf(breaker)).toBe(1000)

  vi.setSystemTime(Date.now() + 1000)
  await breaker.run(URL_A, () => Promise.reject(away())).catch(() => {})
  expect(await pauseOf(breaker)).toBe(2000)

  vi.setSystemTime(Date.now() + 2000)
  expect(await breaker.run(URL_A, async () => 'there again')).toBe('there again')
  expect(await pauseOf(breaker)).toBe(0)
})

it('one request tries whether the host is there again, the others wait for it', async () => {
  const breaker = createCircuitBreaker({ failures: 1, pauseMs: 1000 })
  await breaker.run(URL_A, () => Promise.reject(away())).catch(() => {})
  vi.setSystemTime(Date.now() + 1000)
  let answer = (_: string) => {}
  const trial = breaker.run(URL_A, () => new Promise<string>((resolve) => (answer = resolve)))
  expect(await pauseOf(breaker)).toBe(1000)
  answer('there')
  await trial
  expect(await pauseOf(breaker)).toBe(0)
})

it('pauses are doubled up to a minute, and begin anew once the host was there', async () => {
  const breaker = createCircuitBreaker({ failures: 2 })
  const fail = () => breaker.run(URL_A, () => Promise.reject(away())).catch(() => {})
  await fail()
  // it was there in between
  expect(await pauseOf(breaker)).toBe(0)
  await fail()
  await fail()
  const pauses: number[] = []
  for (let i = 0; i < 6; i++) {
    const pauseMs = await pauseOf(breaker)
    pauses.push(pauseMs)
    vi.setSystemTime(Date.now() + pauseMs - 1)
    expect(await pauseOf(breaker)).toBe(1)
    vi.setSystemTime(Date.now() + 1)
    await fail()
  }
  expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000])
})

it('failures that say that the host is there end a row of others; those of a defect say nothing', async () => {
  const breaker = createCircuitBreaker({ failures: 2 })
  const fail = (error: Error) => breaker.run(URL_A, () => Promise.reject(error)).catch(() => {})
  await fail(away())
  await fail(upstreamUnavailable(URL_A, 'forbidden', { retryable: false }))
  await fail(away())
  await fail(new Error('a defect'))
  let isAsked = false
  await breaker
    .run(URL_A, async () => {
      isAsked = true
      throw away()
    })
    .catch(() => {})
  expect([isAsked, await pauseOf(breaker)]).toEqual([true, 5_000])
})

it('what was under way when a pause began changes nothing, and a trial that says nothing is followed by another', async () => {
  const breaker = createCircuitBreaker({ failures: 1, pauseMs: 1_000 })
  const fails: (() => void)[] = []
  const begin = () =>
    breaker.run(URL_A, () => new Promise((_, reject) => fails.push(() => reject(away())))).catch(() => {})
  const running = [begin(), begin()]
  fails[0]?.()
  await running[0]
  vi.setSystemTime(Date.now() + 500)
  fails[1]?.()
  await running[1]
  expect(await pauseOf(breaker)).toBe(500)
  vi.setSystemTime(Date.now() + 500)
  void begin()
  expect([fails.length, await pauseOf(breaker)]).toEqual([3, 1_000])
  vi.setSystemTime(Date.now() + 999)
  expect(await pauseOf(breaker)).toBe(1)
  vi.setSystemTime(Date.now() + 1)
  void begin()
  expect(fails.length).toBe(4)
})

it('ranges and sizes are guarded, too, where there are such', async () => {
  const breaker = createCircuitBreaker({ failures: 1 })
  const gone = () => Promise.reject(away())
  const store = withCircuitBreaker({ get: gone, getRange: gone, stat: gone }, breaker)
  await expect(store.getRange?.(URL_A, { suffixLength: 1 })).rejects.toThrow('reset')
  for (const read of [store.get(URL_A), store.stat?.(URL_A), store.getRange?.(URL_A, { suffixLength: 1 })])
    await expect(read).rejects.toThrow('has been away (reset) and is asked again in 5 s')
  const plain = withCircuitBreaker({ get: gone }, breaker)
  expect([plain.getRange, plain.stat]).toEqual([undefined, undefined])
})
