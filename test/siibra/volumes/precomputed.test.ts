import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { affineFromRows, affineToRows, applyAffine } from '../../../src/siibra/volumes/affine.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { decodeChunk } from '../../../src/siibra/volumes/precomputed/chunk.ts'
import {
  scaleCornerToWorldMm,
  scaleVoxelToWorldMm,
  selectScale,
} from '../../../src/siibra/volumes/precomputed/scale.ts'
import { openPrecomputed, readBox } from '../../../src/siibra/volumes/precomputed/volume.ts'
import { voxelBoxOf } from '../../../src/siibra/volumes/pyramids/pyramid.ts'
import { createMemoryStore, type Files, fromBase64, readJsonFixture } from './fixtures.ts'

interface VolumeCase {
  name: string
  offset: [number, number, number]
  size: [number, number, number]
  /** Per channel the voxels with x fastest. */
  channels: number[][]
  tolerance: number
  files: Record<string, string>
}

const url = 'https://a.org/volume'
const cases = readJsonFixture<VolumeCase[]>('precomputed.json')

function filesOf(fixture: { files: Record<string, string> }): Files {
  return Object.fromEntries(Object.entries(fixture.files).map(([path, text]) => [`${url}/${path}`, fromBase64(text)]))
}

/** Voxel (x, y, z), counted from the box's corner. */
function voxelAt({ data, shape }: Image, x: number, y: number, z: number): number {
  return data[z + shape[0]! * (y + shape[1]! * x)]!
}

function fixtureNamed(name: string): VolumeCase {
  return cases.find((each) => each.name === name)!
}

describe('readBox reads what tensorstore wrote', () => {
  test.each(cases)('$name', async ({ files, size, offset, channels, tolerance }) => {
    const volume = await openPrecomputed(createMemoryStore(filesOf({ files })), url)
    const scale = volume.info.scales[0]!
    expect([scale.sizeVox, scale.offsetVox]).toEqual([size, offset])
    expect(volume.info.channelCount).toBe(channels.length)
    for (const [channel, expected] of channels.entries()) {
      const image = await readBox(volume, scale, undefined, { channel })
      expect(image.shape).toEqual([...size].reverse())
      let largestDifference = 0
      let i = 0
      for (let z = 0; z < size[2]; z++) {
        for (let y = 0; y < size[1]; y++) {
          for (let x = 0; x < size[0]; x++, i++) {
            largestDifference = Math.max(largestDifference, Math.abs(voxelAt(image, x, y, z) - expected[i]!))
          }
        }
      }
      expect(i).toBe(expected.length)
      expect(largestDifference).toBeLessThanOrEqual(tolerance)
    }
  })
})

describe('a volume that siibra read', () => {
  interface SiibraCase {
    files: Record<string, string>
    choices: { resolutionMm: number | null; maxBytes: number; key: string }[]
    fetches: { key: string; shape: number[]; affine: number[][]; data: number[] }[]
    box: { min: [number, number, number]; max: [number, number, number]; voxels: [number, number, number][] }
  }
  const fixture = readJsonFixture<SiibraCase>('precomputed-siibra.json')
  const open = () => openPrecomputed(createMemoryStore(filesOf(fixture)), url)

  test('has its scales from fine to coarse, and transform.json', async () => {
    const { info, transformNm } = await open()
    expect(info.scales.map(({ key }) => key)).toEqual(['fine', 'middle', 'coarse'])
    expect(info.kind).toBe('segmentation')
    expect(affineToRows(transformNm)[0]).toEqual([0, 1.5, 0, -4e6])
  })

  test.each(fixture.choices)('resolution $resolutionMm within $maxBytes bytes: $key', async (choice) => {
    const scale = selectScale(await open(), { ...choice, resolutionMm: choice.resolutionMm ?? undefined })
    expect(scale.key).toBe(choice.key)
  })

  test.each(fixture.fetches)(
    'scale $key has shape, affine and voxels of siibra',
    async ({ key, shape, affine, data }) => {
      const volume = await open()
      const image = await readBox(volume, volume.info.scales.find((scale) => scale.key === key)!)
      expect(image.shape).toEqual(shape)
      expect(Array.from(image.data)).toEqual(data)
      const expected = affine.flat()
      for (let i = 0; i < 16; i++) expect(image.voxelToWorldMm[i]).toBeCloseTo(expected[i]!, 12)
    },
  )

  test('a box in mm is a box of voxels, whatever the transform', async () => {
    const volume = await open()
    const [min, max] = fixture.box.voxels
    const shrink = 1e-6
    const boxMm = {
      min: fixture.box.min.map((value) => value + shrink) as [number, number, number],
      max: fixture.box.max.map((value) => value - shrink) as [number, number, number],
    }
    expect(voxelBoxOf(scaleCornerToWorldMm(volume.info.scales[0]!, volume), boxMm)).toEqual({ min, max })
  })

  test('a scale is chosen for the box that is read, not for the whole volume', async () => {
    const volume = await open()
    const boxMm = { min: fixture.box.min, max: fixture.box.min }
    expect(selectScale(volume, { resolutionMm: -1, maxBytes: 20, boxMm }).key).toBe('fine')
  })

  test('nothing fits: the arithmetic is in the error', async () => {
    const volume = await open()
    expect(() => selectScale(volume, { maxBytes: 10 })).toThrow(
      `${url}: even the coarsest scale takes 36 bytes, the bound is 10 bytes`,
    )
  })
})

