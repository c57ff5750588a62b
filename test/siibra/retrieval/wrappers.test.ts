import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../../src/siibra/retrieval/stores/memory-store.ts'
import type { ReadOptions, Store } from '../../../src/siibra/retrieval/stores/store.ts'
import { abortError, upstreamUnavailable } from '../../../src/siibra/retrieval/upstream-errors.ts'
import {
  createCircuitBreaker,
  withCircuitBreaker,
} from '../../../src/siibra/retrieval/wrappers/with-circuit-breaker.ts'
import { createLimiter, withConcurrencyLimit } from '../../../src/siibra/retrieval/wrappers/with-concurrency-limit.ts'
import { withFallback } from '../../../src/siibra/retrieval/wrappers/with-fallback.ts'
import { withMaxBytes } from '../../../src/siibra/retrieval/wrappers/with-max-bytes.ts'
import { withRetry } from '../../../src/siibra/retrieval/wrappers/with-retry.ts'
import { withSingleFlight } from '../../../src/siibra/retrieval/wrappers/with-single-flight.ts'
import { withTimeLimit } from '../../../src/siibra/retrieval/wrappers/with-time-limit.ts'

const one = new Uint8Array([1])

/** A store whose reads stay open until the test answers them. */
function createPending() {
  const open: { key: string; signal?: AbortSignal; answer(bytes?: Uint8Array): void; fail(cause: Error): void }[] = []
  const store: Store = {
    get: (key, { signal }: ReadOptions = {}) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(abortError(signal)))
        open.push({ key, signal, answer: resolve, fail: reject })
      }),
  }
  return { store, open }
}

/** Lets all that can go on without the outside go on. */
const settle = () => new Promise((done) => setImmediate(done))

/** A store that fails so often before it answers. */
function createFailing(failures: number, facts: object) {
  const counter = { asked: 0 }
  const store: Store = {
    get: async (key) => {
      counter.asked++
      if (counter.asked <= failures) throw upstreamUnavailable(key, 'away', facts)
      return one
    },
  }
  return { store, counter }
}

