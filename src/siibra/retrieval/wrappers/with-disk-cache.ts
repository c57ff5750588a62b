import type { CachedBytes, DiskCache } from '../cache/disk-cache.ts'
import { partKey, unprovenKey } from '../cache/entry-names.ts'
import { resolveRange } from '../stores/byte-range.ts'
import type { ByteRange, ReadOptions, Store } from '../stores/store.ts'
import { isUpstreamUnavailable } from '../upstream-errors.ts'

export interface CachePolicy {
  /** Put before all keys: keeps apart what different sources hold under the same key. */
  namespace?: string
  /** After this, an object is asked for anew; where that fails, the old one is given. Default 7 days. */
  freshMs?: number
  /** The same for what nothing has decoded yet: it may be a web page, or half of the file. Default 10,000 ms. */
  unprovenFreshMs?: number
  /** How long "there is no such object" is believed, in this process. Default 20,000 ms. */
  missingMs?: number
}

/** A store that keeps for good what its readers could decode. */
export interface ProvingStore extends Store {
  /** What was given of this object could be decoded. */
  prove(key: string): Promise<void>
  /** It could not: forget it. */
  drop(key: string): Promise<void>
}

/** Ranges up to this size become entries of their own where the whole object is not in the cache. */
const RANGE_BYTES = 64 * 1024 * 1024
const REMEMBERED = 10_000

/** Keeps what the store gives on disk: for a moment, and for good once it was proven. Failures are never kept. */
export function withDiskCache(store: Store, cache: DiskCache, policy: CachePolicy = {}): ProvingStore {
  const { namespace = '', freshMs = 7 * 24 * 3_600_000, unprovenFreshMs = 10_000, missingMs = 20_000 } = policy
  const { getRange, stat } = store
  const missingSince = new Map<string, number>()
  /** Entries that were given away unproven, by key of the store. */
  const unproven = new Map<string, Set<string>>()

  const isYounger = (cached: CachedBytes, limitMs: number) => Date.now() - cached.storedAtMs < limitMs
  const isFresh = (cached: CachedBytes, read?: ReadOptions) => isYounger(cached, read?.maxAgeMs ?? freshMs)
  const isFreshTrial = (cached: CachedBytes, read?: ReadOptions) =>
    isYounger(cached, Math.min(unprovenFreshMs, read?.maxAgeMs ?? freshMs))

  function isKnownMissing(key: string): boolean {
    const since = missingSince.get(key)
    return since !== undefined && Date.now() - since < missingMs
  }

  function rememberMissing(key: string): void {
    if (missingSince.size >= REMEMBERED) missingSince.clear()
    missingSince.set(key, Date.now())
  }

  function noteUnproven(key: string, entry: string): void {
    if (unproven.size >= REMEMBERED) unproven.clear()
    const entries = unproven.get(key)
    if (entries) entries.add(entry)
    else unproven.set(key, new Set([entry]))
  }

  async function readThrough(
    key: string,
    entry: string,
    kept: CachedBytes | undefined,
    read: ReadOptions | undefined,
    fetch: () => Promise<Uint8Array | undefined>,
  ): Promise<Uint8Array | undefined> {
    if (kept && isFresh(kept, read)) {
      // whoever decodes this says nothing about one that came later
      unproven.get(key)?.delete(entry)
      return kept.bytes
    }
    const trial = await cache.read(unprovenKey(entry), read?.maxBytes)
    if (trial && isFreshTrial(trial, read)) {
      noteUnproven(key, entry)
      return trial.bytes
    }
    if (!kept && !trial && isKnownMissing(key) && read?.maxAgeMs !== 0) return undefined
    try {
      const bytes = await fetch()
      if (bytes) {
        noteUnproven(key, entry)
        await cache.write(unprovenKey(entry), bytes)
      } else rememberMissing(key)
      return bytes
    } catch (thrown) {
      const old = kept ?? trial
      if (old && isUpstreamUnavailable(thrown)) {
        if (!kept) noteUnproven(key, entry)
        return old.bytes
      }
      throw thrown
    }
  }

  async function readRange(
    key: string,
    range: ByteRange,
    read: ReadOptions | undefined,
    fetch: () => Promise<Uint8Array | undefined>,
  ): Promise<Uint8Array | undefined> {
    const object = namespace + key
    const whole = await cache.readRange(object, range)
    if (whole && isFresh(whole, read)) return whole.bytes
    const unprovenWhole = await cache.readRange(unprovenKey(object), range)
    if (unprovenWhole && isFreshTrial(unprovenWhole, read)) {
      noteUnproven(key, object)
      return unprovenWhole.bytes
    }
    if (resolveRange(range, Number.MAX_SAFE_INTEGER).length > RANGE_BYTES) return fetch()
    const entry = partKey(object, range)
    return readThrough(key, entry, (await cache.read(entry)) ?? whole, read, fetch)
  }

  return {
    async get(key, read) {
      const kept = await cache.read(namespace + key, read?.maxBytes)
      return readThrough(key, namespace + key, kept, read, () => store.get(key, read))
    },
    getRange:
      getRange && ((key, range, read) => readRange(key, range, read, () => getRange.call(store, key, range, read))),
    stat: stat && ((key, read) => stat.call(store, key, read)),
    async prove(key) {
      const entries = unproven.get(key)
      if (!entries) return
      unproven.delete(key)
      for (const entry of entries) await cache.prove(entry)
    },
    async drop(key) {
      unproven.delete(key)
      missingSince.delete(key)
      await cache.drop(namespace + key)
    },
  }
}
