import { resolveRange } from '../stores/byte-range.ts'
import type { ReadOptions, Store } from '../stores/store.ts'
import { tooLarge } from '../upstream-errors.ts'

/** Refuses objects and ranges of more than `maxBytes` (BAD_DATA with the arithmetic); a stricter bound of the reader stands. */
export function withMaxBytes(store: Store, maxBytes: number): Store {
  const { getRange, stat } = store
  const bound = (read?: ReadOptions) => Math.min(maxBytes, read?.maxBytes ?? maxBytes)
  const check = (key: string, bytes: Uint8Array | undefined, limit: number) => {
    if (bytes && bytes.length > limit) throw tooLarge(key, bytes.length, limit)
    return bytes
  }
  return {
    get: async (key, read) => {
      const limit = bound(read)
      return check(key, await store.get(key, { ...read, maxBytes: limit }), limit)
    },
    getRange:
      getRange &&
      (async (key, range, read) => {
        const limit = bound(read)
        const asked = resolveRange(range, Number.MAX_SAFE_INTEGER).length
        if (asked > limit) throw tooLarge(key, asked, limit)
        return check(key, await getRange.call(store, key, range, { ...read, maxBytes: limit }), limit)
      }),
    stat: stat && ((key, read) => stat.call(store, key, read)),
  }
}