describe('withRetry', () => {
  const options = { attempts: 3, firstDelayMs: 1 }

  it('asks again after failures that may pass', async () => {
    const { store, counter } = createFailing(2, { retryable: true })
    expect(await withRetry(store, options).get('a')).toEqual(one)
    expect(counter.asked).toBe(3)
  })

  it('gives up after so many attempts, with the last failure', async () => {
    const { store, counter } = createFailing(9, { retryable: true, status: 503 })
    await expect(withRetry(store, options).get('a')).rejects.toMatchObject({ details: { status: 503 } })
    expect(counter.asked).toBe(3)
  })

  it('does not ask again after failures that stay, nor for what is missing', async () => {
    const { store, counter } = createFailing(9, { retryable: false, status: 403 })
    await expect(withRetry(store, options).get('a')).rejects.toMatchObject({ details: { status: 403 } })
    expect(counter.asked).toBe(1)
    expect(await withRetry(createMemoryStore(new Map()), options).get('a')).toBeUndefined()
  })

  it('asks a silent host only twice', async () => {
    const { store, counter } = createFailing(9, { retryable: true, timedOut: true })
    await expect(withRetry(store, options).get('a')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(counter.asked).toBe(2)
  })

  it('waits no longer when the reader is gone', async () => {
    const { store, counter } = createFailing(9, { retryable: true, retryAfterMs: 1e9 })
    const abort = new AbortController()
    const read = withRetry(store, { maxDelayMs: 1e9 }).get('a', { signal: abort.signal })
    await settle()
    abort.abort()
    await expect(read).rejects.toMatchObject({ code: 'ABORTED' })
    expect(counter.asked).toBe(1)
  })
})

describe('withSingleFlight', () => {
  it('reads once for all who ask at the same time, and again afterwards', async () => {
    const { store, open } = createPending()
    const single = withSingleFlight(store)
    const reads = [single.get('a'), single.get('a'), single.get('b')]
    expect(open.map(({ key }) => key)).toEqual(['a', 'b'])
    for (const { answer } of open) answer(one)
    expect(await Promise.all(reads)).toEqual([one, one, one])
    void single.get('a')
    expect(open).toHaveLength(3)
  })

  it('goes on while one reader is left, and stops when all are gone', async () => {
    const { store, open } = createPending()
    const single = withSingleFlight(store)
    const [first, second] = [new AbortController(), new AbortController()]
    const reads = [first, second].map(({ signal }) => single.get('a', { signal }))
    first.abort()
    await expect(reads[0]).rejects.toMatchObject({ code: 'ABORTED' })
    expect(open[0]!.signal!.aborted).toBe(false)
    second.abort()
    await expect(reads[1]).rejects.toMatchObject({ code: 'ABORTED' })
    expect(open[0]!.signal!.aborted).toBe(true)
  })

  it('is not stopped while a reader without a signal waits', async () => {
    const { store, open } = createPending()
    const single = withSingleFlight(store)
    const abort = new AbortController()
    const [gone, stays] = [single.get('a', { signal: abort.signal }), single.get('a')]
    abort.abort()
    await expect(gone).rejects.toMatchObject({ code: 'ABORTED' })
    open[0]!.answer(one)
    expect(await stays).toEqual(one)
  })

  it('starts anew for a reader who comes after all others left', async () => {
    const { store, open } = createPending()
    const single = withSingleFlight(store)
    const abort = new AbortController()
    const gone = single.get('a', { signal: abort.signal })
    abort.abort()
    const late = single.get('a')
    await expect(gone).rejects.toMatchObject({ code: 'ABORTED' })
    open[1]!.answer(one)
    expect(await late).toEqual(one)
  })

  it('hands a failure to all and keeps none', async () => {
    const { store, open } = createPending()
    const single = withSingleFlight(store)
    const reads = [single.get('a'), single.get('a')]
    open[0]!.fail(new Error('no'))
    for (const read of reads) await expect(read).rejects.toThrow('no')
    void single.get('a')
    expect(open).toHaveLength(2)
  })
})

describe('withConcurrencyLimit', () => {
  it('asks one host so often at a time, other hosts beside it, in turn', async () => {
    const { store, open } = createPending()
    const limited = withConcurrencyLimit(store, createLimiter(2))
    const reads = ['1', '2', '3', '4'].map((path) => limited.get(`https://a.org/${path}`))
    void limited.get('https://b.org/1')
    await settle()
    expect(open.map(({ key }) => key.slice(8))).toEqual(['a.org/1', 'a.org/2', 'b.org/1'])
    open[1]!.answer(one)
    await reads[1]
    await settle()
    expect(open.at(-1)!.key).toBe('https://a.org/3')
    open[0]!.fail(new Error('no'))
    await expect(reads[0]).rejects.toThrow('no')
    await settle()
    expect(open.at(-1)!.key).toBe('https://a.org/4')
  })

  it('lets a reader who is gone out of the queue', async () => {
    const { store, open } = createPending()
    const limited = withConcurrencyLimit(store, createLimiter(1))
    const first = limited.get('https://a.org/1')
    const abort = new AbortController()
    const waiting = limited.get('https://a.org/2', { signal: abort.signal })
    const last = limited.get('https://a.org/3')
    abort.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' })
    open[0]!.answer(one)
    await first
    await settle()
    expect(open.map(({ key }) => key)).toEqual(['https://a.org/1', 'https://a.org/3'])
    open[1]!.answer(one)
    expect(await last).toEqual(one)
  })
})

describe('withCircuitBreaker', () => {
  const url = 'https://a.org/1'

  it('leaves a host alone after so many failures in a row, and says what they were', async () => {
    const { store, counter } = createFailing(9, { retryable: true })
    const guarded = withCircuitBreaker(store, createCircuitBreaker({ failures: 3, pauseMs: 60_000 }))
    for (let round = 0; round < 3; round++) await expect(guarded.get(url)).rejects.toThrow('away')
    await expect(guarded.get(url)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: expect.stringContaining('a.org has been away (away) and is asked again in 60 s'),
      details: { retryable: false },
    })
    expect(counter.asked).toBe(3)
    await expect(guarded.get('https://b.org/1')).rejects.toMatchObject({ details: { retryable: true } })
  })

  it('tries the host with one request after the pause, and trusts it again when that succeeds', async () => {
    const { store, open } = createPending()
    const guarded = withCircuitBreaker(store, createCircuitBreaker({ failures: 1, pauseMs: 5 }))
    const first = guarded.get(url)
    open[0]!.fail(upstreamUnavailable(url, 'refused', { retryable: true }))
    await expect(first).rejects.toThrow('refused')
    await new Promise((done) => setTimeout(done, 10))
    const probe = guarded.get(url)
    await expect(guarded.get(url)).rejects.toThrow('has been away')
    open[1]!.answer(one)
    expect(await probe).toEqual(one)
    const next = guarded.get(url)
    open[2]!.answer(one)
    expect(await next).toEqual(one)
  })

  it('does not count what is not the fault of the host', async () => {
    const { store, counter } = createFailing(9, { retryable: false, status: 403 })
    const guarded = withCircuitBreaker(store, createCircuitBreaker({ failures: 2 }))
    for (let round = 0; round < 4; round++) await expect(guarded.get(url)).rejects.toThrow('away')
    expect(counter.asked).toBe(4)
  })
})

