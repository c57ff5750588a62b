import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CacheEntry, ResponseCache } from '../../../src/server/cache/cache.ts'
import { untilTrue } from '../../until.ts'

export function createEntry(overrides: Partial<CacheEntry> = {}): CacheEntry {
  return {
    status: 200,
    contentType: 'application/json',
    headers: {},
    etag: '"1"',
    bodies: { identity: Buffer.from('{"a":1}') },
    expiresAtMs: Date.now() + 60_000,
    ...overrides,
  }
}

/** What every response cache does. `create` makes one that is empty and works. */
export function describeResponseCache(name: string, create: () => Promise<ResponseCache>): void {
  describe(`response cache: ${name}`, () => {
    let cache: ResponseCache
    beforeAll(async () => {
      cache = await create()
    })
    beforeEach(() => cache.clear())
    afterAll(() => cache.close())

    test('says what it is and that it can be reached', async () => {
      expect(cache.name).toBe(name)
      expect(await cache.isReachable()).toBe(true)
    })

    test('has nothing under a key that was never set', async () => {
      expect(await cache.get('nothing')).toBeUndefined()
    })

    test('gives back what was set: status, type, headers, validator and every byte', async () => {
      const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i)
      const entry = createEntry({
        status: 203,
        contentType: 'application/octet-stream',
        headers: { 'content-disposition': 'attachment; filename="Größe ä.txt"' },
        etag: '"ünïcode"',
        bodies: { identity: everyByte, gzip: Uint8Array.of(1), br: Uint8Array.of(2, 3) },
      })
      await cache.set('key', entry)
      expect(plain(await cache.get('key'))).toEqual(plain(entry))
    })

    test('leaves out the forms that were not made', async () => {
      await cache.set('key', createEntry())
      const got = await cache.get('key')
      expect(got?.bodies.gzip).toBeUndefined()
      expect(got?.bodies.br).toBeUndefined()
    })

    test('keeps an empty body', async () => {
      await cache.set('key', createEntry({ bodies: { identity: new Uint8Array(0) } }))
      expect((await cache.get('key'))?.bodies.identity.byteLength).toBe(0)
    })

    test('keeps a body of a megabyte', async () => {
      const body = new Uint8Array(1024 * 1024).fill(7)
      await cache.set('key', createEntry({ bodies: { identity: body } }))
      expect(Buffer.compare((await cache.get('key'))?.bodies.identity ?? Buffer.alloc(0), body)).toBe(0)
    })

    test.each([
      ['spaces and slashes', 'a b/c?d=e&f=%2F'],
      ['patterns', 'a*b?[c]\\d'],
      ['other scripts', 'Größe 脳 🧠'],
      ['line ends and zero', 'a\r\nb\0c'],
      ['a thousand characters', 'k'.repeat(1000)],
      ['nothing', ''],
    ])('keys may hold %s, and do not meet their neighbours', async (_, key) => {
      await cache.set(key, createEntry({ etag: '"mine"' }))
      await cache.set(`${key}x`, createEntry({ etag: '"other"' }))
      expect((await cache.get(key))?.etag).toBe('"mine"')
    })

    test('a later entry replaces an earlier one', async () => {
      await cache.set('key', createEntry({ etag: '"old"' }))
      await cache.set('key', createEntry({ etag: '"new"' }))
      expect((await cache.get('key'))?.etag).toBe('"new"')
    })

    test('an entry that has expired is not there', async () => {
      await cache.set('late', createEntry({ expiresAtMs: Date.now() - 1 }))
      expect(await cache.get('late')).toBeUndefined()
      await cache.set('short', createEntry({ expiresAtMs: Date.now() + 30 }))
      await untilTrue(async () => (await cache.get('short')) === undefined)
    })

    test('an entry that never expires is kept', async () => {
      await cache.set('key', createEntry({ expiresAtMs: Number.MAX_SAFE_INTEGER }))
      expect(await cache.get('key')).toBeDefined()
    })

    test('forgets one key, or all', async () => {
      await cache.set('a', createEntry())
      await cache.set('b', createEntry())
      await cache.delete('a')
      expect(await cache.get('a')).toBeUndefined()
      expect(await cache.get('b')).toBeDefined()
      await cache.clear()
      expect(await cache.get('b')).toBeUndefined()
    })

    test('serves many at once', async () => {
      const keys = Array.from({ length: 200 }, (_, i) => `key ${i}`)
      await Promise.all(keys.map((key) => cache.set(key, createEntry({ etag: key }))))
      const entries = await Promise.all(keys.map((key) => cache.get(key)))
      expect(entries.map((entry) => entry?.etag)).toEqual(keys)
    })

    test('counts hits and misses', async () => {
      const before = cache.stats()
      await cache.set('key', createEntry())
      await cache.get('key')
      await cache.get('other')
      const after = cache.stats()
      expect(after.hits - before.hits).toBe(1)
      expect(after.misses - before.misses).toBe(1)
      expect(after.errors).toBe(before.errors)
    })

    test('what is looked at is a hit only when it has been sent', async () => {
      await cache.set('key', createEntry())
      const before = cache.stats()
      for (const key of ['key', 'other']) cache.peek?.(key)
      expect(cache.stats()).toEqual(before)
      cache.countHit?.()
      const after = cache.stats()
      expect(after.hits - before.hits).toBe(cache.countHit === undefined ? 0 : 1)
      expect(cache.countHit === undefined).toBe(cache.peek === undefined)
      expect(after.misses).toBe(before.misses)
    })
  })
}

/** An entry with its bodies as hexadecimal text, so that kinds of byte arrays do not matter. */
function plain(entry: CacheEntry | undefined): unknown {
  if (!entry) return undefined
  const bodies = Object.entries(entry.bodies).filter(([, body]) => body !== undefined)
  return {
    ...entry,
    bodies: Object.fromEntries(bodies.map(([name, body]) => [name, Buffer.from(body).toString('hex')])),
  }
}
