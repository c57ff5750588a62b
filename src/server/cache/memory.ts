import { LRUCache } from 'lru-cache'
import { type CacheEntry, entrySizeBytes, type ResponseCache } from './cache.ts'
import type { SnapshotSource } from './snapshot.ts'

/** Answers in the memory of this process, least recently used first out, bounded in bytes. */
export function createMemoryCache({ maxBytes }: { maxBytes: number }): Required<ResponseCache> & SnapshotSource {
  const counts = { hits: 0, misses: 0 }
  const entries = maxBytes > 0 ? createStore(maxBytes) : undefined

  const peek = (key: string) => {
    const entry = entries?.get(key)
    if (entry === undefined || entry.expiresAtMs > Date.now()) return entry
    entries?.delete(key)
    return undefined
  }

  return {
    name: 'memory',
    peek,
    countHit() {
      counts.hits++
    },
    async get(key) {
      const entry = peek(key)
      counts[entry === undefined ? 'misses' : 'hits']++
      return entry
    },
    async set(key, entry) {
      if (entry.expiresAtMs > Date.now()) entries?.set(key, entry)
    },
    async delete(key) {
      entries?.delete(key)
    },
    async clear() {
      entries?.clear()
    },
    entries: () => (entries?.rentries() ?? []) as Iterable<[string, CacheEntry]>,
    stats: () => ({
      entries: entries?.size ?? 0,
      bytes: entries?.calculatedSize ?? 0,
      maxBytes,
      ...counts,
      errors: 0,
    }),
    isReachable: async () => true,
    async close() {
      entries?.clear()
    },
  }
}

function createStore(maxBytes: number): LRUCache<string, CacheEntry> {
  return new LRUCache({
    maxSize: maxBytes,
    // one answer must not push out all others
    maxEntrySize: Math.max(1, Math.floor(maxBytes / 4)),
    sizeCalculation: (entry, key) => entrySizeBytes(key, entry),
  })
}
