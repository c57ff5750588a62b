import { createByteBoundedCache } from '../../retrieval/cache/byte-bounded-cache.ts'
import { oncePer } from '../../retrieval/cache/once-per.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { type Reads, verified } from '../../retrieval/verified.ts'

/**
 * What was read out of small remote files is kept, so that listings need not parse them again. Larger things (matrices)
 * count with their bytes.
 */
const MAX_BYTES = 48 * 1024 * 1024
/** What a table of a few hundred rows takes. */
const TABLE_BYTES = 32 * 1024

const sizeOf = (value: object): number => {
  if ('values' in value && ArrayBuffer.isView(value.values)) return value.values.byteLength
  return 'heldBytes' in value && typeof value.heldBytes === 'number' ? value.heldBytes : TABLE_BYTES
}

function createParsedFiles(_: Retrieval) {
  return createByteBoundedCache<object>({ maxBytes: MAX_BYTES, sizeOf })
}

/**
 * The parsed form of a file, made once for all who ask; `what` tells several forms of one file apart. `load` gets the
 * signal of all callers together, which fires when the last of them has left, and reads whose bytes are asked for again
 * where `load` cannot decode them. Failures are not kept.
 */
export function loadParsed<T extends object>(
  retrieval: Retrieval,
  url: string,
  what: string,
  load: (signal: AbortSignal, reads: Reads) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const verifiedLoad = (shared: AbortSignal) => verified(retrieval, (reads) => load(shared, reads))
  return oncePer(retrieval, createParsedFiles).load(`${what} ${url}`, verifiedLoad, signal)
}
