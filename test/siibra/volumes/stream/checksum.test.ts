import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { crc32AfterZeros, crc32OfSparse } from '../../../../src/siibra/volumes/stream/checksum.ts'

test('the checksum behind zeros is that of zlib, however many there are', () => {
  for (const zeros of [0, 1, 2, 3, 7, 255, 4096, 65_537, 131_072, 1_000_003]) {
    for (const before of [0, 1, 0x80000000, 0xffffffff, crc32('some bytes')]) {
      expect(crc32AfterZeros(before, zeros)).toBe(crc32(new Uint8Array(zeros), before))
    }
  }
})

test.each([
  ['nothing', 0, []],
  ['zeros alone', 131_072, []],
  ['more zeros than are compared at once', 300_000, []],
  ['first and last byte', 131_072, [0, 131_071]],
  ['a byte in the middle of blocks of zeros', 131_072, [70_000]],
  ['neighbouring blocks', 131_072, [16_384, 40_000, 50_000, 120_000]],
  ['the last byte of a part of a block', 20_001, [20_000]],
  ['a block of its own at the end', 32_768, [3]],
])('of pieces of zeros and others it is that of zlib: %s', (_, length, places) => {
  const bytes = new Uint8Array(length)
  for (const [at, place] of places.entries()) bytes[place] = 200 + at
  for (const before of [0, 0xdeadbeef]) expect(crc32OfSparse(bytes, before)).toBe(crc32(bytes, before))
})
