/**
 * Byte stores: where bytes come from (HTTP, folder, zip archive, mirror ...), behind one small contract.
 * Stores are layered by wrapping: each `with*` is a function Store -> Store with a test of its own.
 * A missing object is `undefined`; everything else that goes wrong throws a SiibraError (UPSTREAM_UNAVAILABLE, BAD_DATA).
 */
export interface ReadOptions {
  signal?: AbortSignal
  /** More bytes than this are refused (BAD_DATA), as early as the source tells its size. */
  maxBytes?: number
  /** Caches answer only with what they got less than this ago (0: the source itself is asked). Default: their policy. */
  maxAgeMs?: number
}

/** Bytes `[offset, offset + length)`, or the last `suffixLength` bytes. */
export type ByteRange = { offset: number; length: number } | { suffixLength: number }

export interface ObjectStat {
  sizeBytes: number
}

export interface Store {
  /** The whole object at `key` (for HTTP stores: an absolute URL); `undefined` where there is none. */
  get(key: string, options?: ReadOptions): Promise<Uint8Array | undefined>
  /**
   * A part of the object. A range past the end gives what is there (possibly nothing). Throws UNSUPPORTED where the
   * source knows no ranges and the object is too large to be read whole by the way (see `withWholeObjectRanges`).
   */
  getRange?(key: string, range: ByteRange, options?: ReadOptions): Promise<Uint8Array | undefined>
  stat?(key: string, options?: ReadOptions): Promise<ObjectStat | undefined>
}
