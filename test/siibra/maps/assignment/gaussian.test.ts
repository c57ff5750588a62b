import { expect, test } from 'vitest'
import { type MapSums, scoreMaps } from '../../../../src/siibra/maps/assignment/compare.ts'
import {
  type Blob,
  createGaussianKernel,
  exactBelowMm,
  kernelAround,
  placeKernel,
  visitRows,
} from '../../../../src/siibra/maps/assignment/gaussian.ts'
import type { Affine } from '../../../../src/siibra/volumes/image.ts'

const affine = (rotation: number, offset = 0): Affine => {
  const [c, s] = [Math.cos(rotation), Math.sin(rotation)]
  return Float64Array.of(c, -s, 0, offset, s, c, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
}
const grid = (voxelToWorldMm: Affine) => ({ shape: [30, 30, 30], voxelToWorldMm })
const kernel = createGaussianKernel(3)
/** All weights of a blob, first axis fastest. */
function weightsOf(blob: Blob): number[] {
  const weights: number[] = []
  visitRows(blob, [30, 30, 30], (_, row) => weights.push(...row))
  return weights
}

test('on its own grid, the kernel is what it is', () => {
  const blob = placeKernel(kernel, affine(0), [15, 14, 13], grid(affine(0)))!
  expect(blob.lowVox).toEqual([6, 5, 4])
  expect(blob.sizeVox).toEqual([19, 19, 19])
  expect(weightsOf(blob).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
})

test('at the border of the grid it is cut off', () => {
  const blob = placeKernel(kernel, affine(0), [0, 29, 15], grid(affine(0)))!
  expect(blob.lowVox).toEqual([0, 20, 6])
  expect(blob.sizeVox).toEqual([10, 10, 19])
})

test('beside the grid there is nothing of it', () => {
  expect(placeKernel(kernel, affine(0), [60, 15, 15], grid(affine(0)))).toBeUndefined()
  expect(placeKernel(kernel, affine(0), [60, 15, 15], grid(affine(0.3)))).toBeUndefined()
})

test('half a voxel off, its weights are means of neighbours', () => {
  const blob = placeKernel(kernel, affine(0), [15, 15, 15], grid(affine(0, 0.5)))!
  expect(blob.sizeVox).toEqual([18, 19, 19])
  const centre = kernel.line[9]! ** 2
  expect(weightsOf(blob)[9 + 18 * (9 + 19 * 9)]).toBeCloseTo(((kernel.line[9]! + kernel.line[10]!) / 2) * centre, 14)
})

test('in a grid that is turned, nearly nothing of it is lost', () => {
  const blob = placeKernel(kernel, affine(0), [10, 18, 15], grid(affine(0.4)))!
  const { lowVox, sizeVox } = blob
  const weights = weightsOf(blob)
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 1)
  // (10, 18) turned back by 0.4 rad is (16.2, 12.7).
  const best = weights.indexOf(Math.max(...weights))
  const [i, j] = [best % sizeVox[0], Math.floor(best / sizeVox[0]) % sizeVox[1]]
  expect([lowVox[0] + i, lowVox[1] + j]).toEqual([16, 13])
})

test('fewer than three voxels count as none, too many are refused', () => {
  const input = (sigmaMm: number) => ({ pointMm: [0, 0, 0] as const, sigmaMm })
  expect(kernelAround(input(2.9), affine(0))).toBeUndefined()
  expect(kernelAround(input(3), affine(0))?.radiusVox).toBe(9)
  expect(() => kernelAround(input(90), affine(0))).toThrowError(expect.objectContaining({ code: 'INVALID_PARAMETER' }))
})

test('what counts as none goes by the size of voxels, and is told of where there is some', () => {
  const voxels = Float64Array.of(2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1)
  const told: number[] = []
  const radiusOf = (sigmaMm: number) =>
    kernelAround({ pointMm: [0, 0, 0], sigmaMm }, voxels, (belowMm) => told.push(belowMm))?.radiusVox
  expect([0, 5.99, 6, 2 * 83.6].map(radiusOf)).toEqual([undefined, undefined, 9, 250])
  expect(told).toEqual([6])
  expect(exactBelowMm(voxels)).toBe(6)
  for (const sigmaMm of [(2 * 251) / 3, 500])
    expect(() => radiusOf(sigmaMm)).toThrow(`sigma_mm ${sigmaMm} is too large for the voxels of this map: 166 at most`)
})

test('rows of a box are visited where they lie in the image', () => {
  const begins: number[] = []
  const blob: Blob = { lowVox: [1, 2, 3], sizeVox: [3, 2, 2], row: (j, k) => Float64Array.of(j, k) }
  visitRows(blob, [5, 6, 7], (begin, weights) => begins.push(begin, ...weights))
  // (1, 2, 3) is 1 + 5 * (2 + 6 * 3)
  expect(begins).toEqual([101, 0, 0, 106, 1, 0, 131, 0, 1, 136, 1, 1])
})

test('in coarser voxels it has the weights of its places there', () => {
  const coarse = Float64Array.of(2, 0, 0, 1, 0, 2, 0, 1, 0, 0, 2, 1, 0, 0, 0, 1)
  const blob = placeKernel(kernel, affine(0), [15, 15, 15], grid(coarse))!
  // voxel n is 2 n + 1 mm, which is place 2 n - 5 of 0 to 18
  expect([blob.lowVox, blob.sizeVox]).toEqual([
    [3, 3, 3],
    [9, 9, 9],
  ])
  const { line } = kernel
  const odd = [1, 3, 5, 7, 9, 11, 13, 15, 17].map((at) => line[at]! * line[5]! * line[11]!)
  for (const [n, weight] of blob.row(2, 5).entries()) expect(weight).toBeCloseTo(odd[n]!, 14)
})

test('a wide one is placed in parallel voxels only, as it is held as a whole in others', () => {
  const wide = createGaussianKernel(101 / 3 + 0.01)
  expect(wide.radiusVox).toBe(101)
  expect(placeKernel(wide, affine(0), [15, 15, 15], grid(affine(0)))?.sizeVox).toEqual([30, 30, 30])
  expect(() => placeKernel(wide, affine(0), [15, 15, 15], grid(affine(0.3)))).toThrow(
    'sigma_mm is too large for a map of turned voxels: 33 of them at most',
  )
})

test('turned by half a right angle, a cube of three voxels keeps its middle, and the faces about it', () => {
  const home = affine(Math.PI / 4, 2)
  home[7] = 2
  const blob = placeKernel(createGaussianKernel(1, 1), home, [0, 0, 2], grid(affine(0)))!
  expect([blob.lowVox, blob.sizeVox]).toEqual([
    [1, 1, 1],
    [3, 3, 3],
  ])
  expect(weightsOf(blob).map((weight) => (weight > 0 ? 1 : 0))).toEqual(
    Array(3).fill([0, 1, 0, 1, 1, 1, 0, 1, 0]).flat(),
  )
})

test('maps that are the same everywhere have no correlation', () => {
  const names = ['both', 'either', 'first', 'second', 'sumFirst', 'sumSecond'] as const
  const squares = ['sumSquaresFirst', 'sumSquaresSecond', 'sumProducts'] as const
  const sums = Object.fromEntries([...names, ...squares].map((name) => [name, 4])) as unknown as MapSums
  expect(scoreMaps(sums, 4, 4)).toMatchObject({ correlation: 0, intersectionOverUnion: 1 })
})
