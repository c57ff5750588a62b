import { describe, expect, test } from 'vitest'
import { affineToRows, applyAffine } from '../../../../src/siibra/volumes/affine.ts'
import {
  scaleCornerToWorldMm,
  scaleVoxelToWorldMm,
  selectScale,
} from '../../../../src/siibra/volumes/precomputed/scale.ts'
import { openPrecomputed, readBox } from '../../../../src/siibra/volumes/precomputed/volume.ts'
import { voxelBoxOf } from '../../../../src/siibra/volumes/pyramids/pyramid.ts'
import { createMemoryStore, readJsonFixture } from '../fixtures.ts'
import { cases, filesOf, fixtureNamed, url, voxelAt } from './volumes.ts'

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
