import type { Config } from '../../../config.ts'
import type { TaskResult } from '../../../tasks/task.ts'
import type { CacheEntry, ResponseCache } from '../../cache/cache.ts'
import { createCompressor } from '../../cache/compress.ts'
import type { RouteRecord } from '../../routes/route.ts'
import { toEntry } from '../answer.ts'
import { STATUS_OF } from '../errors.ts'
import type { HeaderList } from '../exchange.ts'
import { createKeptBounds, isBeyondTheEnd } from './kept-bounds.ts'

/** A stale answer that could not be made again is left alone for this time. */
const REFRESH_AGAIN_MS = 60_000

export interface KeptAnswersOptions {
  cache: ResponseCache
  config: Pick<Config, 'responseCacheTtlS' | 'responseCacheStaleS'>
  /** See `ServiceState.generation`. */
  generation?: (() => number) | undefined
  /** Hears which raw URL stands for which cached answer. */
  onCached?: ((place: Place) => void) | undefined
}

/** Where an answer is kept: the raw URL that asked for it, and its key. */
export interface Place {
  url: string
  /** The path below which the client finds the service: links among `ofUrl` begin with it. */
  prefix?: string | undefined
  /** The header of the request: it decides the form where the route has several, and the key with it. */
  accept: string | undefined
  key: string
  route: RouteRecord
  /** Headers that the URL alone asks for (parameters that are not known): no part of what is kept. */
  ofUrl: HeaderList
}

export interface KeptAnswers {
  get(key: string): Promise<CacheEntry | undefined>
  /** An answer of the cache was found by the key of a raw URL. */
  found(place: Place, entry: CacheEntry): void
  store(place: Place, entry: CacheEntry): void
  /** Makes a stale answer again, behind what people wait for. */
  refresh(place: Place, stale: CacheEntry, make: () => Promise<TaskResult>): void
  entryOf(result: TaskResult & { ok: true }): CacheEntry
}

/** What of the answers is kept, when it is compressed, and when it is made again. */
export function createKeptAnswers({ cache, config, onCached, generation = () => 0 }: KeptAnswersOptions): KeptAnswers {
  const compress = createCompressor(cache)
  const refreshing = new Set<string>()
  const bounds = createKeptBounds((key) => void cache.delete(key))

  const entryOf = (result: TaskResult & { ok: true }) => {
    const staleAtMs = Date.now() + config.responseCacheTtlS * 1000
    return toEntry(result, staleAtMs, staleAtMs + config.responseCacheStaleS * 1000)
  }

  /**
   * Keeps an answer as it is. Its compressed forms follow; those of what is less than critical when it is asked again, as most
   * of it never is (points, boxes): compressing took a third of the event loop's time beside a flood of such answers.
   */
  const store = (place: Place, entry: CacheEntry) => {
    const { key, route } = place
    if (isBeyondTheEnd(entry)) return
    bounds.note(route, key)
    const known = cache.peek?.(key)
    const isSame = known?.etag === entry.etag && known.bodies.gzip !== undefined
    const kept = isSame ? { ...entry, bodies: known.bodies } : entry
    const isSoonAgain = route.criticality === 'critical'
    if (!isSame && isSoonAgain) compress(key, entry)
    const stored = cache.set(key, kept)
    if (isSame || isSoonAgain) void stored.then(() => onCached?.(place))
  }

  return {
    get: (key) => cache.get(key),
    entryOf,
    store,
    found(place, entry) {
      bounds.note(place.route, place.key)
      if (entry.bodies.gzip === undefined) compress(place.key, entry)
      onCached?.(place)
    },
    refresh(place, stale, make) {
      const { key } = place
      if (refreshing.has(key)) return
      refreshing.add(key)
      const begun = generation()
      void make()
        .then((result) => {
          if (begun !== generation()) return
          if (result.ok && result.status === 200) return store(place, entryOf(result))
          const isGone = !result.ok && STATUS_OF[result.code] < 500
          if (isGone) return cache.delete(key)
          // as when the remote data are away: the old one goes on being served
          return cache.set(key, { ...stale, staleAtMs: Date.now() + REFRESH_AGAIN_MS })
        })
        .finally(() => refreshing.delete(key))
    },
  }
}
