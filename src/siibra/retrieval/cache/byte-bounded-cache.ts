import { createSingleFlight } from './single-flight.ts'

export interface ByteBoundedCache<T> {
  /** The value of `key`; `load` makes it where it is not there, once for all who ask meanwhile. Failures are not kept. */
  load(key: string, load: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>
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
}

/** Least-recently-used cache bounded in bytes, for decoded volumes, archive directories and the like. */
export function createByteBoundedCache<T extends object>(options: ByteBoundedCacheOptions<T>): ByteBoundedCache<T> {
  const { maxBytes, sizeOf } = options
  const held = new Map<string, { value: T; bytes: number }>()
  const flights = createSingleFlight<T>()
  let bytes = 0
  let hits = 0
  let misses = 0

  function remove(key: string): void {
    const entry = held.get(key)
    if (entry && held.delete(key)) bytes -= entry.bytes
  }

  function get(key: string): T | undefined {
    const entry = held.get(key)
    if (!entry) return undefined
    held.delete(key)
    held.set(key, entry)
    return entry.value
  }

  function set(key: string, value: T): void {
    remove(key)
    const cost = sizeOf(value)
    if (cost > maxBytes) return
    held.set(key, { value, bytes: cost })
    bytes += cost
    for (const oldest of held.keys()) {
      if (bytes <= maxBytes) break
      remove(oldest)
    }
  }

  return {
    async load(key, load, signal) {
      const value = get(key)
      if (value !== undefined) {
        hits++
        return value
      }
      misses++
      const loadAndKeep = async (shared: AbortSignal) => {
        const loaded = await load(shared)
        set(key, loaded)
        return loaded
      }
      return flights.run(key, loadAndKeep, signal)
    },
    get,
    set,
    delete: remove,
    clear() {
      held.clear()
      bytes = 0
    },
    stats: () => ({ bytes, entries: held.size, hits, misses }),
  }
}
