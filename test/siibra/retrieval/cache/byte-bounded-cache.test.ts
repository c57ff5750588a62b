import { describe, expect, it } from 'vitest'
import { createByteBoundedCache } from '../../../../src/siibra/retrieval/cache/byte-bounded-cache.ts'

const open = (maxBytes = 100) =>
  createByteBoundedCache<SharedArrayBuffer>({ maxBytes, sizeOf: ({ byteLength }) => byteLength })
const volume = (bytes: number) => new SharedArrayBuffer(bytes)

describe('byte-bounded cache', () => {
  it('keeps to its bound and drops what was used longest ago', () => {
    const cache = open(100)
    const kept = volume(40)
    cache.set('a', kept)
    cache.set('b', volume(40))
    expect(cache.get('a')).toBe(kept)
    cache.set('c', volume(40))
    expect(cache.get('b')).toBeUndefined()
    expect(cache.get('a')).toBe(kept)
    expect(cache.stats()).toMatchObject({ bytes: 80, entries: 2 })
  })

  it('keeps what fills it to the byte', () => {
    const cache = open(100)
    cache.set('a', volume(100))
    expect(cache.stats()).toMatchObject({ bytes: 100, entries: 1 })
    cache.set('a', volume(101))
    expect(cache.stats()).toMatchObject({ bytes: 0, entries: 0 })
  })

  it('counts a value that replaces another once', () => {
    const cache = open(100)
    for (let round = 0; round < 9; round++) cache.set('a', volume(60))
    expect(cache.stats()).toMatchObject({ bytes: 60, entries: 1 })
    cache.delete('a')
    expect(cache.stats().bytes).toBe(0)
  })

  it('hands out, but does not keep, what is larger than itself', async () => {
    const cache = open(100)
    cache.set('small', volume(50))
    expect((await cache.load('large', async () => volume(101))).byteLength).toBe(101)
    expect(cache.get('large')).toBeUndefined()
    expect(cache.get('small')).toBeDefined()
  })

  it('loads once for all who ask meanwhile', async () => {
    const cache = open()
    let loads = 0
    const load = async () => {
      loads++
      return volume(10)
    }
    const values = await Promise.all([cache.load('a', load), cache.load('a', load)])
    expect(values[0]).toBe(values[1])
    expect(await cache.load('a', load)).toBe(values[0])
    expect(loads).toBe(1)
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 2 })
  })

  it('keeps no failure', async () => {
    const cache = open()
    await expect(cache.load('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect((await cache.load('a', async () => volume(1))).byteLength).toBe(1)
  })

  it('stops loading when all who asked are gone, and keeps nothing of it', async () => {
    const cache = open()
    const abort = new AbortController()
    let seen: AbortSignal | undefined
    const loading = cache.load(
      'a',
      (signal) =>
        new Promise<SharedArrayBuffer>((_, reject) => {
          seen = signal
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
      abort.signal,
    )
    abort.abort()
    await expect(loading).rejects.toMatchObject({ code: 'ABORTED' })
    expect(seen!.aborted).toBe(true)
    expect(cache.stats().entries).toBe(0)
  })
})

describe('what a byte-bounded cache does not keep', () => {
  it('hands out incomplete values, and loads them anew', async () => {
    const cache = createByteBoundedCache<{ lacks: number }>({
      maxBytes: 100,
      sizeOf: () => 1,
      isComplete: ({ lacks }) => lacks === 0,
    })
    expect(await cache.load('a', async () => ({ lacks: 2 }))).toEqual({ lacks: 2 })
    expect(cache.get('a')).toBeUndefined()
    expect(await cache.load('a', async () => ({ lacks: 0 }))).toEqual({ lacks: 0 })
    expect(cache.get('a')).toEqual({ lacks: 0 })
  })

  it('keeps nothing of a load that all have left, though it came to an end', async () => {
    const cache = open()
    const abort = new AbortController()
    let finish = (_value: SharedArrayBuffer) => {}
    const loading = cache.load('a', () => new Promise<SharedArrayBuffer>((resolve) => (finish = resolve)), abort.signal)
    abort.abort()
    await expect(loading).rejects.toMatchObject({ code: 'ABORTED' })
    finish(volume(1))
    await new Promise(setImmediate)
    expect(cache.get('a')).toBeUndefined()
  })
})
