import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import {
  ENTRY_HEADER_BYTES,
  encodeEntryHeader,
  entryKeyBytes,
  parseEntryHeader,
} from '../../../../src/siibra/retrieval/cache/disk-cache-entry.ts'

const payload = Buffer.from('some bytes')
const header = encodeEntryHeader('ü', payload, 1_700_000_000_000.5)

test('an entry begins with its key, the size and the checksum of its bytes, and when it came', () => {
  const head = Buffer.from(header)
  expect([head.length, head.toString('latin1', 0, 8), head.readUInt32LE(8), head.readUInt32LE(12)]).toEqual([
    42,
    'SIIBRA-1',
    2,
    crc32(payload),
  ])
  expect([head.readDoubleLE(16), head.readDoubleLE(24), head.toString('utf8', 40)]).toEqual([
    10,
    1_700_000_000_000.5,
    'ü',
  ])
  const parsed = { key: 'ü', payloadBytes: 10, payloadCrc32: crc32(payload), storedAtMs: 1_700_000_000_000.5 }
  expect(parseEntryHeader(header, 52)).toEqual({ ...parsed, payloadOffset: 42 })
  expect(parseEntryHeader(Buffer.concat([header, payload]), 52)).toEqual({ ...parsed, payloadOffset: 42 })
})

test('a part of a header says how long its key is, and less of it nothing', () => {
  expect(ENTRY_HEADER_BYTES).toBe(40)
  expect([
    entryKeyBytes(header.subarray(0, 40)),
    entryKeyBytes(header.subarray(0, 39)),
    entryKeyBytes(new Uint8Array()),
  ]).toEqual([2, undefined, undefined])
  expect(parseEntryHeader(header.subarray(0, 41), 52)).toBeUndefined()
})

test('what does not fit is no entry: another size, a byte that is another', () => {
  expect([parseEntryHeader(header, 51), parseEntryHeader(header, 53)]).toEqual([undefined, undefined])
  for (let at = 0; at < header.length; at++) {
    const other = Uint8Array.from(header)
    other[at] = (other[at] ?? 0) ^ 1
    expect(parseEntryHeader(other, 52)).toBeUndefined()
  }
})
