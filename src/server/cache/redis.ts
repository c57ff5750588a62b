import type { Redis } from 'ioredis'
import { type ConnectionReport, closeRedis, connectRedis, primariesOf } from '../../platform/redis.ts'
import type { CacheStats, ResponseCache } from './cache.ts'
import { decodeEntry, encodeEntry } from './encode-entry.ts'

export interface RedisCacheOptions {
  url: string
  /**
   * Begins every key, so that versions of the service and of its data share a database without mixing answers. While it is
   * not known, there is nothing in this cache, and nothing comes into it.
   */
  prefix: () => string | undefined
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
      const begin = prefix()
      const bytes = begin === undefined ? null : await attempt(() => redis.getBuffer(begin + key), null)
      const entry = bytes === null ? undefined : decodeEntry(bytes)
      const fresh = entry !== undefined && entry.expiresAtMs > Date.now()
      stats[fresh ? 'hits' : 'misses']++
      return fresh ? entry : undefined
    },
    async set(key, entry) {
      const remainingMs = Math.ceil(Math.min(entry.expiresAtMs - Date.now(), MAX_KEPT_MS))
      const begin = prefix()
      if (remainingMs <= 0 || begin === undefined) return
      const bytes = encodeEntry(entry)
      if (bytes.length > maxEntryBytes) return
      await attempt(() => redis.set(begin + key, bytes, 'PX', remainingMs), null)
    },
    async delete(key) {
      const begin = prefix()
      if (begin !== undefined) await attempt(() => redis.unlink(begin + key), 0)
    },
    async clear() {
      const begin = prefix()
      if (begin !== undefined) await attempt(() => unlinkAll(redis, begin), undefined)
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
  for (const server of primariesOf(redis)) {
    let cursor = '0'
    do {
      const [next, keys] = await server.scan(cursor, 'MATCH', pattern, 'COUNT', 500)
      // a Cluster removes keys of one slot at a time
      if (redis.isCluster) await Promise.all(keys.map((key) => redis.unlink(key)))
      else if (keys.length > 0) await redis.unlink(...keys)
      cursor = next
    } while (cursor !== '0')
  }
}
