import { expect, test } from 'vitest'
import type { MapIndex } from '../../../../src/siibra/core/types.ts'
import { labelRunsOf } from '../../../../src/siibra/maps/labels/label-runs.ts'
import { overlapLabels } from '../../../../src/siibra/maps/measures/overlap.ts'
import { overlapMaps } from '../../../../src/siibra/maps/measures/overlap-maps.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeVolume } from '../fake-atlas.ts'

const image = (labels: number[]): Image => ({
  data: Uint8Array.from({ length: 8 }, (_, at) => labels[at] ?? 0),
  dtype: 'uint8',
  shape: [8, 1, 1],
  voxelToWorldMm: Float64Array.of(2, 0, 0, -1, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1),
})
const index = (volume: number, label: number | null): MapIndex => ({ volume, label, fragment: null })

test.each([
  { first: [1, 1, 1], other: [0, 2, 2, 2, 3, 3], pairs: [[1, 2, 2]] },
  { first: [0, 1, 1, 1, 4, 4], other: [2, 2, 2], pairs: [[1, 2, 2]] },
  {
    first: [1, 1, 4, 4, 4],
    other: [3, 2, 2, 2, 2],
    pairs: [
      [1, 2, 1],
      [1, 3, 1],
      [4, 2, 3],
    ],
  },
  { first: [1, 0, 1, 0, 1], other: [5, 5, 5, 5, 5], pairs: [[1, 5, 3]] },
  { first: [1, 1], other: [0, 0, 2], pairs: [] },
])('labels $first over $other share voxels', async ({ first, other, pairs }) => {
  const [a, b] = [first, other].map((labels) => ({ ...image(labels), runs: labelRunsOf(image(labels)) }))
  const found = await overlapLabels(a!, b!)
  expect(found.pairs.map(({ label, otherLabel, voxels }) => [label, otherLabel, voxels])).toEqual(pairs)
})

test('regions of two maps over each other, in the order of both trees, whatever their labels are', async () => {
  const first = fakeMap({
    parcellation: fakeParcellation({ a: {}, twin: {}, b: {} }),
    volumes: [fakeVolume('first')],
    indices: { b: [index(0, 1)], twin: [index(0, 2)], a: [index(0, 2), index(0, null)], 'of no region': [index(0, 3)] },
  })
  const other = fakeMap({
    parcellation: fakeParcellation({ c: {}, d: {}, e: {} }),
    volumes: [fakeVolume('other'), fakeVolume('another')],
    indices: { e: [index(1, 1)], d: [index(0, 1)], c: [index(0, 7)] },
  })
  const atlas = createFakeAtlas({
    first: image([1, 1, 1, 2, 2, 2, 3, 3]),
    other: image([1, 7, 7, 7, 1, 1, 1, 9]),
    another: image([1, 0, 0, 0, 0, 0, 1, 1]),
  })
  const found = await overlapMaps(atlas, first, other)
  expect(
    found.map(({ region, otherRegion, voxels, volumeMm3, sizeVox, otherSizeVox }) => [
      region.name,
      otherRegion.name,
      voxels,
      volumeMm3,
      sizeVox,
      otherSizeVox,
    ]),
  ).toEqual([
    ['a', 'c', 1, 8, 3, 3],
    ['a', 'd', 2, 16, 3, 4],
    ['twin', 'c', 1, 8, 3, 3],
    ['twin', 'd', 2, 16, 3, 4],
    ['b', 'c', 2, 16, 3, 3],
    ['b', 'd', 1, 8, 3, 4],
    ['b', 'e', 1, 8, 3, 3],
  ])
  expect(atlas.reads.sort()).toEqual(['another', 'first', 'other'])
})
