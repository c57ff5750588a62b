import { throwIfAborted, tooLarge } from '../upstream-errors.ts'
import { cutRange } from './byte-range.ts'
import type { Store } from './store.ts'

/** Objects held in memory (archives that were read whole, tests). Bytes are handed out as copies. */
export function createMemoryStore(objects: ReadonlyMap<string, Uint8Array>): Store {
  return {
    async get(key, { signal, maxBytes = Number.POSITIVE_INFINITY } = {}) {
      throwIfAborted(signal)
      const bytes = objects.get(key)
      if (bytes && bytes.length > maxBytes) throw tooLarge(key, bytes.length, maxBytes)
      return bytes && Uint8Array.from(bytes)
    },
    async getRange(key, range, { signal } = {}) {
      throwIfAborted(signal)
      const bytes = objects.get(key)
      return bytes && cutRange(bytes, range)
    },
    async stat(key) {
      const bytes = objects.get(key)
      return bytes && { sizeBytes: bytes.length }
    },
  }
}
