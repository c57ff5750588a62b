import type { ResponseCache } from './cache.ts'

/**
 * A small quick cache in front of a large shared one. What is found behind is kept in front; what is written goes to
 * both, and nobody waits for the one behind.
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
