/** The checksum of gzip (CRC-32), where most of what passes by is 0: zlib's takes 0.2 s a gigabyte, more than inflating zeros. */
import { crc32 } from 'node:zlib'

/** What is compared with zeros at a time, once a piece is not all of it. */
const BLOCK_BYTES = 16 * 1024
const ZEROS = Buffer.alloc(128 * 1024)
const POLYNOMIAL = 0xedb88320

/** The same as `crc32(bytes, before)`. Stretches of zeros are found by the machine's memcmp, and counted in without a look at each byte. */
export function crc32OfSparse(bytes: Uint8Array, before: number): number {
  if (bytes.length <= ZEROS.length && isZero(bytes, 0, bytes.length)) return crc32AfterZeros(before, bytes.length)
  let crc = before
  // of neighbours that are no zeros in one call
  let from = 0
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const end = Math.min(at + BLOCK_BYTES, bytes.length)
    if (!isZero(bytes, at, end)) continue
    if (at > from) crc = crc32(bytes.subarray(from, at), crc)
    crc = crc32AfterZeros(crc, end - at)
    from = end
  }
  if (from === 0) return crc32(bytes, crc)
  return from < bytes.length ? crc32(bytes.subarray(from), crc) : crc
}

const isZero = (bytes: Uint8Array, from: number, end: number) => ZEROS.compare(bytes, from, end, 0, end - from) === 0

/**
 * The checksum of something and so many zeros behind it, of its checksum alone: a zero is a linear map of the 32 bits of the state, and
 * 2^n of them are its n-fold square (as zlib's crc32_combine has it).
 */
export function crc32AfterZeros(crc: number, zeros: number): number {
  let state = ~crc
  for (let n = 0, left = zeros; left > 0; n++, left = Math.floor(left / 2)) {
    if (left % 2 === 1) state = apply(powerOfTwo(n), state)
  }
  return ~state >>> 0
}

/** Maps of 2^n zeros: where each bit of the state goes. */
const powers: Int32Array[] = []

function powerOfTwo(n: number): Int32Array {
  for (let known = powers.length; known <= n; known++) {
    const half = powers[known - 1]
    powers.push(half ? half.map((image) => apply(half, image)) : oneZero())
  }
  return powers[n]!
}

function oneZero(): Int32Array {
  return Int32Array.from({ length: 32 }, (_, bit) => {
    let state = 1 << bit
    for (let step = 0; step < 8; step++) state = state & 1 ? (state >>> 1) ^ POLYNOMIAL : state >>> 1
    return state
  })
}

function apply(map: Int32Array, state: number): number {
  let image = 0
  for (let bit = 0, left = state; left !== 0; bit++, left >>>= 1) if (left & 1) image ^= map[bit]!
  return image
}
