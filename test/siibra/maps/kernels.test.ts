import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type MapSums, scoreMaps } from '../../../src/siibra/maps/assignment/compare.ts'
import { createGaussianKernel } from '../../../src/siibra/maps/assignment/gaussian.ts'
import { type Interpolation, resampleImage } from '../../../src/siibra/maps/grids/resample.ts'
import { findRuns } from '../../../src/siibra/maps/labels/components.ts'
import { measureMask } from '../../../src/siibra/maps/labels/spatial-props.ts'
import { runSteps } from '../../../src/siibra/slices.ts'
import type { Image, VoxelType } from '../../../src/siibra/volumes/image.ts'
import { createVoxels } from '../../../src/siibra/volumes/typed-bytes.ts'

/** Values of nilearn, scipy, scikit-image and siibra; see fixtures/maps/make_kernels.py. */
interface Spelled {
  shape: number[]
  dtype: VoxelType
  affine: number[]
  data: number[]
}
const reference = JSON.parse(readFileSync(new URL('../../fixtures/maps/kernels.json', import.meta.url), 'utf8')) as {
  resampling: {
    source: Spelled
    results: { name: string; interpolation: Interpolation; clip: boolean; result: Spelled }[]
  }[]
  components: {
    shape: number[]
    affine: number[]
    mask: number[]
    components: { centroidMm: number[]; volumeMm3: number }[]
  }[]
  comparisons: { first: Spelled; second: Spelled; scores: Record<string, number> }[]
  kernels: { sigmaVox: number; size: number; line: number[]; diagonal: number[] }[]
}

function imageOf({ shape, dtype, affine, data }: Spelled): Image {
  const voxels = createVoxels(dtype, data.length)
  voxels.set(data)
  return { data: voxels, dtype, shape, voxelToWorldMm: Float64Array.from(affine) }
}

function expectClose(actual: ArrayLike<number>, expected: number[], tolerance: number) {
  expect(actual.length).toBe(expected.length)
  const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - actual[at]!)), 0)
  expect(worst).toBeLessThanOrEqual(tolerance)
}

for (const { source, results } of reference.resampling) {
  for (const { name, interpolation, clip, result } of results) {
    test(`resampling ${source.dtype} to a grid ${name}, ${interpolation}${clip ? ', clipped' : ''}`, () => {
      const grid = { shape: result.shape, voxelToWorldMm: Float64Array.from(result.affine) }
      const resampled = resampleImage(imageOf(source), grid, { interpolation, clip })
      expect(resampled.dtype).toBe(result.dtype)
      expect(resampled.shape).toEqual(result.shape)
      // The last bit decides ties of integers; siibra interpolates only floats linearly.
      const tolerance = result.dtype.startsWith('float') ? 2e-6 : interpolation === 'linear' ? 1 : 0
      expectClose(resampled.data, result.data, tolerance)
    })
  }
}

test('an image that has the grid already is not resampled', () => {
  const image = imageOf(reference.resampling[1]!.source)
  expect(resampleImage(image, image, { interpolation: 'continuous' })).toBe(image)
})

for (const { shape, affine, mask, components } of reference.components) {
  test(`components of a mask of ${shape.join(' x ')} voxels, ${components.length} of them`, () => {
    const runs = findRuns(mask, shape, (value) => value > 0)
    const found = runSteps(measureMask(runs, shape, Float64Array.from(affine)))
    expect(found.length).toBe(components.length)
    for (const [index, { centroidMm, volumeMm3 }] of components.entries()) {
      expectClose(found[index]!.centroidMm, centroidMm, 1e-12)
      expectClose([found[index]!.volumeMm3], [volumeMm3], 1e-12)
    }
  })
}

/** The sums for two images of the same grid, voxel by voxel. */
function sumMaps(first: ArrayLike<number>, second: ArrayLike<number>): MapSums {
  const sums: MapSums = {
    both: 0,
    either: 0,
    first: 0,
    second: 0,
    sumFirst: 0,
    sumSecond: 0,
    sumSquaresFirst: 0,
    sumSquaresSecond: 0,
    sumProducts: 0,
  }
  for (let at = 0; at < first.length; at++) {
    const [x, y] = [first[at]!, second[at]!]
    const [hasFirst, hasSecond] = [x > 0, y > 0]
    if (!hasFirst && !hasSecond) continue
    sums.either++
    if (hasFirst) sums.first++
    if (hasSecond) sums.second++
    if (hasFirst && hasSecond) sums.both++
    sums.sumFirst += x
    sums.sumSecond += y
    sums.sumSquaresFirst += x * x
    sums.sumSquaresSecond += y * y
    sums.sumProducts += x * y
  }
  return sums
}

for (const { first, second, scores } of reference.comparisons) {
  test(`comparison of a mask with a map, correlation ${scores.correlation}`, () => {
    const found = scoreMaps(sumMaps(first.data, second.data), first.data.length, second.data.length)!
    expect(Object.values(found).length).toBe(6)
    expectClose([found.correlation], [scores.correlation!], 1e-12)
    expectClose([found.intersectionOverUnion], [scores.intersection_over_union!], 1e-12)
    expectClose([found.intersectionOverFirst], [scores.intersection_over_first!], 1e-12)
    expectClose([found.intersectionOverSecond], [scores.intersection_over_second!], 1e-12)
    expectClose([found.weightedMeanOfFirst], [scores.weighted_mean_of_first!], 1e-12)
    expectClose([found.weightedMeanOfSecond], [scores.weighted_mean_of_second!], 1e-12)
  })
}

test('maps that share no voxel have no scores', () => {
  expect(scoreMaps(sumMaps([1, 0], [0, 1]), 2, 2)).toBeUndefined()
})

for (const { sigmaVox, size, line, diagonal } of reference.kernels) {
  test(`Gaussian of ${sigmaVox} voxels`, () => {
    const kernel = createGaussianKernel(sigmaVox)
    const centre = kernel.line[kernel.radiusVox]!
    expect(kernel.line.length).toBe(size)
    expectClose(
      kernel.line.map((weight) => weight * centre * centre),
      line,
      1e-14,
    )
    expectClose(
      kernel.line.map((weight) => weight ** 3),
      diagonal,
      1e-14,
    )
  })
}
