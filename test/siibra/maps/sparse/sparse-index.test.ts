import { expect, test } from 'vitest'
import { SiibraError } from '../../../../src/siibra/errors.ts'
import {
  buildSparseIndex,
  firstVoxelFrom,
  positivesOf,
  repairSparseIndex,
  sparseIndexBytes,
} from '../../../../src/siibra/maps/sparse/sparse-index.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import type { VolumeReader } from '../../../../src/siibra/volumes/volume-reader.ts'
import { visitImage } from '../../../../src/siibra/volumes/volume-scan.ts'
import { createFakeAtlas, fakeMap, fakeVolume } from '../fake-atlas.ts'

const SHAPE = [3, 2, 2]
const AFFINE = Float64Array.of(2, 0, 0, -1, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1)
const image = (values: Record<number, number>, shape = SHAPE): Image => ({
  data: Float32Array.from({ length: 12 }, (_, at) => values[at] ?? 0),
  dtype: 'float32',
  shape,
  voxelToWorldMm: AFFINE,
})
/** Voxels that two of them share, and that one of them has alone; negative values count as none. */
const images = {
  a: image({ 1: 0.5, 4: 2, 9: 0.25, 11: -1 }),
  b: image({ 0: -3, 2: 1, 4: 3 }),
  empty: image({}),
  c: image({ 0: 1, 4: 4, 11: 8 }),
}
const mapOf = (names: string[]) =>
  fakeMap({ mapType: 'STATISTICAL', isSparse: true, volumes: names.map((name) => fakeVolume(name)), indices: {} })
const { signal } = new AbortController()
const map = mapOf(['a', 'b', 'empty', 'c'])

const whole = {
  shape: SHAPE,
  voxelToWorldMm: AFFINE,
  voxel: Uint32Array.of(0, 1, 2, 4, 9, 11),
  start: Uint32Array.of(0, 1, 2, 3, 6, 7, 8),
  volume: Uint16Array.of(3, 0, 1, 0, 1, 3, 0, 3),
  value: Float32Array.of(1, 0.5, 1, 2, 3, 4, 0.25, 8),
  volumes: [
    { count: 3, sum: 2.75, sumSquares: 4.3125, max: 2, bounds: { low: [0, 0, 0], high: [1, 1, 1] } },
    { count: 2, sum: 4, sumSquares: 10, max: 3, bounds: { low: [1, 0, 0], high: [2, 1, 0] } },
    { count: 0, sum: 0, sumSquares: 0, max: 0, bounds: null },
    { count: 3, sum: 13, sumSquares: 81, max: 8, bounds: { low: [0, 0, 0], high: [2, 1, 1] } },
  ],
  missing: [],
}

test('the positive values of all volumes by voxel, and what each has as a whole', async () => {
  const progress: number[][] = []
  const index = await buildSparseIndex(createFakeAtlas(images), map, signal, (done, all) => progress.push([done, all]))
  expect(index).toEqual(whole)
  expect(progress).toEqual([1, 2, 3, 4].map((done) => [done, 4]))
  expect(sparseIndexBytes(index)).toBe(6 * 4 + 7 * 4 + 8 * 2 + 8 * 4)
})

test('the values of one volume are those of its image', async () => {
  const index = await buildSparseIndex(createFakeAtlas(images), map, signal)
  const valuesOf = (number: number) => {
    const { voxel, value } = positivesOf(index, number)
    return Object.fromEntries([...voxel].map((at, n) => [at, value[n]]))
  }
  expect([0, 1, 2, 3].map(valuesOf)).toEqual([{ 1: 0.5, 4: 2, 9: 0.25 }, { 2: 1, 4: 3 }, {}, { 0: 1, 4: 4, 11: 8 }])
  // from the first slice on in which the volume has a value
  const high = await buildSparseIndex(createFakeAtlas({ ...images, b: image({ 7: 6, 11: 5 }) }), map, signal)
  expect(positivesOf(high, 1)).toEqual({ voxel: Uint32Array.of(7, 11), value: Float32Array.of(6, 5) })
})

test('the first voxel that is not before another', () => {
  const voxel = [2, 3, 7, 8, 20]
  const found = [0, 2, 3, 4, 7, 8, 9, 20, 21].map((at) => firstVoxelFrom({ voxel }, at))
  expect(found).toEqual([0, 0, 1, 2, 2, 3, 4, 4, 5])
  expect(firstVoxelFrom({ voxel: [] }, 1)).toBe(0)
})