describe('boxes', () => {
  const fixture = fixtureNamed('raw, voxel offset')

  test('read the chunks that they touch and no others', async () => {
    const store = createMemoryStore(filesOf(fixture))
    const volume = await openPrecomputed(store, url)
    store.asked.length = 0
    const image = await readBox(volume, volume.info.scales[0]!, { min: [8, 0, 1], max: [9, 2, 2] })
    expect(store.asked).toEqual([`${url}/s0/7-10_-2-1_1-3`, `${url}/s0/7-10_1-3_1-3`])
    const [whole] = fixture.channels
    expect(image.shape).toEqual([1, 2, 1])
    expect(Array.from(image.data)).toEqual([2, 3].map((y) => whole![8 - 3 + 7 * (y + 5 * 0)]))
  })

  test('lie where the whole volume has these voxels', async () => {
    const volume = await openPrecomputed(createMemoryStore(filesOf(fixture)), url)
    const scale = volume.info.scales[0]!
    const image = await readBox(volume, scale, { min: [5, -1, 2], max: [9, 3, 4] })
    const expected = applyAffine(scaleVoxelToWorldMm(scale, volume), [6, 1, 3])
    const found = applyAffine(image.voxelToWorldMm, [3 - 2, 1 - -1, 6 - 5])
    for (const axis of [0, 1, 2] as const) expect(found[axis]).toBeCloseTo(expected[axis], 12)
  })

  test('that stick out are cut, and refused where nothing is left', async () => {
    const volume = await openPrecomputed(createMemoryStore(filesOf(fixture)), url)
    const scale = volume.info.scales[0]!
    const image = await readBox(volume, scale, { min: [-100, -1, 2], max: [4, 3, 100] })
    expect(image.shape).toEqual([3, 4, 1])
    await expect(readBox(volume, scale, { min: [10, 0, 1], max: [20, 1, 2] })).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER' }),
    )
  })

  test('of a channel that is not there are refused', async () => {
    const volume = await openPrecomputed(createMemoryStore(filesOf(fixture)), url)
    await expect(readBox(volume, volume.info.scales[0]!, undefined, { channel: 1 })).rejects.toThrow(
      `${url} has 1 channels, none of number 1`,
    )
  })

  test('larger than the bound are refused before anything is fetched', async () => {
    const store = createMemoryStore(filesOf(fixture))
    const volume = await openPrecomputed(store, url)
    store.asked.length = 0
    await expect(readBox(volume, volume.info.scales[0]!, undefined, { maxBytes: 100 })).rejects.toThrow(
      '7 x 5 x 4 voxels take 280 bytes, the bound is 100 bytes',
    )
    expect(store.asked).toEqual([])
  })
})

describe('a volume beyond all bounds is refused before anything is fetched', () => {
  const files = filesOf(fixtureNamed('raw uint8'))
  const openWith = async (change: Record<string, unknown>) => {
    const info = JSON.parse(new TextDecoder().decode(files[`${url}/info`]))
    const scales = [{ ...info.scales[0], ...change }]
    const store = createMemoryStore({ ...files, [`${url}/info`]: Buffer.from(JSON.stringify({ ...info, scales })) })
    return openPrecomputed(store, url)
  }

  test.each([
    ['voxels', { size: [1e6, 1e6, 1e6] }, undefined, 'voxels take 1000000000000000000 bytes'],
    ['chunks', { size: [1000, 1000, 1000], chunk_sizes: [[1, 1, 1]] }, undefined, 'touches 1000000000 chunks'],
    [
      'voxels of a chunk',
      { size: [1e5, 1e5, 1e5], chunk_sizes: [[1e5, 1e5, 1e5]] },
      { min: [0, 0, 0] as const, max: [1, 1, 1] as const },
      'a chunk of 100000 x 100000 x 100000 voxels takes 1000000000000000 bytes',
    ],
  ])('too many %s', async (_, change, box, message) => {
    const volume = await openWith(change)
    await expect(readBox(volume, volume.info.scales[0]!, box)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(message),
    })
  })
})

