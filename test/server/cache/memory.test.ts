import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { entrySizeBytes } from '../../../src/server/cache/cache.ts'
import { createMemoryCache } from '../../../src/server/cache/memory.ts'
import { createEntry } from './conformance.ts'

describe('the memory cache', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
  afterEach(() => void vi.useRealTimers())

  test('serves an entry until the last millisecond before its end, and has forgotten it then', async () => {
    const cache = createMemoryCache({ maxBytes: 100_000 })
    await cache.set('key', createEntry({ expiresAtMs: 1_000_100 }))
    vi.setSystemTime(1_000_099)
    expect(cache.peek('key')).toBeDefined()
    vi.setSystemTime(1_000_100)
    expect(cache.peek('key')).toBeUndefined()
    expect(cache.stats()).toMatchObject({ entries: 0, bytes: 0 })
  })

  test('does not take what has ended', async () => {
    const cache = createMemoryCache({ maxBytes: 100_000 })
    await cache.set('now', createEntry({ expiresAtMs: 1_000_000 }))
    expect(cache.stats().entries).toBe(0)
    await cache.set('soon', createEntry({ expiresAtMs: 1_000_001 }))
    expect(cache.stats().entries).toBe(1)
  })

  test('counts hits and misses of get; a look counts nothing until it is told to', async () => {
    const cache = createMemoryCache({ maxBytes: 100_000 })
    await cache.set('key', createEntry())
    await cache.get('key')
    await cache.get('key')
    await cache.get('nothing')
    cache.peek('key')
    cache.peek('nothing')
    expect(cache.stats()).toMatchObject({ hits: 2, misses: 1 })
    cache.countHit()
    expect(cache.stats()).toMatchObject({ hits: 3, misses: 1 })
  })

  test('an entry may take a quarter of it, and not a byte more', async () => {
    const entry = createEntry({ bodies: { identity: new Uint8Array(2_000) } })
    const bytes = entrySizeBytes('key', entry)
    const exact = createMemoryCache({ maxBytes: bytes * 4 })
    await exact.set('key', entry)
    expect(exact.stats()).toMatchObject({ entries: 1, bytes, maxBytes: bytes * 4 })
    const short = createMemoryCache({ maxBytes: bytes * 4 - 1 })
    await short.set('key', entry)
    expect(short.stats().entries).toBe(0)
  })

  test('what was used last stays when there is no room', async () => {
    const entry = createEntry({ bodies: { identity: new Uint8Array(2_000) } })
    const cache = createMemoryCache({ maxBytes: entrySizeBytes('1', entry) * 4 })
    for (const key of ['1', '2', '3', '4']) await cache.set(key, entry)
    cache.peek('1')
    await cache.set('5', entry)
    expect([...cache.entries()].map(([key]) => key).sort()).toEqual(['1', '3', '4', '5'])
  })

  test('without room it keeps nothing, and goes on', async () => {
    const cache = createMemoryCache({ maxBytes: 0 })
    await cache.set('key', createEntry())
    expect(await cache.get('key')).toBeUndefined()
    expect(cache.stats()).toEqual({ entries: 0, bytes: 0, maxBytes: 0, hits: 0, misses: 1, errors: 0 })
    expect([...cache.entries()]).toEqual([])
    await cache.delete('key')
    await cache.clear()
    expect(await cache.isReachable()).toBe(true)
  })
})
