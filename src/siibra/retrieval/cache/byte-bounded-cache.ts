import { LRUCache } from 'lru-cache'
import { createSingleFlight } from './single-flight.ts'

export interface ByteBoundedCache<T> {
  /**
   * The value of `key`; `load` makes it where it is not there, once for all who ask meanwhile, with a signal that fires
   * when all of them have left. Failures, what came of an aborted load and incomplete values are not kept.
   */
  load<V extends T>(key: string, load: (signal: AbortSignal) => Promise<V>, signal?: AbortSignal): Promise<V>
  get(key: string): T | undefined
  set(key: string, value: T): void
  delete(key: string): void
  clear(): void
  /** Bytes and entries held now, and hits and misses so far. */
  stats(): { bytes: number; entries: number; hits: number; misses: number }
}

export interface ByteBoundedCacheOptions<T> {
  /** The least recently used values go when all together would need more. A value larger than this is not kept. */
  maxBytes: number
  /** What a value costs (for decoded volumes: the bytes of their voxels; shared buffers count once, here). */
  sizeOf: (value: T) => number
  /** Whether a loaded value is kept; one that lacks something for a passing reason is only handed out. Default: all are. */
  isComplete?: (value: T) => boolean
}

/**
 * Least-recently-used cache bounded in bytes, for decoded volumes, archive directories, parsed files and the like.
 * The flights are our own: those of lru-cache are aborted by the signal of the one who began them.
 */
export function createByteBoundedCache<T extends object>(options: ByteBoundedCacheOptions<T>): ByteBoundedCache<T> {
  const { maxBytes, sizeOf, isComplete = () => true } = options
  const held = new LRUCache<string, T>({ maxSize: maxBytes })
  const flights = createSingleFlight<T>()
  let hits = 0
  let misses = 0

  function set(key: string, value: T): void {
    const bytes = sizeOf(value)
    if (bytes > maxBytes) held.delete(key)
    else held.set(key, value, { size: Math.max(1, Math.ceil(bytes)) })
  }

  return {
    async load<V extends T>(key: string, load: (signal: AbortSignal) => Promise<V>, signal?: AbortSignal) {
      const value = held.get(key)
      if (value !== undefined) {
        hits++
        return value as V
      }
      misses++
      const loadAndKeep = async (shared: AbortSignal) => {
        const loaded = await load(shared)
        if (!shared.aborted && isComplete(loaded)) set(key, loaded)
        return loaded
      }
      return flights.run(key, loadAndKeep, signal) as Promise<V>
    },
    get: (key) => held.get(key),
    set,
    delete: (key) => void held.delete(key),
    clear: () => held.clear(),
    stats: () => ({ bytes: held.calculatedSize, entries: held.size, hits, misses }),
  }
}
