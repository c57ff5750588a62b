import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withTimeout } from '../../../../src/siibra/retrieval/wrappers/with-timeout.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const unavailable = expect.objectContaining({ code: 'UPSTREAM_UNAVAILABLE' })
const options = { timeoutMs: 3000, timeoutAfterFailuresMs: 100, failuresInRow: 2 }

/** When a read that never ends is given up, ms. */
async function givenUpAfterMs(read: (key: string) => Promise<unknown>): Promise<number> {
  const startedMs = Date.now()
  const giveUp = expect(read('x')).rejects.toEqual(unavailable)
  await vi.runAllTimersAsync()
  await giveUp
  return Date.now() - startedMs
}

test('passes on what comes in time, and failures as they are', async () => {
  const read = withTimeout(async (key: string) => {
    if (key === 'bad') throw new Error('bad')
    return key
  }, options)
  expect(await read('good')).toBe('good')
  await expect(read('bad')).rejects.toThrow('bad')
  expect(vi.getTimerCount()).toBe(0)
})

test('gives up, the sooner after failures in a row, until a read succeeds', async () => {
  let isAway = true
  const read = withTimeout((key: string) => (isAway ? new Promise<string>(() => {}) : Promise.resolve(key)), options)
  expect(await givenUpAfterMs(read)).toBe(3000)
  expect(await givenUpAfterMs(read)).toBe(3000)
  expect(await givenUpAfterMs(read)).toBe(100)
  isAway = false
  expect(await read('back')).toBe('back')
  isAway = true
  expect(await givenUpAfterMs(read)).toBe(3000)
})

test('a read that was given up and ends well restores the longer timeout', async () => {
  let end = (_: string) => {}
  const read = withTimeout(() => new Promise<string>((resolve) => (end = resolve)), options)
  for (const _ of [1, 2]) await givenUpAfterMs(read)
  end('late')
  await vi.runAllTimersAsync()
  expect(await givenUpAfterMs(read)).toBe(3000)
})
