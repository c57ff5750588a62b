import { type CacheEntry, ENCODINGS, isStale, type ResponseCache } from './cache.ts'

/** An answer that is the same as the one that is kept is not written again before this time, or a tenth of what is left of its life. */
const WRITTEN_AGAIN_MS = 60_000

/**
 * A small quick cache in front of a large shared one. What is found behind is kept in front; what is written goes to
 * both, and nobody waits for the one behind. An answer that is made again and again past the cache is not sent there each time.
 */
export function createLayeredCache(front: ResponseCache, behind: ResponseCache): ResponseCache {
  return {
    name: `${front.name}+${behind.name}`,
    ...(front.peek ? { peek: front.peek } : {}),
    ...(front.countHit ? { countHit: front.countHit } : {}),
    async get(key) {
      const near = await front.get(key)
      if (near) return near
      const far = await behind.get(key)
      if (far) await front.set(key, far)
      return far
    },
    async set(key, entry) {
      const known = front.peek?.(key)
      if (known !== undefined && isAsGood(known, entry)) return
      void behind.set(key, entry)
      await front.set(key, entry)
    },
    async delete(key) {
      await Promise.all([front.delete(key), behind.delete(key)])
    },
    async clear() {
      await Promise.all([front.clear(), behind.clear()])
    },
    /** Entries and bytes of the one in front (those behind are shared); hits of both, misses of both in a row. */
    stats() {
      const near = front.stats()
      const far = behind.stats()
      return { ...near, hits: near.hits + far.hits, misses: far.misses, errors: near.errors + far.errors }
    },
    isReachable: () => behind.isReachable(),
    async close() {
      await Promise.all([front.close(), behind.close()])
    },
  }
}

/** Whether what is kept is the same answer in all forms, and will be for nearly as long. */
function isAsGood(known: CacheEntry, entry: CacheEntry): boolean {
  if (known.etag !== entry.etag || known.status !== entry.status || isStale(known)) return false
  if (ENCODINGS.some((encoding) => entry.bodies[encoding] !== undefined && known.bodies[encoding] === undefined))
    return false
  const leftMs = Math.min(known.staleAtMs ?? known.expiresAtMs, known.expiresAtMs) - Date.now()
  const againMs = Math.min(WRITTEN_AGAIN_MS, leftMs / 10)
  const isSoon = (knownMs = Infinity, ms = Infinity) => ms === knownMs || (ms > knownMs && ms - knownMs < againMs)
  return isSoon(known.expiresAtMs, entry.expiresAtMs) && isSoon(known.staleAtMs, entry.staleAtMs)
}
