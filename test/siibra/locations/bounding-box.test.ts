import { expect, test } from 'vitest'
import {
  boxAround,
  boxBetween,
  boxSizeMm,
  transformBox,
  unionBoxes,
} from '../../../src/siibra/locations/bounding-box.ts'

const box = boxBetween([4, -2, 0], [0, 2, 8])

test('corners in any order', () => {
  expect(box).toEqual({ minMm: [0, -2, 0], maxMm: [4, 2, 8] })
})

test('lengths of edges', () => {
  expect(boxSizeMm(boxBetween([1, -2, 3], [5, 4, -7]))).toEqual([4, 6, 10])
})

test('union', () => {
  const other = boxBetween([2, 0, 4], [10, 10, 10])
  expect(unionBoxes(box, other)).toEqual({ minMm: [0, -2, 0], maxMm: [10, 10, 10] })
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
