/** How chunks lie: in their blocks, in their grid, in a shard. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Triple } from '../../../../src/siibra/volumes/affine.ts'
import { decodeChunk } from '../../../../src/siibra/volumes/precomputed/chunk.ts'
import {
  decodeCompressedSegmentation,
  type SegmentationChunk,
} from '../../../../src/siibra/volumes/precomputed/compressed-segmentation.ts'
import { chunkIdOf, copyChunk } from '../../../../src/siibra/volumes/precomputed/grid.ts'
import { parsePrecomputedInfo } from '../../../../src/siibra/volumes/precomputed/info.ts'
import { hashMurmur3 } from '../../../../src/siibra/volumes/precomputed/murmurhash.ts'
import { createShardReader, type Sharding } from '../../../../src/siibra/volumes/precomputed/sharding.ts'
import { openPrecomputed, pyramidOf, readBox } from '../../../../src/siibra/volumes/precomputed/volume.ts'
import { createMemoryStore } from '../fixtures.ts'

const source = 'https://a.org/chunk'
const bytesOf = (array: Uint32Array | BigUint64Array) => new Uint8Array(array.buffer)

describe('a chunk of compressed_segmentation', () => {
  const decode = (words: number[], chunk: Partial<SegmentationChunk> = {}) =>
    decodeCompressedSegmentation(
      bytesOf(Uint32Array.from(words)),
      { dataType: 'uint32', sizeVox: [1, 1, 1], blockSizeVox: [2, 2, 2], channelCount: 1, ...chunk },
      source,
    )

  it('has in each block, cut by its borders or not, the labels of these voxels', () => {
    const [sx, sy, sz] = [5, 4, 3]
    const labelOf = (x: number, y: number, z: number) => 1000 + x + 10 * y + 100 * z
    // 3 x 2 x 2 blocks of 2 x 2 x 2 voxels, each with eight indices of 8 bits (two words) and a table of its own
    const headers: number[] = []
    const rest: number[] = []
    for (let z = 0; z < sz; z += 2) {
      for (let y = 0; y < sy; y += 2) {
        for (let x = 0; x < sx; x += 2) {
          const at = 24 + rest.length
          headers.push((8 << 24) | (at + 2), at)
          rest.push(0x03020100, 0x07060504)
          for (let n = 0; n < 8; n++) rest.push(labelOf(x + (n & 1), y + ((n >> 1) & 1), z + (n >> 2)))
        }
      }
    }
    const labels = decode([1, ...headers, ...rest], { sizeVox: [sx, sy, sz] })
    expect([...labels]).toEqual(
      Array.from({ length: 60 }, (_, at) => labelOf(at % 5, Math.floor(at / 5) % 4, Math.floor(at / 20))),
    )
  })

  it.each<[string, number[], Partial<SegmentationChunk>, string]>([
    ['no words behind its beginning', [1], {}, '1 x 1 x 1 blocks need 2 words of headers, there are 0'],
    [
      'too few headers',
      Array(16).fill(1),
      { sizeVox: [3, 3, 3] },
      '2 x 2 x 2 blocks need 16 words of headers, there are 15',
    ],
    [
      'too few values',
      [1, (4 << 24) | 2, 2, 0, 0],
      { sizeVox: [2, 3, 4], blockSizeVox: [2, 3, 4] },
      '3 words of values from word 2 on, but there are 4 words',
    ],
  ])('with %s is refused', (_, words, chunk, message) => {
    expect(() => decode(words, chunk)).toThrow(`${source}: ${message}`)
  })

  it('may be of headers alone, one of which is the table', () => {
    expect([...decode([1, 0, 0])]).toEqual([0])
  })

  it('is of 32 bits where all labels are', () => {
    expect(decode([1, 2, 0, 0xffffffff, 0], { dataType: 'uint64' })).toEqual(Uint32Array.of(0xffffffff))
    expect(decode([1, 2, 0, 0, 1], { dataType: 'uint64' })).toEqual(Float64Array.of(2 ** 32))
  })

  it.each([
    ['uint32', undefined],
    ['uint8', [2, 2, 2] as const],
  ] as const)('of %s with blocks of %j is none', (dataType, blockSizeVox) => {
    const format = {
      encoding: 'compressed_segmentation',
      dataType,
      blockSizeVox,
      channelCount: 1,
      sizeVox: [1, 1, 1],
    } as const
    expect(() => decodeChunk(new Uint8Array(12), format, source)).toThrow(`compressed_segmentation of ${dataType}`)
  })
})

describe('the grid of chunks', () => {
  it('gives each a number by the bits that the grid needs', () => {
    const [scale] = parsePrecomputedInfo(
      Buffer.from(
        JSON.stringify({
          data_type: 'uint8',
          scales: [{ key: 's', encoding: 'raw', size: [5, 3, 2], resolution: [1, 1, 1], chunk_sizes: [[2, 2, 2]] }],
        }),
      ),
      source,
    ).scales
    // 3 x 2 x 1 chunks: two bits of x, one of y
    const box = { min: [0, 0, 0], max: [0, 0, 0] } as const
    const ids = (
      [
        [0, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
        [2, 1, 0],
      ] as const
    ).map((grid) => chunkIdOf(scale!, { grid, box }))
    expect(ids).toEqual([0n, 1n, 2n, 6n])
  })

  it('a box gets what it shares with a chunk, wherever both begin', () => {
    const chunkBox = { min: [10, 20, 30] as Triple, max: [14, 25, 36] as Triple }
    const box = { min: [12, 18, 33] as Triple, max: [20, 24, 40] as Triple }
    const chunk = Float64Array.from({ length: 4 * 5 * 6 }, (_, at) => 1 + at)
    const target = new Float64Array(8 * 6 * 7)
    copyChunk(chunk, chunkBox, target, box)
    const expected = new Float64Array(target.length)
    for (let x = 12; x < 14; x++)
      for (let y = 20; y < 24; y++)
        for (let z = 33; z < 36; z++)
          expected[z - 33 + 7 * (y - 18 + 6 * (x - 12))] = 1 + (x - 10) + 4 * (y - 20) + 20 * (z - 30)
    expect(target).toEqual(expected)
  })
})

/** By a transcription of Appleby's MurmurHash3_x86_128 in Python that gives 2f1583c3ecee2c675d7bf66ce5e91d2c for the quick brown fox. */
it.each([
  [0n, 0x4772b084e028ae41n],
  [1n, 0xe8bd67d616d4ce9an],
  [2n ** 32n, 0xbbb12d133b78fd64n],
  [0x0123456789abcdefn, 0x708036264c109d93n],
  [2n ** 64n - 1n, 0x574f66bd212b5d1an],
])('the hash of %i is %i', (key, hash) => {
  expect(hashMurmur3(key)).toBe(hash)
})

