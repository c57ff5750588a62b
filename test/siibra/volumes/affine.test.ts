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

describe('numbers that are all different', () => {
  const primes = Float64Array.of(2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 0, 0, 0, 1)

  test('points and determinants', () => {
    expect(applyAffine(primes, [2, 3, 5])).toEqual([45, 165, 325])
    expect([...applyAffineToPoints(primes, Float32Array.of(2, 3, 5, 1, 1, 1))]).toEqual([45, 165, 325, 17, 60, 120])
    expect(determinantOf(primes)).toBe(70)
  })

  test.each([
    { order: [0, 1, 2] },
    { order: [0, 2, 1] },
    { order: [1, 0, 2] },
    { order: [1, 2, 0] },
    { order: [2, 0, 1] },
    { order: [2, 1, 0] },
  ])('inverted, with rows in the order $order', ({ order }) => {
    const base = [
      [4, 1, 2, 10],
      [1, -5, 3, 20],
      [0, 0.5, 6, 30],
    ]
    const matrix = affineFromRows(order.map((row) => base[row]!))
    const product = multiplyAffines(invertAffine(matrix), matrix)
    for (const [at, value] of identityAffine().entries()) expect(product[at]).toBeCloseTo(value, 12)
  })

  test('inverted, whose rows have to be swapped, far from the origin', () => {
    const swapped = affineFromRows([
      [1, 0, 0, 100],
      [0, 0, 1, -50],
      [0, 2, 0, 30],
    ])
    expect(affineToRows(invertAffine(swapped)).slice(0, 3)).toEqual([
      [1, 0, 0, -100],
      [0, 0, 0.5, -15],
      [0, 1, 0, 50],
    ])
  })
})
