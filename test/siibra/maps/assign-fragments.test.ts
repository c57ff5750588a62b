import { expect, test } from 'vitest'
import { assignPoint } from '../../../src/siibra/maps/assignment/assign.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeSpace, fakeVolume } from './fake-atlas.ts'

/** Ten voxels of 1 mm along x, from x = 0. */
const row = (data: number[]): Image => ({
  data: Int16Array.from(data),
  dtype: 'int16',
  shape: [10, 1, 1],
  voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
})
const atlas = createFakeAtlas({
  left: row([1, 1, 9, 0, 0, 0, 0, 0, 0, 0]),
  right: row([0, 0, 0, 0, 0, 0, 0, 0, 1, 2]),
})
const index = (label: number, fragment: string) => [{ volume: 0, label, fragment }]
const map = fakeMap({
  volumes: [fakeVolume({ 'left hemisphere': 'left', 'right hemisphere': 'right' })],
  indices: {
    'a left': index(1, 'left hemisphere'),
    'a right': index(1, 'right hemisphere'),
    'b right': index(2, 'right hemisphere'),
  },
})
const assign = (x: number, sigmaMm = 0) =>
  assignPoint(atlas, map, { coordinateMm: [x, 0, 0], sigmaMm, spaceId: fakeSpace.id })

test('a point is looked up in each fragment; the region is that of label and fragment', async () => {
  expect(await assign(1)).toMatchObject([{ region: 'a left', fragment: 'left hemisphere', mapValue: 1, volume: 0 }])
  expect(await assign(8.4)).toMatchObject([
    { region: 'a right', fragment: 'right hemisphere', centroidMm: [8.4, 0, 0] },
  ])
})

test('a voxel of background gives nothing, a label of no region a row without a name', async () => {
  expect(await assign(5)).toEqual([])
  expect(await assign(2)).toMatchObject([{ region: null, mapValue: 9 }])
})

test('an uncertain point is compared with the regions of all fragments', async () => {
  const rows = await assign(5, 3)
  expect(rows.map(({ region }) => region).sort()).toEqual(['a left', 'a right', 'b right'])
  // The whole row of voxels is within the Gaussian's cube: one of ten in common with each region of one voxel.
  expect(rows.find(({ region }) => region === 'b right')).toMatchObject({
    intersectionOverUnion: 0.1,
    inputContainedness: 1,
  })
})

test('centroids are rounded to hundredths as numpy does', async () => {
  expect((await assign(0.125))[0]!.centroidMm[0]).toBe(0.12)
  expect((await assign(0.375))[0]!.centroidMm[0]).toBe(0.38)
})
