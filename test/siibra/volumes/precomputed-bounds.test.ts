import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Triple } from '../../../src/siibra/volumes/affine.ts'
import { decodeChunk, largestChunkBytes } from '../../../src/siibra/volumes/precomputed/chunk.ts'
import { decodeCompressedSegmentation } from '../../../src/siibra/volumes/precomputed/compressed-segmentation.ts'
import { parsePrecomputedInfo } from '../../../src/siibra/volumes/precomputed/info.ts'
import { decodePrecomputedMesh, transformMeshToMm } from '../../../src/siibra/volumes/precomputed/mesh.ts'
import {
  compressedMortonCode,
  createShardReader,
  parseMinishardIndex,
  parseSharding,
  type Sharding,
} from '../../../src/siibra/volumes/precomputed/sharding.ts'
import { createMemoryStore } from './fixtures.ts'

const bytesOf = (array: Uint32Array | BigUint64Array | Float32Array) => new Uint8Array(array.buffer)

describe('sharding', () => {
  const spec = {
    '@type': 'neuroglancer_uint64_sharded_v1',
    preshift_bits: 0,
    hash: 'identity',
    minishard_bits: 0,
    shard_bits: 0,
  }
  const parse = (changes: object) => parseSharding({ ...spec, ...changes }, 'sharding', 'info')

  test.each([
    ['preshift_bits', 64],
    ['minishard_bits', 24],
    ['shard_bits', 64],
  ])('%s is 0 to %i', (name, most) => {
    expect(() => parse({ [name]: 0 })).not.toThrow()
    expect(() => parse({ [name]: most })).not.toThrow()
    for (const wrong of [-1, most + 1, 0.5, '1'])
      expect(() => parse({ [name]: wrong })).toThrow(`sharding.${name} is ${JSON.stringify(wrong)}, not 0 to ${most}`)
  })

  test('encodings are raw where they are left out, and one of two', () => {
    expect(parse({})).toMatchObject({ minishardIndexEncoding: 'raw', dataEncoding: 'raw', hash: 'identity' })
    expect(parse({ data_encoding: 'gzip' })).toMatchObject({ minishardIndexEncoding: 'raw', dataEncoding: 'gzip' })
    expect(() => parse({ hash: 'md5' })).toThrow('sharding.hash is "md5", not one of identity, murmurhash3_x86_128')
  })

  /** Reference: bits of x, y and z in turn, as many as the grid needs, by hand. */
  test.each<[chunk: [number, number, number], grid: [number, number, number], code: bigint]>([
    [[0, 0, 0], [1, 1, 1], 0n],
    [[1, 0, 0], [2, 1, 1], 1n],
    [[0, 0, 1], [1, 1, 2], 1n],
    [[1, 1, 1], [2, 2, 2], 7n],
    [[3, 1, 0], [4, 2, 1], 0b111n],
    [[2, 1, 0], [4, 2, 1], 0b110n],
    [[2, 0, 4], [3, 2, 5], 0b101000n],
    [[4, 0, 0], [5, 1, 2], 0b1000n],
  ])('chunk %j of a grid of %j', (chunk, grid, code) => {
    expect(compressedMortonCode(chunk, grid)).toBe(code)
  })

  test('an index of a minishard counts ids and offsets on', () => {
    const index = parseMinishardIndex(bytesOf(BigUint64Array.of(3n, 4n, 10n, 5n, 100n, 200n)), 64, 'shard')
    expect([...index]).toEqual([
      [3n, { offset: 74, length: 100 }],
      [7n, { offset: 179, length: 200 }],
    ])
    expect(() => parseMinishardIndex(new Uint8Array(25), 0, 'shard')).toThrow('25 bytes, no multiple of 24')
    const far = BigInt(Number.MAX_SAFE_INTEGER)
    expect(parseMinishardIndex(bytesOf(BigUint64Array.of(1n, far - 1n, 1n)), 0, 'shard').size).toBe(1)
    expect(() => parseMinishardIndex(bytesOf(BigUint64Array.of(1n, far, 1n)), 0, 'shard')).toThrow('chunk 1 lies at')
  })

  test('chunks are found by their bits, and none is larger than its voxels allow', async () => {
    const sharding: Sharding = { ...parse({}), preshiftBits: 1, minishardBits: 1, shardBits: 5 }
    // chunk 2 * (1 + 2 * 19) + 1: minishard 1 of shard 19, behind an index of two entries
    const chunkId = 79n
    const chunk = Uint8Array.from({ length: 1030 }, (_, at) => at % 251)
    const index = BigUint64Array.of(chunkId, 0n, 1030n)
    const entries = BigUint64Array.of(0n, 0n, 1030n, 1054n)
    const shard = Buffer.concat([bytesOf(entries), chunk, bytesOf(index)])
    const reader = createShardReader(createMemoryStore({ 'url/13.shard': shard }), 'url', sharding)
    expect(await reader.getChunk(chunkId, { maxBytes: 1000 })).toEqual(Buffer.from(chunk))
    expect(await reader.getChunk(chunkId, { maxBytes: 6 })).toBeDefined()
    await expect(reader.getChunk(chunkId, { maxBytes: 5 })).rejects.toThrow(
      'chunk 79 takes 1030 bytes, its voxels only 5',
    )
    expect(await reader.getChunk(chunkId - 1n, { maxBytes: 1000 })).toBeUndefined()
    expect(await reader.getChunk(0n, { maxBytes: 1000 })).toBeUndefined()
  })
})

