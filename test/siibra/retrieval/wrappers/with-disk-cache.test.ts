import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDiskCache } from '../../../../src/siibra/retrieval/cache/disk-cache.ts'
import { createMemoryStore } from '../../../../src/siibra/retrieval/stores/memory-store.ts'
import type { Store } from '../../../../src/siibra/retrieval/stores/store.ts'
import { upstreamUnavailable } from '../../../../src/siibra/retrieval/upstream-errors.ts'
import { withDiskCache } from '../../../../src/siibra/retrieval/wrappers/with-disk-cache.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cache-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const bytes = new Uint8Array([1, 2, 3, 4, 5])

/** A store with one object, that counts and can be switched off. */
function createSource() {
  const objects = new Map([['a', bytes]])
  const inner = createMemoryStore(objects)
  const source = { asked: 0, away: false, objects }
  const ask = <T>(action: () => Promise<T>) => {
    source.asked++
    if (source.away) throw upstreamUnavailable('a', 'away', { retryable: false })
    return action()
  }
  const store: Store = {
    get: async (key) => ask(() => inner.get(key)),
    getRange: async (key, range) => ask(() => inner.getRange!(key, range)),
  }
  return { source, store }
}

const openCache = () => createDiskCache({ folder, maxBytes: 1e9 })

it('asks once for an object, and cuts ranges out of it', async () => {
  const { source, store } = createSource()
  const cached = withDiskCache(store, openCache())
  expect(await cached.get('a')).toEqual(bytes)
  expect(await cached.get('a')).toEqual(bytes)
  expect(await cached.getRange!('a', { offset: 1, length: 2 })).toEqual(new Uint8Array([2, 3]))
  expect(source.asked).toBe(1)
})

it('keeps ranges where the whole object is not there', async () => {
  const { source, store } = createSource()
  const cached = withDiskCache(store, openCache())
  for (let round = 0; round < 2; round++) {
    expect(await cached.getRange!('a', { suffixLength: 2 })).toEqual(new Uint8Array([4, 5]))
    expect(await cached.getRange!('a', { offset: 0, length: 2 })).toEqual(new Uint8Array([1, 2]))
  }
  expect(source.asked).toBe(2)
})

it('never keeps a failure', async () => {
  const { source, store } = createSource()
  const cached = withDiskCache(store, openCache())
  source.away = true
  await expect(cached.get('a')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  source.away = false
  expect(await cached.get('a')).toEqual(bytes)
})

it('believes for a short while, and only in memory, that something is missing', async () => {
  const { source, store } = createSource()
  const cached = withDiskCache(store, openCache())
  expect(await cached.get('b')).toBeUndefined()
  expect(await cached.get('b')).toBeUndefined()
  expect(source.asked).toBe(1)
  source.objects.set('b', bytes)
  expect(await withDiskCache(store, openCache(), { missingMs: 0 }).get('b')).toEqual(bytes)
})

it('asks anew for what is no longer fresh, and gives the old where that fails', async () => {
  const { source, store } = createSource()
  const cached = withDiskCache(store, openCache(), { freshMs: -1 })
  await cached.get('a')
  source.objects.set('a', new Uint8Array([9]))
  expect(await cached.get('a')).toEqual(new Uint8Array([9]))
  source.away = true
  expect(await cached.get('a')).toEqual(new Uint8Array([9]))
  expect(source.asked).toBe(3)
})

it('keeps sources apart by their namespace', async () => {
  const { store } = createSource()
  await withDiskCache(store, openCache(), { namespace: 'mirror\n' }).get('a')
  const other = withDiskCache(createMemoryStore(new Map([['a', new Uint8Array([7])]])), openCache())
  expect(await other.get('a')).toEqual(new Uint8Array([7]))
})
