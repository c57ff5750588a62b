import { promisify } from 'node:util'
import { crc32, inflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib'
import { SiibraError } from '../../errors.ts'
import { cutRange, withWholeObjectRanges } from '../stores/byte-range.ts'
import type { ReadOptions, Store } from '../stores/store.ts'
import { throwIfAborted, tooLarge } from '../upstream-errors.ts'
import {
  LOCAL_HEADER_BYTES,
  localHeaderBytes,
  locateZipDirectory,
  parseZipDirectory,
  ZIP_TAIL_BYTES,
  type ZipEntry,
} from './zip-directory.ts'

/** A zip archive whose directory was read; members are read when asked for. */
export interface ZipArchive {
  entries: ReadonlyMap<string, ZipEntry>
  comment: string
  /** Memory that the archive keeps (its directory, and its bytes where it is small). */
  heldBytes: number
  /** The unpacked member, `undefined` where there is none of exactly that name. */
  read(member: string, options?: ReadOptions): Promise<Uint8Array | undefined>
}

export interface ZipArchiveOptions extends ReadOptions {
  /** Archives up to this size are read whole, once. Default 8 MiB. */
  wholeUpToBytes?: number
}

/** The data of a member usually begin a little after its header's fixed part and name; room for the extra field. */
const EXTRA_ROOM_BYTES = 128
/** Smaller members are unpacked faster than they are handed to another thread. */
const INFLATE_HERE_BYTES = 128 * 1024
/** The smallest that zlib takes. */
const MIN_CHUNK_BYTES = 64
/** No deflate stream expands by more than this. */
const LARGEST_RATIO = 1032
const inflateRawAsync = promisify<Uint8Array, ZlibOptions, Buffer>(inflateRaw)

/**
 * Opens the archive at `key` by its last bytes, so that one member of a large remote archive costs two or three small
 * reads. `undefined` where there is no such object. Throws BAD_DATA where it is no archive.
 */
export async function openZipArchive(
  store: Store,
  key: string,
  { wholeUpToBytes = 8 * 1024 * 1024, signal }: ZipArchiveOptions = {},
): Promise<ZipArchive | undefined> {
  const source = withWholeObjectRanges(store)
  const tail = await source.getRange(key, { suffixLength: ZIP_TAIL_BYTES }, { signal })
  if (tail === undefined) return undefined
  const location = locateZipDirectory(tail, key)
  let whole = tail.length < ZIP_TAIL_BYTES ? tail : undefined
  if (!whole && location.archiveBytes <= wholeUpToBytes) whole = await store.get(key, { signal })
  const part = async (offset: number, length: number, read?: ReadOptions) =>
    whole
      ? whole.subarray(offset, offset + length)
      : ((await source.getRange(key, { offset, length }, { signal: read?.signal })) ?? new Uint8Array(0))

  const tailOffset = location.archiveBytes - tail.length
  const directory =
    location.offset >= tailOffset
      ? cutRange(tail, { offset: location.offset - tailOffset, length: location.length })
      : await part(location.offset, location.length, { signal })
  const entries = new Map(parseZipDirectory(directory, location.entries, key).map((entry) => [entry.name, entry]))
  return {
    entries,
    comment: location.comment,
    heldBytes: directory.length * 3 + (whole?.length ?? 0),
    async read(member, options = {}) {
      const entry = entries.get(member)
      return entry && readMember(entry, key, (offset, length) => part(offset, length, options), options)
    },
  }
}

async function readMember(
  entry: ZipEntry,
  key: string,
  part: (offset: number, length: number) => Promise<Uint8Array>,
  { signal, maxBytes = 2 ** 32 - 1 }: ReadOptions,
): Promise<Uint8Array> {
  const url = `${key} (member ${entry.name})`
  if (entry.sizeBytes > maxBytes) throw tooLarge(url, entry.sizeBytes, maxBytes)
  if (entry.encrypted || (entry.method !== 0 && entry.method !== 8)) {
    const how = entry.encrypted ? 'encrypted' : `packed by method ${entry.method}`
    throw new SiibraError('UNSUPPORTED', `${url} is ${how}`, { url })
  }
  const nameBytes = Buffer.byteLength(entry.name)
  const room = LOCAL_HEADER_BYTES + nameBytes + EXTRA_ROOM_BYTES
  const head = await part(entry.headerOffset, room + entry.compressedBytes)
  const dataOffset = localHeaderBytes(head, key)
  const packed =
    dataOffset <= room
      ? head.subarray(dataOffset, dataOffset + entry.compressedBytes)
      : await part(entry.headerOffset + dataOffset, entry.compressedBytes)
  throwIfAborted(signal)
  if (packed.length !== entry.compressedBytes) {
    throw damagedMember(url, `${packed.length} of ${entry.compressedBytes} packed bytes are there`)
  }
  const bytes = entry.method === 0 ? Uint8Array.from(packed) : await inflateMember(packed, entry.sizeBytes, url)
  if (bytes.length !== entry.sizeBytes) {
    throw damagedMember(url, `it unpacks to ${bytes.length} bytes instead of ${entry.sizeBytes}`)
  }
  if (crc32(bytes) !== entry.crc32) throw damagedMember(url, 'its checksum does not fit')
  return bytes
}

async function inflateMember(packed: Uint8Array, sizeBytes: number, url: string): Promise<Uint8Array> {
  try {
    // into one buffer, as large as the claim is and as the packed bytes can fill
    const chunkSize = Math.max(MIN_CHUNK_BYTES, Math.min(sizeBytes, packed.length * LARGEST_RATIO) + 1)
    const options = { maxOutputLength: Math.max(1, sizeBytes), chunkSize }
    const bytes =
      sizeBytes <= INFLATE_HERE_BYTES ? inflateRawSync(packed, options) : await inflateRawAsync(packed, options)
    return ownBytes(bytes)
  } catch (thrown) {
    const lying = (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw damagedMember(url, lying ? `it unpacks to more than ${sizeBytes} bytes` : (thrown as Error).message)
  }
}

function damagedMember(url: string, what: string): SiibraError {
  return new SiibraError('BAD_DATA', `${url} is damaged: ${what}`, { url })
}

/** As a plain array with memory of its own (small Buffers may be parts of a pool). */
function ownBytes(bytes: Buffer): Uint8Array {
  const isAlone = bytes.byteLength === bytes.buffer.byteLength
  return isAlone ? new Uint8Array(bytes.buffer) : Uint8Array.from(bytes)
}