describe('compressed_segmentation', () => {
  const decode = (
    words: number[],
    sizeVox: Triple = [4, 1, 1],
    channelCount = 1,
    dataType: 'uint32' | 'uint64' = 'uint32',
  ) => [
    ...decodeCompressedSegmentation(
      bytesOf(Uint32Array.from(words)),
      { dataType, sizeVox, blockSizeVox: [2, 2, 2], channelCount },
      'here',
    ),
  ]

  test('blocks of one label, of one bit and of 32 bits', () => {
    // two blocks of 2 x 2 x 2: headers, labels of the first, then the table and the bits of the second
    expect(decode([1, 4, 0, (1 << 24) | 5, 7, 9, 8, 6, 0b10], [4, 1, 1])).toEqual([9, 9, 8, 6])
    const wide = [1, (32 << 24) | 10, 2, 0, 1, 0, 0, 0, 0, 0, 0, 5, 6]
    expect(decode(wide, [2, 1, 1])).toEqual([5, 6])
  })

  test.each([
    ['bits that do not divide a word', [1, (3 << 24) | 3, 2, 0, 0], 'a block is encoded with 3 bits'],
    ['more bits than a word', [1, (64 << 24) | 3, 2, 0, 0], 'a block is encoded with 64 bits'],
    ['no room for headers', [1, 0], '1 x 1 x 1 blocks need 2 words of headers, there are 1'],
    ['a channel past the end', [9], 'channel 0 begins at word 9, but there are 1'],
    ['values past the end', [1, (4 << 24) | 2, 3, 0], '1 words of values from word 3 on, but there are 3 words'],
    ['a table past the end', [1, 3, 0, 0], 'entry 0 of the table at word 3 is past the end, word 3'],
  ])('%s', (_, words, message) => {
    expect(() => decode(words, [2, 1, 1])).toThrow(message)
  })

  test('ends with its last word', () => {
    expect(decode([1, (4 << 24) | 2, 2, 0], [2, 1, 1])).toEqual([0, 0])
    expect(decode([1, 2, 0, 6], [2, 1, 1])).toEqual([6, 6])
    expect(() => decodeChunk(new Uint8Array(7), { ...format, encoding: 'compressed_segmentation' }, 'here')).toThrow(
      '7 bytes of compressed_segmentation, no multiple of 4',
    )
  })

  test('channels begin where they say', () => {
    expect(decode([2, 5, 2, 0, 6, 2, 0, 7], [2, 1, 1], 2)).toEqual([6, 6, 7, 7])
  })

  test('labels of 64 bits that fit 32, and that do not', () => {
    expect(decode([1, 2, 0, 0xffffffff, 0], [1, 1, 1], 1, 'uint64')).toEqual([0xffffffff])
    expect(decode([1, 2, 0, 5, 1], [1, 1, 1], 1, 'uint64')).toEqual([2 ** 32 + 5])
    expect(decode([1, 2, 0, 0, 0x1fffff], [1, 1, 1], 1, 'uint64')).toEqual([0x1fffff * 2 ** 32])
    expect(() => decode([1, 2, 0, 0, 0x200000], [1, 1, 1], 1, 'uint64')).toThrow('beyond 2^53')
  })
})

const format = {
  encoding: 'raw' as const,
  dataType: 'uint32' as const,
  channelCount: 1,
  sizeVox: [2, 1, 1] as const,
  blockSizeVox: [2, 2, 2] as const,
}