describe('a shard', () => {
  const sharding: Sharding = {
    preshiftBits: 0,
    hash: 'identity',
    minishardBits: 0,
    shardBits: 0,
    minishardIndexEncoding: 'raw',
    dataEncoding: 'raw',
  }
  /** One minishard, whose index lies behind the only chunk; where the index goes from and to may be told otherwise. */
  const shardOf = (chunk: Uint8Array, entry?: [bigint, bigint]) => {
    const end = BigInt(chunk.length)
    const index = BigUint64Array.of(0n, 0n, end)
    return Buffer.concat([bytesOf(BigUint64Array.from(entry ?? [end, end + 24n])), chunk, bytesOf(index)])
  }
  const read = (shard: Uint8Array, maxBytes: number, more: Partial<Sharding> = {}) =>
    createShardReader(createMemoryStore({ 'url/0.shard': shard }), 'url', { ...sharding, ...more }).getChunk(0n, {
      maxBytes,
    })

  it('may have a chunk that is a hundredth and a kilobyte larger than its voxels', async () => {
    expect(await read(shardOf(new Uint8Array(2034)), 1000)).toHaveLength(2034)
    await expect(read(shardOf(new Uint8Array(2035)), 1000)).rejects.toThrow(
      'url/0.shard: chunk 0 takes 2035 bytes, its voxels only 1000',
    )
  })

  it.each<[bigint, bigint, string]>([
    [5n, 3n, 'url/0.shard: the index of minishard 0 goes from byte 5 to byte 3'],
    [0n, 2n ** 30n + 1n, 'url/0.shard: the index of minishard 0 goes from byte 0 to byte 1073741825'],
    [0n, 2n ** 30n, 'url/0.shard: the range from byte 16 has 28 bytes, not 1073741824'],
  ])('whose index goes from %i to %i is refused', async (start, end, message) => {
    await expect(read(shardOf(new Uint8Array(4), [start, end]), 1000)).rejects.toThrow(message)
  })

  it('has chunks of several channels and bytes, gzipped, up to what these take', async () => {
    const url = 'https://a.org/volume'
    const spec = {
      '@type': 'neuroglancer_uint64_sharded_v1',
      preshift_bits: 0,
      hash: 'identity',
      minishard_bits: 0,
      shard_bits: 0,
      data_encoding: 'gzip',
    }
    const scale = {
      key: 's',
      encoding: 'raw',
      size: [2, 1, 1],
      resolution: [1, 1, 1],
      chunk_sizes: [[2, 1, 1]],
      sharding: spec,
    }
    const info = { data_type: 'uint16', num_channels: 3, scales: [scale] }
    const open = (voxels: Uint16Array) =>
      openPrecomputed(
        createMemoryStore({
          [`${url}/info`]: Buffer.from(JSON.stringify(info)),
          [`${url}/s/0.shard`]: shardOf(gzipSync(new Uint8Array(voxels.buffer))),
        }),
        url,
      )
    const volume = await open(Uint16Array.of(1, 2, 3, 4, 5, 600))
    expect(pyramidOf(volume)).toMatchObject({ url, itemBytes: 2, beginsAtBox: true })
    const image = await readBox(volume, volume.info.scales[0]!, undefined, { channel: 2, maxBytes: 12 })
    expect(image).toMatchObject({ data: Uint16Array.of(5, 600), dtype: 'uint16', shape: [1, 1, 2] })
    await expect(readBox(volume, volume.info.scales[0]!, undefined, { maxBytes: 11 })).rejects.toThrow(
      'a chunk of 2 x 1 x 1 voxels takes 12 bytes, the bound is 11 bytes',
    )
    const box = { min: [0, 0, 0], max: [2, 1, 1] } as const
    await expect(readBox(volume, volume.info.scales[0]!, box, { maxBytes: 3 })).rejects.toThrow(
      '2 x 1 x 1 voxels take 4 bytes, the bound is 3 bytes',
    )
    const larger = await open(new Uint16Array(7))
    await expect(readBox(larger, larger.info.scales[0]!)).rejects.toThrow('more than the bound of 12 bytes')
  })
})
