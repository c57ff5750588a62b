/**
 * MurmurHash3_x86_128 (Austin Appleby, public domain) of one 64-bit number with seed 0, cut to its first 64 bits: the hash by which
 * sharded volumes spread their chunks over shards.
 */
const [c1, c2, c3] = [0x239b961b, 0xab0e9789, 0x38b34ae5]

export function hashMurmur3(key: bigint): bigint {
  const low = Number(key & 0xffffffffn)
  const high = Number((key >> 32n) & 0xffffffffn)
  // Eight bytes are less than one block of sixteen: all of them are the tail.
  let h1 = Math.imul(rotateLeft(Math.imul(low, c1), 15), c2) ^ 8
  let h2 = Math.imul(rotateLeft(Math.imul(high, c2), 16), c3) ^ 8
  let h3 = 8
  let h4 = 8
  h1 = h1 + h2 + h3 + h4
  h2 += h1
  h3 += h1
  h4 += h1
  h1 = mix(h1)
  h2 = mix(h2)
  h3 = mix(h3)
  h4 = mix(h4)
  h1 = h1 + h2 + h3 + h4
  h2 += h1
  return (BigInt(h2 >>> 0) << 32n) | BigInt(h1 >>> 0)
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function mix(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