test('a raw chunk of the right size is not gunzipped, though it begins like gzip', () => {
  const bytes = Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 0, 0, 0)
  expect([...decodeChunk(bytes, format, 'here')]).toEqual([0x88b1f, 1])
  expect([...decodeChunk(gzipSync(bytes), format, 'here')]).toEqual([0x88b1f, 1])
  expect([largestChunkBytes('raw', 10), largestChunkBytes('png', 10)]).toEqual([10, 40 + 65_536])
})

test.each([
  ['jpeg', 'uint16'],
  ['png', 'uint32'],
] as const)('%s chunks of %s are unsupported', (encoding, dataType) => {
  const decode = () => decodeChunk(new Uint8Array(8), { ...format, encoding, dataType }, 'here')
  expect(decode).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED', message: `here: ${encoding} chunks of ${dataType}` }),
  )
})

describe('info', () => {
  const scale = (key: string, resolution: number[], more = {}) => ({
    key,
    encoding: 'raw',
    size: [1, 1, 1],
    resolution,
    chunk_sizes: [[1, 1, 1]],
    ...more,
  })
  const parse = (info: object) =>
    parsePrecomputedInfo(Buffer.from(JSON.stringify({ data_type: 'UINT8', ...info })), 'info')

  test('scales that are finer along every axis come first, others stay as they are', () => {
    const keys = (...scales: object[]) => parse({ scales }).scales.map(({ key }) => key)
    expect(keys(scale('c', [4, 4, 4]), scale('a', [1, 1, 1]), scale('b', [2, 2, 2]))).toEqual(['a', 'b', 'c'])
    expect(keys(scale('b', [2, 2, 1]), scale('a', [1, 1, 1]))).toEqual(['b', 'a'])
  })

  test('what may be left out', () => {
    expect(parse({})).toEqual({ kind: 'image', dataType: 'uint8', channelCount: 1, scales: [] })
    expect(parse({ '@type': 'neuroglancer_multiscale_volume', type: 'segmentation', mesh: 'm' })).toMatchObject({
      kind: 'segmentation',
      mesh: 'm',
    })
    expect(parse({ scales: [scale('a', [1, 1, 1])] }).scales[0]).toMatchObject({ offsetVox: [0, 0, 0] })
    expect(parse({ scales: [scale('a', [1, 1, 1], { voxel_offset: [-1, 0, 2] })] }).scales[0]).toMatchObject({
      offsetVox: [-1, 0, 2],
    })
  })

  test.each([
    [{ data_type: 8 }, 'unknown data_type 8'],
    [{ num_channels: 1.5 }, 'num_channels is 1.5'],
    [{ scales: [scale('a', [0, 1, 1])] }, 'scales[0].resolution is [0,1,1]'],
    [{ scales: [scale('a', [1, 1, 1], { size: [1, 1, 0] })] }, 'scales[0].size is [1,1,0]'],
    [{ scales: [scale('a', [1, 1, 1], { voxel_offset: [0.5, 0, 0] })] }, 'scales[0].voxel_offset is [0.5,0,0]'],
  ])('%j is refused', (info, message) => {
    expect(() => parse(info)).toThrow(message)
  })
})

describe('a fragment of a mesh', () => {
  test('may have no vertices, and no triangles', () => {
    expect(decodePrecomputedMesh(new Uint8Array(4))).toEqual({
      vertices: new Float32Array(0),
      faces: new Uint32Array(0),
    })
    expect(() => decodePrecomputedMesh(new Uint8Array(3))).toThrow('3 bytes are too few for a mesh')
    expect(() => decodePrecomputedMesh(bytesOf(Uint32Array.of(1, 0, 0)))).toThrow(
      '1 vertices take 4 + 12 bytes, and the rest of 12 bytes, -4, is no multiple of 12 bytes a triangle',
    )
  })

  test('is turned where the transformation mirrors', () => {
    const mesh = { vertices: Float32Array.of(1e6, 2e6, 3e6), faces: Uint32Array.of(0, 1, 2, 3, 4, 5) }
    const affine = (x: number) => Float64Array.of(x, 0, 0, 1e6, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
    expect(transformMeshToMm(mesh, affine(1))).toEqual({ vertices: Float32Array.of(2, 2, 3), faces: mesh.faces })
    expect(transformMeshToMm(mesh, affine(-1))).toEqual({
      vertices: Float32Array.of(0, 2, 3),
      faces: Uint32Array.of(2, 1, 0, 5, 4, 3),
    })
  })
})
