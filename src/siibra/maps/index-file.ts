/**
 * How indices lie on disk: a magic word, the length of a JSON header, the header (padded to a multiple of 8), then arrays of numbers one after the
 * other, wider items first, in the byte order of the machine.
 */
const PREFIX_BYTES = 8

/** What every header says: of which files the index was made. */
export interface IndexHeader {
  fingerprint: string
}

type NumberArray = Uint32Array | Int32Array | Float32Array | Float64Array | Uint16Array

/** @param magic Says of which kind the index is. */
export function encodeIndexFile(magic: number, header: IndexHeader, arrays: readonly NumberArray[]): Uint8Array {
  const json = JSON.stringify(header)
  const text = new TextEncoder().encode(json.padEnd(json.length + ((8 - (Buffer.byteLength(json) % 8)) % 8)))
  const parts = [
    new Uint8Array(Uint32Array.of(magic, text.length).buffer),
    text,
    ...arrays.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  ]
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

interface ArrayConstructorOf<T> {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T
  BYTES_PER_ELEMENT: number
}

export interface IndexFile<H> {
  header: H
  /** The next array: a view of the bytes where these are aligned. */
  take<T extends NumberArray>(kind: ArrayConstructorOf<T>, length: number): T
}

/**
 * Undefined for bytes that are no index of this kind, or not a whole one, or made of something else.
 * @param arrayBytes What all arrays take, by the header.
 */
export function openIndexFile<H extends IndexHeader>(
  bytes: Uint8Array,
  magic: number,
  fingerprint: string,
  arrayBytes: (header: H) => number,
): IndexFile<H> | undefined {
  const { buffer, byteOffset, length } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  if (length < PREFIX_BYTES) return undefined
  const [found, headerBytes = 0] = new Uint32Array(buffer, byteOffset, 2)
  if (found !== magic || headerBytes % 4 !== 0 || PREFIX_BYTES + headerBytes > length) return undefined
  const header = parseHeader<H>(new Uint8Array(buffer, byteOffset + PREFIX_BYTES, headerBytes))
  if (header?.fingerprint !== fingerprint) return undefined
  if (PREFIX_BYTES + headerBytes + arrayBytes(header) !== length) return undefined
  let at = byteOffset + PREFIX_BYTES + headerBytes
  return {
    header,
    take(kind, count) {
      const array = new kind(buffer, at, count)
      at += count * kind.BYTES_PER_ELEMENT
      return array
    },
  }
}

function parseHeader<H>(text: Uint8Array): H | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(text)) as H
  } catch {
    return undefined
  }
}