test('volumes that were missing come in where they belong; what is missing still is said in order', async () => {
  const { a, b, c, empty } = images
  const atlas = createFakeAtlas({ a, empty })
  const progress: number[][] = []
  const partial = await buildSparseIndex(atlas, map, signal, (done, all) => progress.push([done, all]))
  expect(partial.missing.map(({ volume }) => volume)).toEqual([1, 3])
  expect(progress.at(-1)?.[1]).toBe(4)
  expect(partial.volumes[0]).toEqual(whole.volumes[0])
  expect((await repairSparseIndex(atlas, map, partial, signal)).missing).toHaveLength(2)
  expect(await repairSparseIndex(createFakeAtlas({ a, b, c, empty }), map, partial, signal)).toEqual(whole)
  const half = await repairSparseIndex(createFakeAtlas({ c }), map, partial, signal)
  expect(half.missing.map(({ volume }) => volume)).toEqual([1])
  expect(half.volumes.map(({ count }) => count)).toEqual([3, 0, 0, 3])
  // one of other voxels than the index stays missing, though it is the first to be read
  const other = await repairSparseIndex(createFakeAtlas({ b: { ...b, shape: [2, 3, 2] }, c }), map, partial, signal)
  expect(other.missing).toMatchObject([{ volume: 1, error: { code: 'BAD_DATA' } }])
})

test('a map has volumes, and not too many', async () => {
  for (const count of [0, 65537]) {
    const many = { ...map, volumes: Array.from({ length: count }, () => map.volumes[0]!) }
    await expect(buildSparseIndex(createFakeAtlas(images), many, signal)).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
      message: `The map 'map' has ${count} volumes`,
    })
  }
  const stopped = { ...createFakeAtlas(images).volumes, scan: () => Promise.reject(new Error('asked to read')) }
  const most = { ...map, volumes: Array.from({ length: 65536 }, () => map.volumes[0]!) }
  await expect(buildSparseIndex({ ...createFakeAtlas(images), volumes: stopped }, most, signal)).rejects.toThrow(
    'asked to read',
  )
})

/** What reading tells of volumes, call by call. */
type Told = Parameters<VolumeReader['scan']>
const toldOf = (tell: (visit: Told[1], told: Told[2]) => void) => {
  const atlas = createFakeAtlas({})
  return {
    ...atlas,
    volumes: { ...atlas.volumes, scan: async (_: Told[0], visit: Told[1], told: Told[2]) => tell(visit, told) },
  }
}
const gone = new SiibraError('UPSTREAM_UNAVAILABLE', 'gone')

test('volumes that cannot be read count as done, and are named in their order', async () => {
  const progress: number[][] = []
  const atlas = toldOf((visit, { onVolume, onFailure }) => {
    onFailure?.(gone, [3])
    onFailure?.(gone, [1, 2])
    visitImage(images.a, visit(0))
    onVolume?.(0)
  })
  const index = await buildSparseIndex(atlas, map, signal, (done, all) => progress.push([done, all]))
  expect(progress).toEqual([[4, 4]])
  expect(index.missing.map(({ volume }) => volume)).toEqual([1, 2, 3])
})

test('a volume that begins and cannot be read to its end is none, and its failure that of the map', async () => {
  const atlas = toldOf((visit, { onFailure }) => {
    visit(0).begin(images.a)
    onFailure?.(gone, [0, 1, 2, 3])
  })
  await expect(buildSparseIndex(atlas, map, signal)).rejects.toBe(gone)
})

test('an index that is made in several slices misses and doubles nothing', async () => {
  const size = 2 ** 18 + 64
  const data = Float32Array.from({ length: size }, (_, at) => at + 1)
  const large = { data, dtype: 'float32' as const, shape: [size / 64, 64, 1], voxelToWorldMm: AFFINE }
  const index = await buildSparseIndex(createFakeAtlas({ large }), mapOf(['large', 'large']), signal)
  expect([index.voxel.length, index.start.length, index.value.length]).toEqual([size, size + 1, 2 * size])
  expect(index.voxel.every((voxel, n) => voxel === n) && index.start.every((start, n) => start === 2 * n)).toBe(true)
  expect(index.volume.every((volume, entry) => volume === entry % 2)).toBe(true)
  expect(index.value.every((value, entry) => value === (entry >> 1) + 1)).toBe(true)
})
