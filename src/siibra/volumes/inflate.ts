/** Gzip and zlib with bounds: what inflates past them is refused on the way, before it is all in memory. */
import { constants, crc32, gunzipSync, gzipSync, inflateRawSync, inflateSync } from 'node:zlib'
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
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8
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
  // zlib takes no bound of 0; one byte more than hinted: a chunk that is filled exactly makes zlib allocate the next one.
  const chunkSize = Math.max(64 * 1024, possible + 1)
  try {
    const inflated = inflate(bytes, { chunkSize, maxOutputLength: Math.max(1, maxBytes) })
    // A view keeps all of its buffer alive: what the hint or the smallest chunk made too large is not kept.
    return 2 * inflated.length < inflated.buffer.byteLength ? new Uint8Array(inflated) : inflated
  } catch (cause) {
    const leading = () => (inflate === gunzipSync ? gunzipLeadingMembers(bytes, maxBytes) : undefined)
    const members = isBeyondBound(cause) ? 'beyond' : leading()
    if (members === 'beyond') {
      throw badData(source, `${bytes.length} bytes inflate to more than the bound of ${maxBytes} bytes`, cause)
    }
    if (members) return members
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw badData(source, `${bytes.length} bytes cannot be inflated: ${reason}`, cause)
  }
}

const isBeyondBound = (thrown: unknown) => (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'

/**
 * What the whole gzip members at the start of some bytes hold, for files with something behind them, which nibabel never looks at and zlib
 * refuses. Undefined where there is not even one whole member, 'beyond' where they are more than the bound.
 */
function gunzipLeadingMembers(bytes: Uint8Array, maxBytes: number): Uint8Array | 'beyond' | undefined {
  const parts: Uint8Array[] = []
  let [at, total] = [0, 0]
  while (isGzip(bytes.subarray(at))) {
    const member = gunzipMember(bytes, at, maxBytes)
    if (!member) break
    if (member === 'beyond') return 'beyond'
    parts.push(member.inflated)
    total += member.inflated.length
    if (total > maxBytes) return 'beyond'
    at = member.end
  }
  return parts.length > 1 ? Buffer.concat(parts) : parts[0]
}

/** One member (RFC 1952) with its check sum; undefined where it is broken or cut off, 'beyond' where it alone is more than the bound. */
function gunzipMember(bytes: Uint8Array, start: number, maxBytes: number) {
  const begin = endOfGzipHeader(bytes, start)
  if (begin === undefined) return undefined
  try {
    // with `info`, node gives a pair that its types do not tell
    const { buffer, engine } = inflateRawSync(bytes.subarray(begin), {
      info: true,
      maxOutputLength: Math.max(1, maxBytes),
    }) as unknown as {
      buffer: Uint8Array
      engine: { bytesWritten: number }
    }
    const trailer = begin + engine.bytesWritten
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    // a trailer that is cut off ends in the catch, too
    const isWhole =
      view.getUint32(trailer, true) === crc32(buffer) && view.getUint32(trailer + 4, true) === buffer.length % 2 ** 32
    return isWhole ? { inflated: buffer, end: trailer + 8 } : undefined
  } catch (thrown) {
    return isBeyondBound(thrown) ? 'beyond' : undefined
  }
}

function endOfGzipHeader(bytes: Uint8Array, start: number): number | undefined {
  const flags = bytes[start + 3] ?? 0
  let at = start + 10
  if (flags & 4) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0)
  // name, then comment, each up to a zero byte
  for (const flag of [8, 16]) if (flags & flag) at = bytes.indexOf(0, at) + 1 || bytes.length
  if (flags & 2) at += 2
  return at < bytes.length ? at : undefined
}

/** Gzips at level 1 unless told otherwise, as nibabel does: voxels gain little from more, and it takes several times longer. */
export function gzipBytes(bytes: Uint8Array, level: number = constants.Z_BEST_SPEED): Uint8Array {
  return gzipSync(bytes, { level, chunkSize: 256 * 1024 })
}

/** A BAD_DATA error that names its source. */
export function badData(source: string, reason: string, cause?: unknown): SiibraError {
  return new SiibraError('BAD_DATA', `${source}: ${reason}`, { url: source }, cause === undefined ? {} : { cause })
}
