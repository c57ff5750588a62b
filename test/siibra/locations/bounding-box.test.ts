import { expect, test } from 'vitest'
import {
  boxAround,
  boxBetween,
  boxContains,
  boxOfImage,
  boxVolumeMm3,
  intersectBoxes,
  transformBox,
  unionBoxes,
} from '../../../src/siibra/locations/bounding-box.ts'

const box = boxBetween([4, -2, 0], [0, 2, 8])

test('corners in any order', () => {
  expect(box).toEqual({ minMm: [0, -2, 0], maxMm: [4, 2, 8] })
  expect(boxVolumeMm3(box)).toBe(128)
})

test('intersection and union', () => {
  const other = boxBetween([2, 0, 4], [10, 10, 10])
  expect(intersectBoxes(box, other)).toEqual({ minMm: [2, 0, 4], maxMm: [4, 2, 8] })
  expect(unionBoxes(box, other)).toEqual({ minMm: [0, -2, 0], maxMm: [10, 10, 10] })
})

test('boxes that only touch share nothing', () => {
  expect(intersectBoxes(box, boxBetween([4, -2, 0], [8, 2, 8]))).toBeUndefined()
  expect(intersectBoxes(box, boxBetween([40, 40, 40], [50, 50, 50]))).toBeUndefined()
})

test('a box holds its surface', () => {
  expect(boxContains(box, [4, 2, 8])).toBe(true)
  expect(boxContains(box, [4.001, 2, 8])).toBe(false)
})

test('a mirroring affine swaps corners', () => {
  const affine = Float64Array.of(-2, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
  expect(transformBox(box, affine)).toEqual({ minMm: [-7, -2, 0], maxMm: [1, 2, 8] })
})

test('box around points', () => {
  expect(boxAround([])).toBeUndefined()
  expect(
    boxAround([
      [1, 5, 3],
      [2, 4, 3],
    ]),
  ).toEqual({ minMm: [1, 4, 3], maxMm: [2, 5, 3] })
})

test('box of the voxels of an image', () => {
  const data = new Uint8Array(4 * 3 * 2)
  const image = {
    data,
    dtype: 'uint8' as const,
    shape: [4, 3, 2],
    voxelToWorldMm: Float64Array.of(-2, 0, 0, 10, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1),
  }
  expect(boxOfImage(image)).toBeUndefined()
  data[1 + 4 * (1 + 3 * 0)] = 1
  data[2 + 4 * (2 + 3 * 0)] = 1
  expect(boxOfImage(image)).toEqual({ minMm: [4, 2, 0], maxMm: [8, 6, 2] })
})
