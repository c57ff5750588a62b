import { describe, expect, test } from 'vitest'
import {
  affineFromRows,
  affineToRows,
  applyAffine,
  applyAffineToPoints,
  determinantOf,
  identityAffine,
  invertAffine,
  multiplyAffines,
  scalingAffine,
  translationAffine,
  voxelSizesOf,
} from '../../../src/siibra/volumes/affine.ts'

const rows = [
  [0, 2, 0.25, 1],
  [-1.5, 0, 0, 2],
  [0, 0.5, 3, 4],
  [0, 0, 0, 1],
]
const affine = affineFromRows(rows)

describe('affines', () => {
  test('are read from and written as rows', () => {
    expect(affineToRows(affine)).toEqual(rows)
    expect(affineFromRows(rows.slice(0, 3))).toEqual(affine)
  })

  test.each([
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [rows.slice(0, 2)],
    [[...rows.slice(0, 3), [0, 0, 0, Number.NaN]]],
  ])('of another form are refused: %j', (wrong) => {
    expect(() => affineFromRows(wrong)).toThrow(expect.objectContaining({ code: 'BAD_DATA' }))
  })

  test('multiply with the left one applied last', () => {
    const scaledThenMoved = multiplyAffines(translationAffine([1, 2, 3]), scalingAffine([2, 2, 2]))
    expect(applyAffine(scaledThenMoved, [1, 1, 1])).toEqual([3, 4, 5])
  })

  test('times their inverse are the identity', () => {
    const product = multiplyAffines(affine, invertAffine(affine))
    for (let i = 0; i < 16; i++) expect(product[i]).toBeCloseTo(identityAffine()[i]!, 14)
  })

  test('that are singular have no inverse', () => {
    const flat = scalingAffine([1, 0, 1])
    expect(() => invertAffine(flat)).toThrow(expect.objectContaining({ code: 'BAD_DATA' }))
  })

  test('map one point and many alike, leaving the input as it was', () => {
    const points = Float64Array.of(1, 2, 3, -4, 0.5, 6)
    const mapped = applyAffineToPoints(affine, points)
    expect(Array.from(mapped)).toEqual([...applyAffine(affine, [1, 2, 3]), ...applyAffine(affine, [-4, 0.5, 6])])
    expect(points[0]).toBe(1)
  })

  test('know their determinant and voxel sizes', () => {
    expect(determinantOf(scalingAffine([-2, 3, 4]))).toBe(-24)
    expect(determinantOf(affine)).toBeCloseTo(1.5 * (2 * 3 - 0.25 * 0.5), 12)
    expect(voxelSizesOf(affine)).toEqual([1.5, Math.sqrt(2 ** 2 + 0.5 ** 2), Math.sqrt(0.25 ** 2 + 3 ** 2)])
  })
})
