import { SiibraError } from '../../errors.ts'
import type { ByteRange, Store } from './store.ts'

/** First byte and number of bytes of a range in an object of that size; what lies past the end is cut off. */
export function resolveRange(range: ByteRange, sizeBytes: number): { offset: number; length: number } {
  if ('suffixLength' in range) {
    const length = Math.min(sizeBytes, Math.max(0, range.suffixLength))
    return { offset: sizeBytes - length, length }
  }
  const offset = Math.min(sizeBytes, Math.max(0, range.offset))
  return { offset, length: Math.max(0, Math.min(sizeBytes - offset, range.length)) }
}

/** The bytes of a range out of the whole object, as a copy. */
export function cutRange(bytes: Uint8Array, range: ByteRange): Uint8Array {
  const { offset, length } = resolveRange(range, bytes.length)
  return Uint8Array.from(bytes.subarray(offset, offset + length))
}

/** Reads the whole object and cuts it where the store knows no ranges (put it outside of a cache). */
export function withWholeObjectRanges(store: Store): Store & Required<Pick<Store, 'getRange'>> {
  return {
    ...store,
    async getRange(key, range, options) {
      try {
        if (store.getRange) return await store.getRange(key, range, options)
      } catch (thrown) {
        if (!(thrown instanceof SiibraError && thrown.code === 'UNSUPPORTED')) throw thrown
      }
      const bytes = await store.get(key, options)
      return bytes && cutRange(bytes, range)
    },
  }
}
