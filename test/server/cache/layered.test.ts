import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CacheEntry } from '../../../src/server/cache/cache.ts'
import { createLayeredCache } from '../../../src/server/cache/layered.ts'
import { createMemoryCache } from '../../../src/server/cache/memory.ts'
import { createEntry } from './conformance.ts'

const MINUTE = 60_000
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function createLayers() {
  const behind = createMemoryCache({ maxBytes: 1e6 })
  const written = vi.spyOn(behind, 'set')
  const cache = createLayeredCache(createMemoryCache({ maxBytes: 1e6 }), behind)
  const store = async (more: Partial<CacheEntry> = {}) => {
    const nowMs = Date.now()
    await cache.set('key', {
      ...createEntry(),
      staleAtMs: nowMs + 60 * MINUTE,
      expiresAtMs: nowMs + 600 * MINUTE,
      ...more,
    })
    return written.mock.calls.length
  }
  return { cache, behind, store }
}

test('the same answer, made again past the cache, goes behind once a minute', async () => {
  const { store } = createLayers()
  expect(await store()).toBe(1)
  expect(await store()).toBe(1)
  for (let i = 1; i <= 3; i++) {
    vi.advanceTimersByTime(20_000)
    expect(await store()).toBe(i === 3 ? 2 : 1)
  }
  vi.advanceTimersByTime(MINUTE - 1)
  expect(await store()).toBe(2)
})

test('what lives shortly goes there after a tenth of what is left of it', async () => {
  const { store } = createLayers()
  const shortly = () => store({ staleAtMs: Date.now() + 1000, expiresAtMs: Date.now() + 2000 })
  expect(await shortly()).toBe(1)
  vi.advanceTimersByTime(90)
  expect(await shortly()).toBe(1)
  vi.advanceTimersByTime(10)
  expect(await shortly()).toBe(2)
})

test('another answer, another status, a further form, a shorter life and the end of being stale are written at once', async () => {
  const { cache, behind, store } = createLayers()
  await store()
  expect(await store({ etag: '"other"' })).toBe(2)
  expect(await store({ etag: '"other"', status: 203 })).toBe(3)
  const bodies = { ...createEntry().bodies, zstd: new Uint8Array([1, 2]) }
  expect(await store({ etag: '"other"', status: 203, bodies })).toBe(4)
  // one form less is as good
  expect(await store({ etag: '"other"', status: 203 })).toBe(4)
  expect(await store({ etag: '"other"', status: 203, bodies, expiresAtMs: Date.now() + 5 * MINUTE })).toBe(5)
  vi.advanceTimersByTime(MINUTE)
  const stale = { staleAtMs: Date.now(), expiresAtMs: Date.now() + 5 * MINUTE }
  expect(await store(stale)).toBe(6)
  expect(await store(stale)).toBe(7)
  expect((await behind.get('key'))?.staleAtMs).toBe(stale.staleAtMs)
  await cache.clear()
  expect(await store(stale)).toBe(8)
})

test('hits are those of both, misses those behind', async () => {
  const front = createMemoryCache({ maxBytes: 1e6 })
  const behind = createMemoryCache({ maxBytes: 1e6 })
  const cache = createLayeredCache(
    { ...front, stats: () => ({ ...front.stats(), errors: 2 }) },
    { ...behind, stats: () => ({ ...behind.stats(), errors: 3 }) },
  )
  await behind.set('key', createEntry())
  for (const key of ['key', 'key', 'key', 'nothing']) await cache.get(key)
  expect(cache.stats()).toMatchObject({ entries: 1, hits: 3, misses: 1, errors: 5 })
})
