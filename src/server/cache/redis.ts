import type { Redis } from 'ioredis'
import { type ConnectionReport, closeRedis, connectRedis } from '../../dispatch/redis.ts'
import { type CacheEntry, type CacheStats, ENCODINGS, type ResponseCache } from './cache.ts'

export interface RedisCacheOptions {
  url: string
  /** Begins every key, so that versions of the service share a database without mixing answers. */
  prefix: string
  /** What takes longer counts as missing. Default 250. */
  timeoutMs?: number
  /** After a failure Redis is left alone for this time, so that a slow one is not waited for by each request. Default 1000. */
  pauseMs?: number
  /** Entries with larger bodies are not sent to Redis. Default 32 MiB. */
  maxEntryBytes?: number
  report?: ConnectionReport
}

/**
 * Keeps answers in Redis or Valkey, to be shared by all servers of a version. With Redis away, slow or full, entries are
 * missing and writes dropped; once it answers again they are there again, without a restart.
 */
export function createRedisCache(options: RedisCacheOptions): ResponseCache {
  const { prefix, timeoutMs = 250, pauseMs = 1_000, maxEntryBytes = 32 * 1024 * 1024 } = options
  const redis = connectRedis(options.url, {
    name: 'siibra-api cache',
    commandTimeoutMs: timeoutMs,
    ...(options.report ? { report: options.report } : {}),
  })
  const stats: CacheStats = { entries: 0, bytes: 0, maxBytes: 0, hits: 0, misses: 0, errors: 0 }
  let pausedUntilMs = 0
  redis.on('ready', () => {
    pausedUntilMs = 0
  })

  /** Result of a command, or `otherwise` where Redis is not there in time. */
  const attempt = async <T, U>(command: () => Promise<T>, otherwise: U): Promise<T | U> => {
    if (redis.status !== 'ready' || Date.now() < pausedUntilMs) {
      stats.errors++
      return otherwise
    }
    try {
      return await command()
    } catch (error) {
      stats.errors++
      // A refused write (memory full) says nothing about reads, and costs no time.
      if (!isRefusal(error)) pausedUntilMs = Date.now() + pauseMs
      return otherwise
    }
  }

  return {
    name: 'redis',
    async get(key) {
      const bytes = await attempt(() => redis.getBuffer(prefix + key), null)
      const entry = bytes === null ? undefined : decodeEntry(bytes)
      const fresh = entry !== undefined && entry.expiresAtMs > Date.now()
      stats[fresh ? 'hits' : 'misses']++
      return fresh ? entry : undefined
    },
    async set(key, entry) {
      const remainingMs = Math.ceil(Math.min(entry.expiresAtMs - Date.now(), MAX_KEPT_MS))
      if (remainingMs <= 0) return
      const bytes = encodeEntry(entry)
      if (bytes.length > maxEntryBytes) return
      await attempt(() => redis.set(prefix + key, bytes, 'PX', remainingMs), null)
    },
    async delete(key) {
      await attempt(() => redis.unlink(prefix + key), 0)
    },
    async clear() {
      await attempt(() => unlinkAll(redis, prefix), undefined)
    },
    stats: () => ({ ...stats }),
    isReachable: async () =>
      (redis.status === 'ready' ? redis.ping() : Promise.reject()).then(
        () => true,
        () => false,
      ),
    close: () => closeRedis(redis),
  }
}

/** Longest time to live given to Redis, for entries that never expire. */
const MAX_KEPT_MS = 30 * 24 * 3600 * 1000

const isRefusal = (error: unknown) => error instanceof Error && error.name === 'ReplyError'

async function unlinkAll(redis: Redis, prefix: string): Promise<void> {
  const pattern = `${prefix.replace(/[\\*?[\]^-]/g, '\\$&')}*`
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 500)
    if (keys.length > 0) await redis.unlink(...keys)
    cursor = next
  } while (cursor !== '0')
}

/** Length of the head (uint32, little endian), head as JSON with the lengths of the bodies, the bodies. */
export function encodeEntry(entry: CacheEntry): Buffer {
  const { bodies, ...rest } = entry
  const present = ENCODINGS.flatMap((encoding) => {
    const body = bodies[encoding]
    return body ? [{ encoding, body }] : []
  })
  const lengths = present.map(({ encoding, body }) => [encoding, body.byteLength])
  const head = Buffer.from(JSON.stringify({ ...rest, bodies: lengths }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return Buffer.concat([length, head, ...present.map(({ body }) => body)])
}

/** Inverse of {@link encodeEntry}; bytes that are no entry (of another version, cut off) are undefined. */
export function decodeEntry(bytes: Buffer): CacheEntry | undefined {
  try {
    let at = 4 + bytes.readUInt32LE(0)
    const { bodies: lengths, ...rest } = JSON.parse(bytes.toString('utf8', 4, at))
    const bodies: Partial<CacheEntry['bodies']> = {}
    for (const [encoding, length] of lengths as [keyof CacheEntry['bodies'], number][]) {
      bodies[encoding] = bytes.subarray(at, at + length)
      at += length
    }
    if (at !== bytes.length || bodies.identity === undefined) return undefined
    return { ...rest, bodies: { ...bodies, identity: bodies.identity } }
  } catch {
    return undefined
  }
}
