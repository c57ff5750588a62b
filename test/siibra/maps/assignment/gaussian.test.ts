import { expect, test } from 'vitest'
import {
  type Blob,
  createGaussianKernel,
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