describe('chunks', () => {
  const raw = fixtureNamed('raw uint16')
  const readWith = async (fixture: VolumeCase, change: (files: Files) => void) => {
    const files = filesOf(fixture)
    change(files)
    const volume = await openPrecomputed(createMemoryStore(files), url)
    return readBox(volume, volume.info.scales[0]!)
  }
  const chunk = `${url}/s0/0-4_0-3_0-2`

  test('may be gzipped, under their own name or with .gz', async () => {
    const expected = await readWith(raw, () => {})
    const zipped = await readWith(raw, (files) => {
      files[chunk] = gzipSync(files[chunk]!)
    })
    const renamed = await readWith(raw, (files) => {
      files[`${chunk}.gz`] = gzipSync(files[chunk]!)
      delete files[chunk]
    })
    expect(zipped).toEqual(expected)
    expect(renamed).toEqual(expected)
  })

  test('that are missing are an error that names them', async () => {
    const missing = readWith(raw, (files) => {
      delete files[chunk]
    })
    await expect(missing).rejects.toThrow(expect.objectContaining({ code: 'BAD_DATA', details: { url: chunk } }))
  })

  test('after one that is missing, no more are fetched', async () => {
    const info = JSON.stringify({
      data_type: 'uint8',
      num_channels: 1,
      scales: [{ key: 's0', encoding: 'raw', size: [100, 10, 10], resolution: [1, 1, 1], chunk_sizes: [[1, 1, 1]] }],
    })
    const store = createMemoryStore({ [`${url}/info`]: Buffer.from(info) })
    const volume = await openPrecomputed(store, url)
    await expect(readBox(volume, volume.info.scales[0]!)).rejects.toMatchObject({ code: 'BAD_DATA' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(store.asked.length).toBeLessThan(100)
  })

  test('of the wrong size are an error with the arithmetic', async () => {
    const truncated = readWith(raw, (files) => {
      files[chunk] = files[chunk]!.subarray(0, 47)
    })
    await expect(truncated).rejects.toThrow(`${chunk}: 4 x 3 x 2 voxels of 1 x uint16 take 48 bytes, the chunk has 47`)
  })

  test('that inflate past their size are refused', async () => {
    const bomb = readWith(raw, (files) => {
      files[chunk] = gzipSync(new Uint8Array(1_000_000))
    })
    await expect(bomb).rejects.toThrow('inflate to more than the bound of 48 bytes')
  })

  test.each(
    ['compressed_segmentation uint64, 14 labels, block 2x3x2', 'jpeg, colour', 'png uint16, 3 channels'].map(
      fixtureNamed,
    ),
  )('truncated anywhere or with bytes changed, they are read or BAD_DATA: $name', async (fixture) => {
    const files = filesOf(fixture)
    const path = Object.keys(files).find((name) => name.includes('/s0/'))!
    const bytes = files[path]!
    const broken = Array.from(bytes, (_, length) => bytes.subarray(0, length))
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at] = changed[at]! ^ 0x5a
      broken.push(changed)
    }
    let refusedCount = 0
    for (const each of broken) {
      await readWith(fixture, (all) => {
        all[path] = each
      }).catch((error) => {
        expect(error).toMatchObject({ code: 'BAD_DATA' })
        refusedCount++
      })
    }
    expect(refusedCount).toBeGreaterThan(bytes.length / 4)
  })
})

