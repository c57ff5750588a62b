/**
 * The central directory of a zip archive (PKWARE APPNOTE 6.3.9, sections 4.3 and 4.5.3), ZIP64 included.
 * Pure: takes bytes, gives entries; where the bytes lie is the business of zip-archive.ts.
 */
import { SiibraError } from '../../errors.ts'

export interface ZipEntry {
  name: string
  /** 0 = stored, 8 = deflated. */
  method: number
  encrypted: boolean
  crc32: number
  compressedBytes: number
  sizeBytes: number
  /** Where the member's local header begins, from the start of the archive. */
  headerOffset: number
}

export interface ZipDirectoryLocation {
  entries: number
  offset: number
  length: number
  /** Size of the whole archive, as its own arithmetic gives it. */
  archiveBytes: number
  /** What the maker of the archive wrote at its end (git writes the commit). */
  comment: string
}

const END = 0x06054b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const ENTRY = 0x02014b50
const LOCAL = 0x04034b50
const END_BYTES = 22
const LOCATOR_BYTES = 20
export const LOCAL_HEADER_BYTES = 30
/** Enough for the end record with the longest comment, and the ZIP64 records before it. */
export const ZIP_TAIL_BYTES = END_BYTES + 65_535 + LOCATOR_BYTES + 56

const utf8 = new TextDecoder('utf-8')
const latin1 = new TextDecoder('latin1')

/** Finds the central directory in the last bytes of an archive. Throws BAD_DATA where it is no zip archive. */
export function locateZipDirectory(tail: Uint8Array, url: string): ZipDirectoryLocation {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength)
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue
    if (at + END_BYTES + view.getUint16(at + 20, true) !== tail.length) continue
    const entries = view.getUint16(at + 10, true)
    const length = view.getUint32(at + 12, true)
    const offset = view.getUint32(at + 16, true)
    const restBytes = tail.length - at
    const comment = latin1.decode(tail.subarray(at + END_BYTES))
    if (at >= LOCATOR_BYTES && view.getUint32(at - LOCATOR_BYTES, true) === LOCATOR_64) {
      const recordOffset = toNumber(view.getBigUint64(at - LOCATOR_BYTES + 8, true), url)
      const record = findEnd64(view, at - LOCATOR_BYTES)
      if (record === undefined) throw damaged(url, 'its ZIP64 end record is missing')
      return {
        entries: toNumber(view.getBigUint64(record + 32, true), url),
        length: toNumber(view.getBigUint64(record + 40, true), url),
        offset: toNumber(view.getBigUint64(record + 48, true), url),
        archiveBytes: recordOffset + (at - record) + restBytes,
        comment,
      }
    }
    return { entries, length, offset, archiveBytes: offset + length + restBytes, comment }
  }
  throw damaged(url, 'it has no end of central directory; it is no zip archive or was cut off')
}

function findEnd64(view: DataView, before: number): number | undefined {
  for (let at = before - 56; at >= 0; at--) if (view.getUint32(at, true) === END_64) return at
  return undefined
}

/** The entries of a central directory, in its order, folders left out. */
export function parseZipDirectory(directory: Uint8Array, entries: number, url: string): ZipEntry[] {
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength)
  const found: ZipEntry[] = []
  let at = 0
  for (let index = 0; index < entries; index++) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== ENTRY) {
      throw damaged(url, `entry ${index + 1} of ${entries} in its directory is missing`)
    }
    const flags = view.getUint16(at + 8, true)
    const nameBytes = view.getUint16(at + 28, true)
    const extraBytes = view.getUint16(at + 30, true)
    const end = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true)
    if (end > directory.length) throw damaged(url, `its directory ends inside of entry ${index + 1}`)
    const name = (flags & 0x800 ? utf8 : latin1).decode(directory.subarray(at + 46, at + 46 + nameBytes))
    const sizes = readSizes(view, at, at + 46 + nameBytes, extraBytes, url)
    if (!name.endsWith('/')) {
      const crc32 = view.getUint32(at + 16, true)
      found.push({ name, method: view.getUint16(at + 10, true), encrypted: (flags & 1) === 1, crc32, ...sizes })
    }
    at = end
  }
  return found
}

/** Sizes and offset of an entry; those that are all ones stand in its ZIP64 extra field, in this order. */
function readSizes(view: DataView, entry: number, extra: number, extraBytes: number, url: string) {
  const sizes = {
    sizeBytes: view.getUint32(entry + 24, true),
    compressedBytes: view.getUint32(entry + 20, true),
    headerOffset: view.getUint32(entry + 42, true),
  }
  for (let at = extra; at + 4 <= extra + extraBytes; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    let field = at + 4
    for (const key of ['sizeBytes', 'compressedBytes', 'headerOffset'] as const) {
      if (sizes[key] !== 0xffffffff) continue
      if (field + 8 > extra + extraBytes) throw damaged(url, 'a ZIP64 field of its directory is cut off')
      sizes[key] = toNumber(view.getBigUint64(field, true), url)
      field += 8
    }
  }
  return sizes
}

/** Number of bytes between the start of a local header and its member's data. */
export function localHeaderBytes(header: Uint8Array, url: string): number {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  if (header.length < LOCAL_HEADER_BYTES || view.getUint32(0, true) !== LOCAL) {
    throw damaged(url, 'a member is not where its directory says')
  }
  return LOCAL_HEADER_BYTES + view.getUint16(26, true) + view.getUint16(28, true)
}

function toNumber(value: bigint, url: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(url, `it claims an offset or size of ${value} bytes`)
  return Number(value)
}

function damaged(url: string, what: string): SiibraError {
  return new SiibraError('BAD_DATA', `${url} cannot be read as a zip archive: ${what}`, { url })
}
