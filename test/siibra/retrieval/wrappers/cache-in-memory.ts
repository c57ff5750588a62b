import type { CachedBytes, DiskCache } from '../../../../src/siibra/retrieval/cache/disk-cache.ts'
import { belongsTo, unprovenKey } from '../../../../src/siibra/retrieval/cache/entry-names.ts'
import { cutRange } from '../../../../src/siibra/retrieval/stores/byte-range.ts'

/** A disk cache without a disk, by the clock of the test; `calls` lists what it was told. */
export function createCacheInMemory() {
  const entries = new Map<string, CachedBytes>()
  const calls: string[] = []
  const told = (call: string, key: string) => void calls.push(`${call} ${key.replaceAll('\0', '|')}`)
  const cache: DiskCache = {
    read: async (key) => entries.get(key),
    async readRange(key, range) {
      const entry = entries.get(key)
      return entry && { ...entry, bytes: cutRange(entry.bytes, range) }
    },
    async write(key, bytes) {
      told('write', key)
      entries.set(key, { bytes, storedAtMs: Date.now() })
    },
    async delete(key) {
      told('delete', key)
      entries.delete(key)
    },
    async prove(key) {
      told('prove', key)
      const entry = entries.get(unprovenKey(key))
      if (entry) entries.set(key, entry)
      entries.delete(unprovenKey(key))
    },
    async drop(object, isProvenKept) {
      told(isProvenKept ? 'drop but for' : 'drop', object)
      for (const key of entries.keys())
        if (belongsTo(key, object) && !(isProvenKept && key === object)) entries.delete(key)
    },
    lease: () => 'held',
    sweep: async () => {},
  }
  return { cache, entries, calls }
}
