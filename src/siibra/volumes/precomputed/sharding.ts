/**
 * Sharded storage (https://github.com/google/neuroglancer/blob/master/src/datasource/precomputed/sharded.rst): many chunks in one file.
 * A shard begins with its index (where each minishard's index lies); a minishard's index says where its chunks lie.
 */
import { LRUCache } from 'lru-cache'
import { SiibraError } from '../../errors.ts'
import type { ByteRange, ReadOptions, Store } from '../../retrieval/stores/store.ts'
import type { Triple } from '../affine.ts'
import { badData, gunzipBounded } from '../inflate.ts'
import { hashMurmur3 } from './murmurhash.ts'

export interface Sharding {
  preshiftBits: number
  hash: 'identity' | 'murmurhash3_x86_128'
  minishardBits: number
  shardBits: number
  minishardIndexEncoding: 'raw' | 'gzip'
  dataEncoding: 'raw' | 'gzip'
}

export function parseSharding(value: unknown, at: string, source: string): Sharding {
  const spec = value as Record<string, unknown>
  if (spec['@type'] !== 'neuroglancer_uint64_sharded_v1') {
    const message = `${source}: ${at}.@type is ${JSON.stringify(spec['@type'])}`
    throw new SiibraError('UNSUPPORTED', message, { url: source })
  }
  const bits = (name: string, most: number): number => {
    const count = spec[name]
    if (Number.isInteger(count) && Number(count) >= 0 && Number(count) <= most) return Number(count)
    throw badData(source, `${at}.${name} is ${JSON.stringify(count)}, not 0 to ${most}`)
  }
  const oneOf = <T extends string>(name: string, allowed: readonly T[]): T => {
    const found = allowed.find((each) => each === (spec[name] ?? allowed[0]))
    if (found) return found
    throw badData(source, `${at}.${name} is ${JSON.stringify(spec[name])}, not one of ${allowed.join(', ')}`)
  }
  return {
    preshiftBits: bits('preshift_bits', 64),
    hash: oneOf('hash', ['identity', 'murmurhash3_x86_128']),
    // An index of 2^24 minishards takes 256 MB already.
    minishardBits: bits('minishard_bits', 24),
    shardBits: bits('shard_bits', 64),
    minishardIndexEncoding: oneOf('minishard_index_encoding', ['raw', 'gzip']),
    dataEncoding: oneOf('data_encoding', ['raw', 'gzip']),
  }
}

/** The place of a chunk along the space-filling curve: bits of x, y, z in turn, as many of each as the grid needs. */
export function compressedMortonCode(chunk: Triple, gridSize: Triple): bigint {
  const bitCounts = gridSize.map((size) => (size > 1 ? BigInt(size - 1).toString(2).length : 0))
  const coordinates = chunk.map(BigInt)
  let code = 0n
  let next = 0n
  for (let bit = 0; bit < Math.max(...bitCounts); bit++) {
    for (let axis = 0; axis < 3; axis++) {
      if (bit >= bitCounts[axis]!) continue
      code |= ((coordinates[axis]! >> BigInt(bit)) & 1n) << next
      next++
    }
  }
  return code
}

interface ChunkPlace {
  offset: number
  length: number
}
type MinishardIndex = Map<bigint, ChunkPlace>

export interface ShardReader {
  /** The stored bytes of a chunk, gunzipped where the volume says so; undefined where the shard does not have it. */
  getChunk(chunkId: bigint, options: ReadOptions & { maxBytes: number }): Promise<Uint8Array | undefined>
}

/** Reads chunks of one scale, whose folder is `url`; keeps the indexes of the last minishards read. */
export function createShardReader(store: Store, url: string, sharding: Sharding): ShardReader {
  const indexes = new LRUCache<string, Promise<MinishardIndex>>({ max: 256 })
  return {
    async getChunk(chunkId, { maxBytes, ...options }) {
      const { shard, minishard } = locate(chunkId, sharding)
      const shardUrl = `${url}/${shard.toString(16).padStart(Math.ceil(sharding.shardBits / 4), '0')}.shard`
      const key = `${shard}/${minishard}`
      let index = indexes.get(key)
      if (!index) {
        // Without the signal: others may wait for the same index.
        index = loadMinishardIndex(store, shardUrl, minishard, sharding)
        indexes.set(key, index)
        index.catch(() => indexes.delete(key))
      }
      const place = (await index).get(chunkId)
      if (!place) return undefined
      // What does not compress grows a little.
      const largestStored = maxBytes + 0.01 * maxBytes + 1024
      if (place.length > largestStored) {
        throw badData(shardUrl, `chunk ${chunkId} takes ${place.length} bytes, its voxels only ${maxBytes}`)
      }
      const bytes = await getExactly(store, shardUrl, place, options)
      return sharding.dataEncoding === 'gzip' ? gunzipBounded(bytes, { source: shardUrl, maxBytes }) : bytes
    },
  }
}

