import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { upstreamUnavailable } from '../../../../src/siibra/retrieval/upstream-errors.ts'
import { createCircuitBreaker } from '../../../../src/siibra/retrieval/wrappers/with-circuit-breaker.ts'

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
