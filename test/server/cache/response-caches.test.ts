import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ResponseCache } from '../../../src/server/cache/cache.ts'
import { decodeEntry, encodeEntry } from '../../../src/server/cache/encode-entry.ts'
import { createLayeredCache } from '../../../src/server/cache/layered.ts'
import { createMemoryCache } from '../../../src/server/cache/memory.ts'
import { createRedisCache, type RedisCacheOptions } from '../../../src/server/cache/redis.ts'
import { type RedisServer, startRedis } from '../../redis.ts'
import { untilTrue } from '../../until.ts'
import { createEntry, describeResponseCache } from './conformance.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.close())

const of = (prefix: string) => () => prefix

async function createReachable(options: Partial<RedisCacheOptions> = {}): Promise<ResponseCache> {
  const cache = createRedisCache({
    url: redis.url,
    prefix: of(`test:${Math.random()}:`),
    timeoutMs: 60_000,
    ...options,
  })
  await untilReachable(cache)
  return cache
}

async function untilReachable(cache: ResponseCache): Promise<void> {
  const giveUpMs = Date.now() + 120_000
  while (!(await cache.isReachable())) {
    if (Date.now() > giveUpMs) throw new Error('Redis cannot be reached')
    await delay(10)
  }
}

describeResponseCache('memory', async () => createMemoryCache({ maxBytes: 16 * 1024 * 1024 }))
describeResponseCache('redis', () => createReachable())
describeResponseCache('memory+redis', async () =>
  createLayeredCache(createMemoryCache({ maxBytes: 16 * 1024 * 1024 }), await createReachable()),
)

describe('Redis as a response cache', () => {
  let cache: ResponseCache
  beforeEach(async () => {
    cache = await createReachable()
    return () => cache.close()
  })

  test('away: entries are missing, nothing throws; after a restart it works again', async () => {
    await cache.set('key', createEntry())
    await redis.kill()
    expect(await cache.get('key')).toBeUndefined()
    await cache.set('other', createEntry())
    expect(await cache.isReachable()).toBe(false)
    expect(cache.stats().errors).toBeGreaterThan(0)
    await redis.start()
    await untilReachable(cache)
    await cache.set('key', createEntry({ etag: '"back"' }))
    expect((await cache.get('key'))?.etag).toBe('"back"')
  })

  test('slow: it is waited for no longer than its time, and then not by every request', async () => {
    const impatient = await createReachable({ timeoutMs: 1_000, pauseMs: 600_000 })
    const recovering = await createReachable({ timeoutMs: 1_000, pauseMs: 1 })
    redis.freeze()
    try {
      const answers = await Promise.all(Array.from({ length: 20 }, () => impatient.get('key')))
      const startMs = performance.now()
      for (let i = 0; i < 100; i++) answers.push(await impatient.get('key'))
      expect(answers.every((answer) => answer === undefined)).toBe(true)
      // 100 s, were each of them to wait
      expect(performance.now() - startMs).toBeLessThan(30_000)
      expect(await recovering.get('key')).toBeUndefined()
    } finally {
      redis.thaw()
    }
    await untilTrue(async () => {
      await recovering.set('key', createEntry())
      return (await recovering.get('key')) !== undefined
    })
    await impatient.close()
    await recovering.close()
  })

  test('away, with memory in front: hits go on', async () => {
    const both = createLayeredCache(createMemoryCache({ maxBytes: 1024 * 1024 }), cache)
    await both.set('key', createEntry())
    await redis.kill()
    expect(await both.get('key')).toBeDefined()
    await both.set('new', createEntry())
    expect(await both.get('new')).toBeDefined()
    await redis.start()
    await untilReachable(both)
  })

  test('what another server wrote comes to the memory in front', async () => {
    const front = createMemoryCache({ maxBytes: 1024 * 1024 })
    await cache.set('shared', createEntry({ etag: '"shared"' }))
    expect((await createLayeredCache(front, cache).get('shared'))?.etag).toBe('"shared"')
    expect((await front.get('shared'))?.etag).toBe('"shared"')
  })

  test('clear leaves the keys of others alone', async () => {
    const other = await createReachable()
    await other.set('key', createEntry())
    await cache.clear()
    expect(await other.get('key')).toBeDefined()
    await other.close()
  })

  test('full: what does not fit is dropped, reads go on', async () => {
    const small = await startRedis({ maxMemory: '4mb' })
    const full = createRedisCache({ url: small.url, prefix: of('test:'), timeoutMs: 60_000 })
    await untilReachable(full)
    await full.set('first', createEntry())
    for (let i = 0; i < 8; i++) {
      await full.set(`large ${i}`, createEntry({ bodies: { identity: Buffer.alloc(1024 * 1024) } }))
    }
    expect(full.stats().errors).toBeGreaterThan(0)
    expect(await full.get('first')).toBeDefined()
    expect(await full.get('large 7')).toBeUndefined()
    await full.close()
    await small.close()
  })

  test('a wrong password is an absence, not a failure', async () => {
    const locked = await startRedis({ password: 'secret' })
    const cache = createRedisCache({ url: locked.url.replace('secret', 'wrong'), prefix: of('test:') })
    await delay(100)
    expect(await cache.get('key')).toBeUndefined()
    expect(await cache.isReachable()).toBe(false)
    await cache.close()
    await locked.close()
  })
})

describe('the form in which an entry is kept', () => {
  test('bytes that are no entry are missing', () => {
    const bytes = encodeEntry(createEntry())
    expect(decodeEntry(bytes)).toBeDefined()
    for (const wrong of [Buffer.alloc(0), Buffer.from('hello'), bytes.subarray(0, -1), Buffer.concat([bytes, bytes])]) {
      expect(decodeEntry(wrong)).toBeUndefined()
    }
  })
})
