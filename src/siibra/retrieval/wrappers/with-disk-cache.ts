import type { CachedBytes, DiskCache } from '../cache/disk-cache.ts'
import { resolveRange } from '../stores/byte-range.ts'
import type { ByteRange, ReadOptions, Store } from '../stores/store.ts'
import { isUpstreamUnavailable } from '../upstream-errors.ts'

export interface CachePolicy {
  /** Put before all keys: keeps apart what different sources hold under the same key. */
  namespace?: string
  /** After this, an object is asked for anew; where that fails, the old one is given. Default 7 days. */
  freshMs?: number
  /** How long "there is no such object" is believed, in this process. Default 30,000 ms. */
  missingMs?: number
}

/** Ranges up to this size become entries of their own where the whole object is not in the cache. */
const RANGE_BYTES = 64 * 1024 * 1024
const MISSES_REMEMBERED = 10_000

/** Keeps what the store gives on disk. Failures are never kept. */
export function withDiskCache(store: Store, cache: DiskCache, policy: CachePolicy = {}): Store {
  const { namespace = '', freshMs = 7 * 24 * 3_600_000, missingMs = 30_000 } = policy
  const { getRange, stat } = store
  const missingSince = new Map<string, number>()

  function isFresh(cached: CachedBytes, read?: ReadOptions): boolean {
    return Date.now() - cached.storedAtMs < (read?.maxAgeMs ?? freshMs)
  }

  function isKnownMissing(key: string): boolean {
    const since = missingSince.get(key)
    return since !== undefined && Date.now() - since < missingMs
  }

  function rememberMissing(key: string): void {
    if (missingSince.size >= MISSES_REMEMBERED) missingSince.clear()
    missingSince.set(key, Date.now())
  }

  async function readThrough(
    key: string,
    entry: string,
    cached: CachedBytes | undefined,
    read: ReadOptions | undefined,
    fetch: () => Promise<Uint8Array | undefined>,
  ): Promise<Uint8Array | undefined> {
    if (cached && isFresh(cached, read)) return cached.bytes
    if (!cached && isKnownMissing(key) && read?.maxAgeMs !== 0) return undefined
    try {
      const bytes = await fetch()
      if (bytes) await cache.write(entry, bytes)
      else rememberMissing(key)
      return bytes
    } catch (thrown) {
      if (cached && isUpstreamUnavailable(thrown)) return cached.bytes
      throw thrown
    }
  }

  async function readRange(key: string, range: ByteRange, read?: ReadOptions): Promise<Uint8Array | undefined> {
    const whole = await cache.readRange(namespace + key, range)
    if (whole && isFresh(whole, read)) return whole.bytes
    const fetch = () => getRange!.call(store, key, range, read)
    if (resolveRange(range, Number.MAX_SAFE_INTEGER).length > RANGE_BYTES) return fetch()
    const entry = `${namespace + key}\n${JSON.stringify(range)}`
    return readThrough(key, entry, (await cache.read(entry)) ?? whole, read, fetch)
  }

  return {
    async get(key, read) {
      const cached = await cache.read(namespace + key, read?.maxBytes)
      return readThrough(key, namespace + key, cached, read, () => store.get(key, read))
    },
    getRange: getRange && readRange,
    stat: stat && ((key, read) => stat.call(store, key, read)),
  }
}
