/** What must not fill the cache: families of answers without an end, as a route with free parameters has them. */
import { LRUCache } from 'lru-cache'
import type { Criticality } from '../../../tasks/criticality.ts'
import type { CacheEntry } from '../../cache/cache.ts'
import type { RouteRecord } from '../../routes/route.ts'

/** Answers of one route that are kept at a time. Every region of every map of the official configuration is a few thousand. */
export const MAX_KEPT: Readonly<Record<Criticality, number>> = { critical: 10_000, normal: 2_000, background: 2_000 }

export interface KeptBounds {
  /** An answer is kept, or was asked for again. */
  note(route: RouteRecord, key: string): void
}

/** Counts the answers of each route; `onExcess` hears of the one that has to go, the least recently noted. */
export function createKeptBounds(onExcess: (key: string) => void, maxKept = MAX_KEPT): KeptBounds {
  const byRoute = new Map<RouteRecord, LRUCache<string, true>>()
  return {
    note(route, key) {
      let keys = byRoute.get(route)
      if (keys === undefined) {
        const dispose = (_: true, gone: string, reason: string) => {
          if (reason === 'evict') onExcess(gone)
        }
        keys = new LRUCache({ max: maxKept[route.criticality], dispose })
        byRoute.set(route, keys)
      }
      keys.set(key, true)
    },
  }
}

const EMPTY_PAGE = Buffer.from('{"items":[],')
/** An empty page is nothing but numbers. */
const MAX_EMPTY_BYTES = 256

/** A page beyond the end of a listing: there are as many as numbers, and none costs anything to make. */
export function isBeyondTheEnd({ contentType, bodies: { identity } }: CacheEntry): boolean {
  if (contentType !== 'application/json' || identity.byteLength > MAX_EMPTY_BYTES) return false
  const body = Buffer.from(identity.buffer, identity.byteOffset, identity.byteLength)
  if (!body.subarray(0, EMPTY_PAGE.length).equals(EMPTY_PAGE)) return false
  return JSON.parse(body.toString()).page > 1
}
