/** Gzip and zlib with bounds: what inflates past them is refused on the way, before it is all in memory. */
import { constants, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import { SiibraError } from '../errors.ts'

/** How much a single file may hold once inflated, unless the caller says otherwise. */
export const defaultMaxBytes = 2 ** 31

export interface DecodeOptions {
  /** The URL or path of the bytes, for error messages (`details.url`). */
  source?: string
  /** Upper bound of the inflated bytes; more is BAD_DATA. */
  maxBytes?: number
}

/** No deflate stream expands by more than this. */
const largestRatio = 1032

export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 3 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8
}

/** The bytes as they are, or inflated where they begin with gzip's magic number. */
export function gunzipIfNeeded(bytes: Uint8Array, options: DecodeOptions = {}): Uint8Array {
  return isGzip(bytes) ? gunzipBounded(bytes, options) : bytes
}

/**
 * Gunzips all members. The size in the trailer is taken as a hint (within what the input can hold at all and the bound), so that the
 * usual file is inflated into one buffer without copies.
 */
export function gunzipBounded(bytes: Uint8Array, options: DecodeOptions = {}): Uint8Array {
  const trailer = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const claimed = bytes.length >= 18 ? trailer.getUint32(bytes.length - 4, true) : 0
  return inflateBounded(gunzipSync, bytes, claimed, options)
}

/** Inflates a zlib stream (RFC 1950), e.g. what GIFTI's GZipBase64Binary really holds. */
export function inflateZlibBounded(bytes: Uint8Array, expectedBytes: number, options: DecodeOptions = {}): Uint8Array {
  return inflateBounded(inflateSync, bytes, expectedBytes, options)
}

function inflateBounded(
  inflate: typeof gunzipSync,
  bytes: Uint8Array,
  hintBytes: number,
  { source = 'the data', maxBytes = defaultMaxBytes }: DecodeOptions,
): Uint8Array {
  const possible = Math.min(hintBytes, bytes.length * largestRatio, maxBytes)
  // One byte more than hinted: a chunk that is filled exactly makes zlib allocate the next one.
  const chunkSize = Math.max(64 * 1024, possible + 1)
  try {
    const inflated = inflate(bytes, { chunkSize, maxOutputLength: maxBytes })
    // A view keeps all of its buffer alive: what the hint or the smallest chunk made too large is not kept.
    return 2 * inflated.length < inflated.buffer.byteLength ? new Uint8Array(inflated) : inflated
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw badData(source, `${bytes.length} bytes inflate to more than the bound of ${maxBytes} bytes`, cause)
    }
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw badData(source, `${bytes.length} bytes cannot be inflated: ${reason}`, cause)
  }
}

/** Gzips at level 1 unless told otherwise, as nibabel does: voxels gain little from more, and it takes several times longer. */
export function gzipBytes(bytes: Uint8Array, level: number = constants.Z_BEST_SPEED): Uint8Array {
  return gzipSync(bytes, { level, chunkSize: 256 * 1024 })
}

/** A BAD_DATA error that names its source. */
export function badData(source: string, reason: string, cause?: unknown): SiibraError {
  return new SiibraError('BAD_DATA', `${source}: ${reason}`, { url: source }, cause === undefined ? {} : { cause })
}