describe('shards', () => {
  const fixture = fixtureNamed('sharded, murmurhash3_x86_128, index gzip, data gzip, bits (1, 2, 3)')

  test('truncated anywhere, a missing chunk, index or size is BAD_DATA', async () => {
    const files = filesOf(fixture)
    const path = Object.keys(files).find((name) => name.endsWith('.shard'))!
    for (let length = 0; length < files[path]!.length; length++) {
      const store = createMemoryStore({ ...files, [path]: files[path]!.subarray(0, length) })
      const volume = await openPrecomputed(store, url)
      await expect(readBox(volume, volume.info.scales[0]!)).rejects.toMatchObject({ code: 'BAD_DATA' })
    }
  })

  test('are read by range, each index once', async () => {
    const store = createMemoryStore(filesOf(fixture))
    const volume = await openPrecomputed(store, url)
    await readBox(volume, volume.info.scales[0]!)
    const askedFirst = store.asked.length
    store.asked.length = 0
    await readBox(volume, volume.info.scales[0]!)
    expect(store.asked.length).toBeLessThan(askedFirst)
    expect(store.asked.length).toBe(2 * 2 * 2)
  })

  test('are read from stores without ranges too', async () => {
    const { get } = createMemoryStore(filesOf(fixture))
    const volume = await openPrecomputed({ get }, url)
    const image = await readBox(volume, volume.info.scales[0]!)
    expect(voxelAt(image, 1, 0, 0)).toBe(fixture.channels[0]![1])
  })
})

describe('openPrecomputed', () => {
  const open = (files: Record<string, unknown>) =>
    openPrecomputed(
      createMemoryStore(
        Object.fromEntries(
          Object.entries(files).map(([path, value]) => [
            `${url}/${path}`,
            new TextEncoder().encode(JSON.stringify(value)),
          ]),
        ),
      ),
      `${url}/`,
    )
  const scale = {
    key: 's0',
    encoding: 'raw',
    size: [2, 2, 2],
    resolution: [1, 1, 1],
    chunk_sizes: [[2, 2, 2]],
    voxel_offset: [0, 0, 0],
  }
  const info = { data_type: 'uint8', num_channels: 1, type: 'image', scales: [scale] }

  test('without info is NOT_FOUND', async () => {
    await expect(open({})).rejects.toMatchObject({ code: 'NOT_FOUND', details: { url: `${url}/info` } })
  })

  test('a volume of meshes only has no scale to choose', async () => {
    const volume = await open({ info: { ...info, scales: [], mesh: 'mesh' } })
    expect(volume.info.mesh).toBe('mesh')
    expect(() => selectScale(volume)).toThrow(expect.objectContaining({ code: 'NOT_AVAILABLE' }))
  })

  test.each([
    ['a list', [], 'no JSON object'],
    ['null', null, 'no JSON object'],
    ['another kind of volume', { ...info, '@type': 'neuroglancer_skeletons' }, '@type is "neuroglancer_skeletons"'],
    ['a data type', { ...info, data_type: 'complex64' }, 'unknown data_type "complex64"'],
    ['channels', { ...info, num_channels: 0 }, 'num_channels is 0'],
    ['scales', { ...info, scales: 1 }, 'scales is no list'],
    ['a size', { ...info, scales: [{ ...scale, size: [1, 2] }] }, 'scales[0].size is [1,2]'],
    ['a negative size', { ...info, scales: [{ ...scale, size: [1, 2, -2] }] }, 'scales[0].size is [1,2,-2]'],
    ['a chunk size', { ...info, scales: [{ ...scale, chunk_sizes: [[0, 1, 1]] }] }, 'chunk_sizes[0] is [0,1,1]'],
    ['a resolution', { ...info, scales: [{ ...scale, resolution: ['a', 1, 1] }] }, 'resolution is ["a",1,1]'],
    ['a scale', { ...info, scales: [null] }, 'scales[0].key is undefined'],
    [
      'a block size',
      { ...info, scales: [{ ...scale, encoding: 'compressed_segmentation' }] },
      'block_size is undefined',
    ],
  ])('refuses %s that is wrong', async (_, wrong, message) => {
    await expect(open({ info: wrong })).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(message),
      details: { url: `${url}/info` },
    })
  })

  test.each([
    ['an encoding', { ...info, scales: [{ ...scale, encoding: 'compresso' }] }],
    ['a kind of sharding', { ...info, scales: [{ ...scale, sharding: { '@type': 'other' } }] }],
  ])('reports %s that it does not know as unsupported', async (_, unknown) => {
    await expect(open({ info: unknown })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })

  test.each([
    [{}],
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['x'],
  ])('refuses the transform %j', async (transform) => {
    await expect(open({ info, 'transform.json': transform })).rejects.toMatchObject({
      code: 'BAD_DATA',
      details: { url: `${url}/transform.json` },
    })
  })

  test('any JSON in the place of a property is read or refused, never anything else', async () => {
    const properties = [
      'data_type',
      'num_channels',
      'type',
      'scales',
      'mesh',
      '@type',
      ...Object.keys(scale),
      'sharding',
    ]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...properties), fc.jsonValue(), async (property, value) => {
        const wrong =
          property in scale || property === 'sharding'
            ? { ...info, scales: [{ ...scale, [property]: value }] }
            : { ...info, [property]: value }
        const opened = await open({ info: wrong }).catch((error: unknown) => error)
        if (opened instanceof Error) expect(opened).toMatchObject({ name: 'SiibraError' })
        else expect(opened).toHaveProperty('info.scales')
      }),
      { numRuns: 500 },
    )
  })

  test('without transform.json takes nm as they are', async () => {
    const volume = await open({ info })
    expect(volume.transformNm).toEqual(
      affineFromRows([
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
      ]),
    )
  })

  test('without transform.json a voxel begins at voxel_offset, so its centre lies half a voxel inside', async () => {
    const nm = { ...scale, voxel_offset: [10, 0, 0], resolution: [2e6, 1e6, 1e6] }
    const bare = await open({ info: { ...info, scales: [nm] } })
    const [first] = bare.info.scales
    expect(applyAffine(scaleVoxelToWorldMm(first!, bare), [10, 0, 0])).toEqual([21, 0.5, 0.5])
    const identity = [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((column) => (row === column ? 1 : 0)))
    const placed = await open({ info: { ...info, scales: [nm] }, 'transform.json': identity })
    expect(applyAffine(scaleVoxelToWorldMm(first!, placed), [10, 0, 0])).toEqual([20, 0, 0])
  })

  test.each([`precomputed://${url}`, `${url}/|neuroglancer-precomputed:`])(
    'finds the files behind %s',
    async (address) => {
      const store = createMemoryStore({ [`${url}/info`]: new TextEncoder().encode(JSON.stringify(info)) })
      expect((await openPrecomputed(store, address)).url).toBe(url)
    },
  )

  test('reads gzipped JSON', async () => {
    const store = createMemoryStore({ [`${url}/info`]: gzipSync(JSON.stringify(info)) })
    expect((await openPrecomputed(store, url)).info.dataType).toBe('uint8')
  })
})

