import { type ByteBoundedCache, createByteBoundedCache } from '../../retrieval/cache/byte-bounded-cache.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'

/**
 * What was read out of small remote files is kept, so that listings need not parse them again. Larger things (matrices)
 * count with their bytes.
 */
const MAX_BYTES = 48 * 1024 * 1024
/** What a table of a few hundred rows takes. */
const TABLE_BYTES = 32 * 1024

const CACHES = new WeakMap<Retrieval, ByteBoundedCache<object>>()

const sizeOf = (value: object): number => {
  if ('values' in value && ArrayBuffer.isView(value.values)) return value.values.byteLength
  return 'heldBytes' in value && typeof value.heldBytes === 'number' ? value.heldBytes : TABLE_BYTES
}

/** The parsed form of a file, made once; `what` tells several forms of one file apart. Failures are not kept. */
export function loadParsed<T extends object>(
  retrieval: Retrieval,
  url: string,
  what: string,
  load: () => Promise<T>,
): Promise<T> {
  let cache = CACHES.get(retrieval)
  if (!cache) {
    cache = createByteBoundedCache({ maxBytes: MAX_BYTES, sizeOf })
    CACHES.set(retrieval, cache)
  }
  return cache.load(`${what} ${url}`, load) as Promise<T>
}
