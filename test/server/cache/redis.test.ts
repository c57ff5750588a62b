/** Redis as a response cache, with a Redis that is told what to answer. With a real one: response-caches.test.ts. */
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeEntry } from '../../../src/server/cache/encode-entry.ts'
import { createRedisCache } from '../../../src/server/cache/redis.ts'
import { createEntry } from './conformance.ts'

const { open } = vi.hoisted(() => ({ open: { redis: {} as object } }))
vi.mock('../../../src/platform/redis.ts', () => ({
  connectRedis: () => open.redis,
  closeRedis: async () => {},
  primariesOf: () => [open.redis],
}))

const NOW = 1_000_000
/** Commands in the order in which they came, without bytes. */
let asked: unknown[][] = []
/** What the next commands are answered; nothing: null. */
let answers: unknown[] = []
let redis: EventEmitter & { status: string; isCluster: boolean }

beforeEach(() => {
  vi.spyOn(Date, 'now').mockReturnValue(NOW)
  asked = []
  answers = []
  const command =
    (name: string) =>
    async (...given: unknown[]) => {
      asked.push([name, ...given.filter((one) => !Buffer.isBuffer(one))])
      const answer = answers.shift() ?? null
      if (answer instanceof Error) throw answer
      return answer
    }
  const commands = ['getBuffer', 'set', 'unlink', 'scan', 'ping'].map((name) => [name, command(name)])
  redis = Object.assign(new EventEmitter(), { status: 'ready', isCluster: false, ...Object.fromEntries(commands) })
  open.redis = redis
})
afterEach(() => void vi.restoreAllMocks())

const at = (ms: number) => void vi.spyOn(Date, 'now').mockReturnValue(NOW + ms)
const create = (more = {}) => createRedisCache({ url: 'redis://x', prefix: () => 'v1:', ...more })
const living = (ms: number) => createEntry({ expiresAtMs: NOW + ms })

test('an entry is found below the prefix, until it ends', async () => {
  const cache = create()
  answers = [encodeEntry(living(1)), encodeEntry(living(0)), null, Buffer.from('what is this')]
  expect((await cache.get('a'))?.etag).toBe('"1"')
  for (const key of ['b', 'c', 'd']) expect(await cache.get(key)).toBeUndefined()
  expect(asked).toEqual(['a', 'b', 'c', 'd'].map((key) => ['getBuffer', `v1:${key}`]))
  expect(cache.stats()).toMatchObject({ hits: 1, misses: 3, errors: 0 })
})

test('it is sent with what is left of its life, thirty days at most', async () => {
  const cache = create()
  for (const ms of [-1, 0, 1, 2_592_000_000, 2_592_000_001, Number.POSITIVE_INFINITY]) await cache.set('a', living(ms))
  const month = 2_592_000_000
  expect(asked).toEqual([1, month, month, month].map((ms) => ['set', 'v1:a', 'PX', ms]))
})

test('a large one is not', async () => {
  const bytes = encodeEntry(living(1)).length
  await create({ maxEntryBytes: bytes - 1 }).set('a', living(1))
  expect(asked).toEqual([])
  await create({ maxEntryBytes: bytes }).set('a', living(1))
  expect(asked).toHaveLength(1)
})

test('without a prefix there is nothing, and nothing is asked', async () => {
  const cache = create({ prefix: () => undefined })
  await Promise.all([cache.get('a'), cache.set('a', living(1)), cache.delete('a'), cache.clear()])
  expect([asked, cache.stats().misses]).toEqual([[], 1])
})

describe('a command that fails', () => {
  test('leaves Redis alone for a second, or until it is there again', async () => {
    const cache = create()
    const isAsked = async () => {
      const before = asked.length
      await cache.get('a')
      return asked.length > before
    }
    answers = [new Error('timeout')]
    expect([await isAsked(), await isAsked()]).toEqual([true, false])
    at(999)
    expect(await isAsked()).toBe(false)
    at(1000)
    answers = [new Error('timeout')]
    expect([await isAsked(), await isAsked()]).toEqual([true, false])
    redis.emit('ready')
    expect(await isAsked()).toBe(true)
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 6, errors: 5 })
  })

  test('as Redis refused it says nothing of others', async () => {
    const cache = create()
    answers = [Object.assign(new Error('OOM'), { name: 'ReplyError' })]
    await cache.set('a', living(1))
    await cache.set('b', living(1))
    expect([asked.length, cache.stats().errors]).toEqual([2, 1])
  })

  test('is not sent where there is no connection', async () => {
    const cache = create()
    redis.status = 'reconnecting'
    await cache.delete('a')
    expect([asked, cache.stats().errors, await cache.isReachable()]).toEqual([[], 1, false])
  })
})

test('it can be reached where it answers', async () => {
  answers = ['PONG', new Error('timeout')]
  expect([await create().isReachable(), await create().isReachable()]).toEqual([true, false])
})

test('one key goes, or all below the prefix, of which a Cluster takes one at a time', async () => {
  await create().delete('a')
  const scan = (cursor: string) => ['scan', cursor, 'MATCH', 'v\\*1:*', 'COUNT', 500]
  for (const isCluster of [false, true]) {
    redis.isCluster = isCluster
    answers = [['7', ['x', 'y']], ...(isCluster ? [1, 1] : [2]), ['0', []]]
    await create({ prefix: () => 'v*1:' }).clear()
  }
  expect(asked).toEqual([
    ['unlink', 'v1:a'],
    ...[scan('0'), ['unlink', 'x', 'y'], scan('7')],
    ...[scan('0'), ['unlink', 'x'], ['unlink', 'y'], scan('7')],
  ])
})