function locate(chunkId: bigint, { preshiftBits, hash, minishardBits, shardBits }: Sharding) {
  const shifted = chunkId >> BigInt(preshiftBits)
  const hashed = hash === 'identity' ? shifted : hashMurmur3(shifted)
  return {
    minishard: Number(BigInt.asUintN(minishardBits, hashed)),
    shard: BigInt.asUintN(shardBits, hashed >> BigInt(minishardBits)),
  }
}

async function loadMinishardIndex(
  store: Store,
  shardUrl: string,
  minishard: number,
  sharding: Sharding,
): Promise<MinishardIndex> {
  const entry = await getRange(store, shardUrl, { offset: 16 * minishard, length: 16 })
  if (!entry) return new Map()
  requireLength(entry, 16, shardUrl, `the index entry of minishard ${minishard}`)
  const shardIndexBytes = 16 * 2 ** sharding.minishardBits
  const [start, end] = Array.from(readUint64s(entry), Number) as [number, number]
  if (end === start) return new Map()
  const place = { offset: shardIndexBytes + start, length: end - start }
  if (place.length < 0 || place.length > 2 ** 30) {
    throw badData(shardUrl, `the index of minishard ${minishard} goes from byte ${start} to byte ${end}`)
  }
  const stored = await getExactly(store, shardUrl, place)
  const isGzipped = sharding.minishardIndexEncoding === 'gzip'
  const bytes = isGzipped ? gunzipBounded(stored, { source: shardUrl, maxBytes: 2 ** 30 }) : stored
  return parseMinishardIndex(bytes, shardIndexBytes, shardUrl)
}

/** Three rows of n numbers: ids (each the difference to the one before), offsets (from the end of the one before), sizes. */
export function parseMinishardIndex(bytes: Uint8Array, shardIndexBytes: number, source: string): MinishardIndex {
  if (bytes.length % 24 !== 0) throw badData(source, `a minishard index has ${bytes.length} bytes, no multiple of 24`)
  const count = bytes.length / 24
  const numbers = readUint64s(bytes)
  const index: MinishardIndex = new Map()
  let id = 0n
  let offset = BigInt(shardIndexBytes)
  for (let i = 0; i < count; i++) {
    id = BigInt.asUintN(64, id + numbers[i]!)
    offset += numbers[count + i]!
    const length = numbers[2 * count + i]!
    if (offset + length > BigInt(Number.MAX_SAFE_INTEGER)) throw badData(source, `chunk ${id} lies at byte ${offset}`)
    index.set(id, { offset: Number(offset), length: Number(length) })
    offset += length
  }
  return index
}

function readUint64s(bytes: Uint8Array): BigUint64Array {
  return new BigUint64Array(new Uint8Array(bytes).buffer)
}

async function getExactly(
  store: Store,
  url: string,
  place: ChunkPlace,
  options: ReadOptions = {},
): Promise<Uint8Array> {
  const bytes = place.length === 0 ? new Uint8Array() : await getRange(store, url, place, options)
  if (!bytes) throw badData(url, `is away, although ${place.length} bytes of it were promised`)
  requireLength(bytes, place.length, url, `the range from byte ${place.offset}`)
  return bytes
}

function requireLength(bytes: Uint8Array, expected: number, source: string, what: string) {
  if (bytes.length !== expected) throw badData(source, `${what} has ${bytes.length} bytes, not ${expected}`)
}

/** A range by `getRange` where the store has it, else out of the whole object. */
async function getRange(
  store: Store,
  url: string,
  range: Extract<ByteRange, { offset: number }>,
  options: ReadOptions = {},
): Promise<Uint8Array | undefined> {
  if (store.getRange) return store.getRange(url, range, options)
  const whole = await store.get(url, options)
  return whole?.subarray(range.offset, range.offset + range.length)
}
