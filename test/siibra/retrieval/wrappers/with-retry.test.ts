import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { upstreamUnavailable } from '../../../../src/siibra/retrieval/upstream-errors.ts'

const waited = vi.hoisted(() => ({ delaysMs: [] as number[], fails: false }))
vi.mock('node:timers/promises', () => ({
  async setTimeout(ms: number) {
    waited.delaysMs.push(ms)
    if (waited.fails) throw new Error('left')
  },
}))
const { retry, withRetry } = await import('../../../../src/siibra/retrieval/wrappers/with-retry.ts')

beforeEach(() => {
  Object.assign(waited, { delaysMs: [], fails: false })
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
})
afterEach(() => void vi.restoreAllMocks())

/** Fails always; the pauses between its attempts, and how many these were. */
async function attemptsOf(facts: object, options: Parameters<typeof retry>[2] = {}, error?: Error) {
  let attempts = 0
  const failing = () => {
    attempts++
    return Promise.reject(error ?? upstreamUnavailable('x', 'away', facts))
  }
  await expect(retry(failing, undefined, options)).rejects.toThrow(error?.message ?? 'away')
  return [attempts, waited.delaysMs.splice(0)]
}

test('pauses are doubled, with a jitter of up to their half, and bounded', async () => {
  expect(await attemptsOf({ retryable: true })).toEqual([5, [187.5, 375, 750, 1500]])
  expect(await attemptsOf({ retryable: true }, { attempts: 4, firstDelayMs: 8, maxDelayMs: 25 })).toEqual([
    4,
    [10, 20, 25],
  ])
})

test('a server may ask for longer pauses, up to the bound', async () => {
  expect(await attemptsOf({ retryable: true, retryAfterMs: 400 }, { attempts: 4 })).toEqual([4, [400, 400, 750]])
  expect(await attemptsOf({ retryable: true, retryAfterMs: 1e9 }, { attempts: 2 })).toEqual([2, [5_000]])
})

test('a silent one is asked twice, or once where that is all', async () => {
  expect(await attemptsOf({ retryable: true, timedOut: true })).toEqual([2, [187.5]])
  expect(await attemptsOf({ retryable: true, timedOut: true }, { attempts: 1 })).toEqual([1, []])
})

test('what does not pass is not tried again', async () => {
  expect(await attemptsOf({ retryable: false })).toEqual([1, []])
  expect(await attemptsOf({}, {}, new Error('a defect'))).toEqual([1, []])
})

test('who leaves in a pause is told why; without a signal it is the failure', async () => {
  waited.fails = true
  expect(await attemptsOf({ retryable: true })).toEqual([1, [187.5]])
  const failing = () => Promise.reject(upstreamUnavailable('x', 'away', { retryable: true }))
  await expect(retry(failing, AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' })
})

test('ranges and sizes are asked for again, too, where there are such', async () => {
  let fails = true
  const once = async <T>(value: T) => {
    fails = !fails
    if (!fails) throw upstreamUnavailable('x', 'away', { retryable: true })
    return value
  }
  const bytes = new Uint8Array([1])
  const store = withRetry({
    get: () => once(bytes),
    getRange: () => once(bytes),
    stat: () => once({ sizeBytes: 1 }),
  })
  expect([await store.get('a'), await store.getRange?.('a', { suffixLength: 1 }), await store.stat?.('a')]).toEqual([
    bytes,
    bytes,
    { sizeBytes: 1 },
  ])
  const plain = withRetry({ get: () => once(bytes) })
  expect([plain.getRange, plain.stat]).toEqual([undefined, undefined])
})