describe('labels of 64 bits', () => {
  const far = [3_000_000_000, 2 ** 40, 1, 2 ** 53 - 1]

  test('are held exactly in raw chunks, beside chunks of small ones', async () => {
    const words = (values: number[]) => new Uint8Array(BigUint64Array.from(values, BigInt).buffer)
    const scale = { key: 's0', encoding: 'raw', size: [4, 1, 1], resolution: [1, 1, 1], chunk_sizes: [[2, 1, 1]] }
    const info = { data_type: 'uint64', num_channels: 1, type: 'segmentation', scales: [scale] }
    const volume = await openPrecomputed(
      createMemoryStore({
        [`${url}/info`]: new TextEncoder().encode(JSON.stringify(info)),
        [`${url}/s0/0-2_0-1_0-1`]: words([7, 8]),
        [`${url}/s0/2-4_0-1_0-1`]: words([far[0]!, far[1]!]),
      }),
      url,
    )
    const image = await readBox(volume, volume.info.scales[0]!)
    expect([...image.data]).toEqual([7, 8, far[0], far[1]])
    expect(image.dtype).toBe('float64')
  })

  test('are held exactly in compressed_segmentation, and refused above 2^53', () => {
    // one block of four voxels, 2 bits each, table at word 4 behind the word of values
    const chunk = (table: bigint[]) => {
      const words = new Uint32Array(4 + 2 * table.length)
      words.set([1, (2 << 24) | 3, 2, 0b11100100])
      for (const [n, label] of table.entries())
        words.set([Number(label & 0xffffffffn), Number(label >> 32n)], 4 + 2 * n)
      return new Uint8Array(words.buffer)
    }
    const format = {
      encoding: 'compressed_segmentation' as const,
      dataType: 'uint64' as const,
      channelCount: 1,
      sizeVox: [4, 1, 1] as const,
      blockSizeVox: [4, 1, 1] as const,
    }
    expect([...decodeChunk(chunk(far.map(BigInt)), format, 'here')]).toEqual(far)
    expect(decodeChunk(chunk([1n, 2n, 3n, 4n]), format, 'here')).toBeInstanceOf(Uint32Array)
    expect(() => decodeChunk(chunk([1n, 2n, 3n, 2n ** 53n]), format, 'here')).toThrow('beyond 2^53')
  })
})
