import { expect, test } from 'vitest'
import { fillTaps, tapsAlong } from '../../../../src/siibra/maps/grids/taps.ts'

/** What is written at place 2 of arrays that hold 9 elsewhere; undefined for a position outside. */
function tapsAt(x: number, length: number, taps: number) {
  const index = new Int32Array(taps + 4).fill(9)
  const weight = new Float64Array(taps + 4).fill(9)
  const isInside = fillTaps(x, length, taps, index, weight, 2)
  expect([index[0], index[1], index[taps + 2], index[taps + 3]]).toEqual([9, 9, 9, 9])
  expect([weight[0], weight[1], weight[taps + 2], weight[taps + 3]]).toEqual([9, 9, 9, 9])
  expect(index[2] !== -1).toBe(isInside)
  return isInside ? { index: [...index.slice(2, taps + 2)], weight: [...weight.slice(2, taps + 2)] } : undefined
}

test.each([1, 2, 4])('positions up to the centres of the outermost samples are inside: %i taps', (taps) => {
  for (const x of [-1, -1e-9, 3 + 1e-9, 4, Number.NaN]) expect(tapsAt(x, 4, taps)).toBeUndefined()
  for (const x of [0, 3]) expect(tapsAt(x, 4, taps)).toBeDefined()
})

test.each([
  { x: 0, nearest: 0, pair: [0, 1], share: 0, four: [1, 0, 1, 2] },
  { x: 0.25, nearest: 0, pair: [0, 1], share: 0.25, four: [1, 0, 1, 2] },
  { x: 0.5, nearest: 1, pair: [0, 1], share: 0.5, four: [1, 0, 1, 2] },
  { x: 2.75, nearest: 3, pair: [2, 3], share: 0.75, four: [1, 2, 3, 2] },
  { x: 3, nearest: 3, pair: [3, 3], share: 0, four: [2, 3, 2, 1] },
])('the samples around $x of four, and their weights', ({ x, nearest, pair, share, four }) => {
  expect(tapsAt(x, 4, 1)).toEqual({ index: [nearest], weight: [1] })
  expect(tapsAt(x, 4, 2)).toEqual({ index: pair, weight: [1 - share, share] })
  const cubic = tapsAt(x, 4, 4)
  expect(cubic?.index).toEqual(four)
  // of the cubic B-spline: (1 - t)^3 / 6 of the sample before, t^3 / 6 of the second one behind
  expect(cubic?.weight[0]).toBeCloseTo((1 - share) ** 3 / 6, 12)
  expect(cubic?.weight[3]).toBeCloseTo(share ** 3 / 6, 12)
})

test('the taps of several positions, one behind the other', () => {
  const { index, weight, taps } = tapsAlong(Float64Array.of(1.5, -1, 0.25), 3, 2)
  expect([...index]).toEqual([1, 2, -1, 0, 0, 1])
  expect([...weight]).toEqual([0.5, 0.5, 0, 0, 0.75, 0.25])
  expect(taps).toBe(2)
})
