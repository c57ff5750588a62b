import { expect, test } from 'vitest'
import {
  assignBlobToLabels,
  assignBlobToValues,
  type BlobScores,
} from '../../../../src/siibra/maps/assignment/assign-blob.ts'
import { createGaussianKernel } from '../../../../src/siibra/maps/assignment/gaussian.ts'
import { labelRunsOf } from '../../../../src/siibra/maps/labels/label-runs.ts'
import type { Affine, Image } from '../../../../src/siibra/volumes/image.ts'

const identity = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
const SHAPE = [5, 4, 2]
// biome-ignore format: rows as they lie, the second plane behind the first
const LABELS = [
  1, 1, 2, 2, 2,
  1, 0, 0, 2, 0,
  0, 3, 3, 3, 0,
  4, 0, 0, 0, 0,

  0, 0, 0, 0, 2,
  0, 1, 1, 1, 1,
  0, 0, 0, 0, 0,
  4, 4, 0, 0, 0,
]
// biome-ignore format: as above
const VALUES = [
  0.5, 0, -0.25, 1, 2,
  0, 0.75, 0, 0, 0,
  -1, 0, 0.125, 0, 3,
  0, 0, 0, 0, 0,

  0, 0, 0, 0, 4,
  0, 1.5, 0, 0, 0,
  0, 0, 0, -2, 0,
  0, 0, 0, 0, 0.5,
]
const data = Int16Array.from(LABELS)
const labels = { shape: SHAPE, voxelToWorldMm: identity, runs: labelRunsOf({ data, shape: SHAPE } as never as Image) }
const values: Image = { data: Float32Array.from(VALUES), dtype: 'float32', shape: SHAPE, voxelToWorldMm: identity }

/** Of three voxels along each axis, around voxel (1, 1, 0). */
const kernel = createGaussianKernel(1, 1)
const upright = { kernel, home: identity, centreVox: [1, 1, 0] as const }
/** The same cube turned by 45 degrees about the third axis: of each plane the corners are outside. */
const half = Math.SQRT1_2
const home: Affine = Float64Array.of(half, -half, 0, 1, half, half, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1)
const turned = { kernel, home, centreVox: [0, 0, 0] as const }
const beside = { kernel, home: identity, centreVox: [20, 1, 0] as const }

function expectScores(found: BlobScores[], expected: readonly (readonly [number | null, ...number[]])[]) {
  expect(found.map(({ mapValue }) => mapValue)).toEqual(expected.map(([mapValue]) => mapValue))
  for (const [n, row] of found.entries()) {
    const scores = [
      row.intersectionOverUnion,
      row.intersectionOverFirst,
      row.intersectionOverSecond,
      row.correlation,
      row.weightedMeanOfFirst,
      row.weightedMeanOfSecond,
    ]
    for (const [at, score] of scores.entries()) expect(score).toBeCloseTo(expected[n]![at + 1] as number, 10)
  }
}

// By numpy, voxel by voxel, for the cube as a mask: sums over those of the cube or above 0 in the map, and means of these sums over all voxels.
test('the cube of a Gaussian beside each label, by ascending label', () => {
  const wanted = new Set([9, 4, 3, 2, 1])
  expectScores(assignBlobToLabels(labels, upright, wanted), [
    [1, 0.25, 0.277777777778, 0.714285714286, 0.0500408558065, 0.714285714286, 0.277777777778],
    [2, 0.0454545454545, 0.0555555555556, 0.2, -0.447109885568, 0.2, 0.0555555555556],
    [3, 0.105263157895, 0.111111111111, 0.666666666667, -0.0151668080357, 0.666666666667, 0.111111111111],
  ])
  expectScores(assignBlobToLabels(labels, turned, wanted), [
    [1, 0.307692307692, 0.4, 0.571428571429, 0.199284863561, 0.571428571429, 0.4],
    [3, 0.0833333333333, 0.1, 0.333333333333, -0.0708851767031, 0.333333333333, 0.1],
  ])
  expect(assignBlobToLabels(labels, turned, new Set([2])).concat(assignBlobToLabels(labels, beside, wanted))).toEqual(
    [],
  )
})

test('and beside a map of values, of which those in the cube count where they are negative, too', () => {
  expectScores(assignBlobToValues(values, upright), [
    [null, 0.173913043478, 0.222222222222, 0.444444444444, -0.44824027465, 0.134020618557, 0.0902777777778],
  ])
  expectScores(assignBlobToValues(values, turned), [
    [null, 0.117647058824, 0.2, 0.222222222222, -0.238954764107, 0.168224299065, 0.225],
  ])
  expect(assignBlobToValues(values, beside)).toEqual([])
  const nothing = { ...values, data: Float32Array.from(VALUES, (value) => Math.min(value, 0)) }
  expect(assignBlobToValues(nothing, upright)).toEqual([])
})
