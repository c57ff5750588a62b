/**
 * One file of the disk cache: a header of 40 bytes, the key (UTF-8), the payload. Little-endian:
 * magic "SIIBRA-1" | u32 bytes of the key | u32 CRC-32 of the payload | f64 payload bytes | f64 stored at (ms) |
 * u32 zero | u32 CRC-32 of all of the header before this field, and of the key.
 */
import { crc32 } from 'node:zlib'

export const ENTRY_HEADER_BYTES = 40
const MAGIC = Buffer.from('SIIBRA-1')

export interface EntryHeader {
  key: string
  payloadBytes: number
  payloadCrc32: number
  storedAtMs: number
  /** Where the payload begins in the file. */
  payloadOffset: number
}

export function encodeEntryHeader(key: string, payload: Uint8Array, storedAtMs: number): Uint8Array {
  const name = Buffer.from(key)
  const head = Buffer.alloc(ENTRY_HEADER_BYTES + name.length)
  head.set(MAGIC, 0)
  head.writeUInt32LE(name.length, 8)
  head.writeUInt32LE(crc32(payload), 12)
  head.writeDoubleLE(payload.length, 16)
  head.writeDoubleLE(storedAtMs, 24)
  head.set(name, ENTRY_HEADER_BYTES)
  head.writeUInt32LE(headerCrc32(head), 36)
  return head
}

/** Bytes of the key of a header that begins like ours; undefined where it does not. */
export function entryKeyBytes(fixedPart: Uint8Array): number | undefined {
  const head = Buffer.from(fixedPart.buffer, fixedPart.byteOffset, fixedPart.byteLength)
  if (head.length < ENTRY_HEADER_BYTES || !head.subarray(0, 8).equals(MAGIC)) return undefined
  return head.readUInt32LE(8)
}

/** The header (fixed part and key), checked against the size of its file; undefined where anything does not fit. */
export function parseEntryHeader(bytes: Uint8Array, fileBytes: number): EntryHeader | undefined {
  const keyBytes = entryKeyBytes(bytes)
  if (keyBytes === undefined) return undefined
  const payloadOffset = ENTRY_HEADER_BYTES + keyBytes
  if (bytes.length < payloadOffset) return undefined
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, payloadOffset)
  const payloadBytes = head.readDoubleLE(16)
  if (head.readUInt32LE(36) !== headerCrc32(head) || payloadOffset + payloadBytes !== fileBytes) return undefined
  return {
    key: head.toString('utf8', ENTRY_HEADER_BYTES),
    payloadBytes,
    payloadCrc32: head.readUInt32LE(12),
    storedAtMs: head.readDoubleLE(24),
    payloadOffset,
  }
}

function headerCrc32(head: Buffer): number {
  return crc32(head.subarray(ENTRY_HEADER_BYTES), crc32(head.subarray(0, 36)))
}
