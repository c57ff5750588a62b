import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ByteRange } from '../../../../src/siibra/retrieval/stores/store.ts'
import { upstreamUnavailable } from '../../../../src/siibra/retrieval/upstream-errors.ts'
import { type CachePolicy, withDiskCache } from '../../../../src/siibra/retrieval/wrappers/with-disk-cache.ts'
import { createCacheInMemory } from './cache-in-memory.ts'

const DAY_MS = 24 * 3_600_000
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

/** A source whose answers are numbered, so that it shows which of them was given. */
function create(policy?: CachePolicy) {
  const { cache, entries, calls } = createCacheInMemory()
  const source = { asked: 0, isMissing: false, isAway: false, fault: undefined as Error | undefined }
  const answer = async () => {
    source.asked++
    if (source.fault) throw source.fault
    if (source.isAway) throw upstreamUnavailable('a', 'away')
    return source.isMissing ? undefined : Uint8Array.from([source.asked, 2, 3, 4])
  }
  const store = withDiskCache({ get: answer, getRange: answer, stat: async () => ({ sizeBytes: 7 }) }, cache, policy)
  const get = async (key = 'a', read?: Parameters<typeof store.get>[1]) => (await store.get(key, read))?.[0]
  const range = async (asked: ByteRange, read?: Parameters<typeof store.get>[1]) =>
    (await store.getRange?.('a', asked, read))?.[0]
  const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)
  return { store, source, entries, calls, get, range, pass }
}

describe('an object', () => {
  test('that nothing has decoded is given for less than ten seconds; one that was, for less than a week', async () => {
    const { store, get, pass } = create()
    expect(await get()).toBe(1)
    pass(9_999)
    expect(await get()).toBe(1)
    pass(1)
    expect(await get()).toBe(2)
    await store.prove('a')
    pass(7 * DAY_MS - 1)
    expect(await get()).toBe(2)
    pass(1)
    expect(await get()).toBe(3)
  })

  test('may be wanted younger, by its reader', async () => {
    const { store, get, pass } = create()
    await get()
    pass(500)
    expect([await get('a', { maxAgeMs: 501 }), await get('a', { maxAgeMs: 500 })]).toEqual([1, 2])
    await store.prove('a')
    pass(20_000)
    expect([await get('a', { maxAgeMs: 20_001 }), await get('a', { maxAgeMs: 20_000 })]).toEqual([2, 3])
    pass(11_000)
    // nor does an unproven one last longer for who takes older ones
    expect(await get('a', { maxAgeMs: 15_000 })).toBe(4)
  })

  test('that is missing is so for twenty seconds, but for who wants it as it is now', async () => {
    const { source, get, pass } = create()
    source.isMissing = true
    expect([await get(), await get(), source.asked]).toEqual([undefined, undefined, 1])
    pass(19_999)
    await get()
    expect(source.asked).toBe(1)
    await get('a', { maxAgeMs: 0 })
    expect(source.asked).toBe(2)
    pass(20_000)
    await get()
    expect(source.asked).toBe(3)
  })

  test('that is there, though old, is asked for, whatever was missing before', async () => {
    const { source, store, get, pass } = create()
    await get()
    await store.prove('a')
    pass(8 * DAY_MS)
    source.isMissing = true
    await get()
    await get()
    expect(source.asked).toBe(3)
  })

  test('is given though old where its source is away, and no other fault is hidden', async () => {
    const { source, store, get, pass, calls } = create()
    await get()
    pass(20_000)
    source.isAway = true
    expect(await get()).toBe(1)
    await store.prove('a')
    expect(calls.at(-1)).toBe('prove a')
    pass(8 * DAY_MS)
    expect(await get()).toBe(1)
    // it was proven long ago
    await store.prove('a')
    expect(calls.filter((call) => call === 'prove a').length).toBe(1)
    source.fault = new Error('a defect')
    await expect(get()).rejects.toThrow('a defect')
    source.fault = undefined
    await expect(get('b')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })

  test('is proven by who was given it last', async () => {
    const { store, get, pass, calls } = create()
    await get()
    await store.prove('a')
    pass(8 * DAY_MS)
    await get()
    pass(-8 * DAY_MS)
    // the old one is given again: it says nothing of the new one
    await get()
    await store.prove('a')
    expect(calls.filter((call) => call === 'prove a').length).toBe(1)
    await store.prove('never read')
    expect(calls.at(-1)).toBe('write a|unproven')
  })

  test('that could not be decoded is forgotten, that it is missing, too', async () => {
    const { store, source, get, calls } = create({ namespace: 'n ' })
    await get()
    await store.drop('a')
    await store.prove('a')
    expect(calls).toEqual(['write n a|unproven', 'drop n a'])
    expect(await get()).toBe(2)
    source.isMissing = true
    await get('b')
    await store.drop('b')
    source.isMissing = false
    expect(await get('b')).toBe(4)
  })
})

describe('a range', () => {
  const asked = { offset: 1, length: 2 }

  test('comes out of the whole, proven or not, while that is fresh', async () => {
    const { store, source, get, range, pass, calls } = create()
    await get()
    expect(await range(asked)).toBe(2)
    await store.prove('a')
    expect(calls.at(-1)).toBe('prove a')
    expect(await range(asked)).toBe(2)
    pass(7 * DAY_MS)
    expect([await range(asked), source.asked]).toEqual([2, 2])
  })

  test('of 64 MiB is kept, a larger one is not', async () => {
    const { source, range, calls } = create()
    const MOST = 64 * 1024 * 1024
    for (let i = 0; i < 2; i++) await range({ offset: 5, length: MOST })
    expect([source.asked, calls.length]).toEqual([1, 1])
    for (let i = 0; i < 2; i++) await range({ offset: 5, length: MOST + 1 })
    expect([source.asked, calls.length]).toEqual([3, 1])
  })

  test('of an old whole is better than none', async () => {
    const { store, source, get, range, pass } = create()
    await get()
    await store.prove('a')
    pass(8 * DAY_MS)
    source.isAway = true
    expect(await range(asked)).toBe(2)
  })

  test('is not there where the store knows none, nor is a size', async () => {
    const { store } = create()
    expect(await store.stat?.('a')).toEqual({ sizeBytes: 7 })
    const plain = withDiskCache({ get: async () => undefined }, createCacheInMemory().cache)
    expect([plain.getRange, plain.stat]).toEqual([undefined, undefined])
  })
})