describe('withTimeLimit', () => {
  it('counts as a failure that may pass', async () => {
    const { store, open } = createPending()
    await expect(withTimeLimit(store, 5).get('https://a.org/1')).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      details: { url: 'https://a.org/1', retryable: true, timedOut: true, reason: 'no complete answer within 5 ms' },
    })
    expect(open[0]!.signal!.aborted).toBe(true)
  })

  it('does not take the reader leaving for slowness', async () => {
    const abort = new AbortController()
    const read = withTimeLimit(createPending().store, 1e6).get('a', { signal: abort.signal })
    abort.abort()
    await expect(read).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

describe('withMaxBytes', () => {
  const store = withMaxBytes(createMemoryStore(new Map([['a', new Uint8Array(100)]])), 50)

  it('refuses what is larger, with the arithmetic', async () => {
    await expect(store.get('a')).rejects.toThrow('a holds 100 bytes, more than the 50 allowed')
    await expect(store.getRange!('a', { offset: 0, length: 51 })).rejects.toMatchObject({ code: 'BAD_DATA' })
    expect((await store.getRange!('a', { offset: 0, length: 50 }))!.length).toBe(50)
  })

  it('keeps the stricter bound of a reader', async () => {
    await expect(store.getRange!('a', { offset: 0, length: 50 }, { maxBytes: 10 })).rejects.toMatchObject({
      details: { maxBytes: 10 },
    })
    await expect(store.get('a', { maxBytes: 1e9 })).rejects.toMatchObject({ details: { maxBytes: 50 } })
  })
})

describe('withFallback', () => {
  const second = createMemoryStore(new Map([['a', one]]))

  it('asks the second store for what the first has not or cannot give', async () => {
    const { store: away } = createFailing(9, {})
    for (const first of [createMemoryStore(new Map()), away]) {
      expect(await withFallback(first, second).get('a')).toEqual(one)
      expect(await withFallback(first, second).get('b')).toBeUndefined()
    }
  })

  it('does not hide other errors of the first', async () => {
    const first = withMaxBytes(createMemoryStore(new Map([['a', new Uint8Array(9)]])), 1)
    await expect(withFallback(first, second).get('a')).rejects.toMatchObject({ code: 'BAD_DATA' })
  })
})
