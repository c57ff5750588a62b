import { expect, test } from 'vitest'
import { cubicWeights, filterLines, mirrorIndex, splineCoefficients } from '../../../../src/siibra/maps/grids/spline.ts'
import { runSteps } from '../../../../src/siibra/slices.ts'

/** Lines, and scipy.ndimage.spline_filter1d(line, 3, mode='mirror') of each (in float64, 12 digits). */
const LINES = [
  { line: [4], coefficients: [4] },
  { line: [3, 5], coefficients: [1, 7] },
  { line: [1, 0, 0, 4], coefficients: [1.46666666667, 0.0666666666667, -1.73333333333, 6.86666666667] },
  {
    line: [2, 7, 1, 8, 2, 8, 1],
    coefficients: [
      -3.32179487179, 12.6435897436, -5.25256410256, 14.3666666667, -4.2141025641, 14.4897435897, -5.74487179487,
    ],
  },
]

function expectClose(actual: ArrayLike<number>, expected: readonly number[]) {
  expect(actual).toHaveLength(expected.length)
  const worst = expected.reduce((most, value, n) => Math.max(most, Math.abs(value - actual[n]!)), 0)
  expect(worst).toBeLessThan(1e-7)
}

test.each(LINES)('the coefficients of $line, alone or beside others, and of nothing else', ({ line, coefficients }) => {
  for (const lines of [1, 3, 300]) {
    const [offset, stride] = [2, lines + 2]
    const spread = (values: readonly number[]) => {
      const data = new Float64Array(offset + line.length * stride + 2).fill(9)
      // a line is a multiple of the others, as is what it is filtered to
      for (const [n, value] of values.entries())
        for (let i = 0; i < lines; i++) data[offset + n * stride + i] = value * (i + 1)
      return data
    }
    const data = spread(line)
    filterLines(data, { offset, stride, length: line.length, lines })
    expectClose(data, [...spread(coefficients)])
  }
})

test('of a volume along all axes, in several goes along the last', () => {
  const shape = [9, 8, 3]
  const data = Uint8Array.from({ length: 9 * 8 * 3 }, (_, at) => (at * 37) % 101)
  const found = runSteps(splineCoefficients(data, shape))
  // scipy.ndimage.spline_filter(volume, 3, mode='mirror') of the same values in Fortran order
  const places = [0, 1, 9, 63, 64, 71, 72, 100, 144, 207, 208, 215]
  expectClose(
    places.map((at) => found[at]!),
    [
      92.3140699395, -260.760225073, -165.652601403, -216.218861217, 8.41127104278, -498.784725854, -253.084295691,
      329.979820114, 462.710447102, 305.71660162, -391.188270227, -133.035903099,
    ],
  )
  expect(found.reduce((sum, value, at) => sum + value * (at + 1), 0)).toBeCloseTo(1193827.54057, 4)
  expect(found.reduce((sum, value) => sum + Math.abs(value), 0)).toBeCloseTo(62045.6520133, 6)
})

test('weights are those of the cubic B-spline, and add up to 1', () => {
  // B(x) = 2/3 - x^2 + |x|^3 / 2 up to 1, (2 - |x|)^3 / 6 up to 2
  const spline = (x: number) => {
    const [d, rest] = [Math.abs(x), 2 - Math.abs(x)]
    return d < 1 ? 2 / 3 - d * d + (d * d * d) / 2 : (rest * rest * rest) / 6
  }
  for (const t of [0, 0.25, 0.5, 0.9]) {
    const weights = new Float64Array(7).fill(9)
    cubicWeights(t, weights, 2)
    expectClose(weights, [9, 9, spline(t + 1), spline(t), spline(1 - t), spline(2 - t), 9])
  }
})

test('beyond its ends a line goes on mirrored at the first and last sample', () => {
  const mirrored = (length: number) => Array.from({ length: 13 }, (_, n) => mirrorIndex(n - 5, length))
  expect(mirrored(4)).toEqual([1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1])
  expect(mirrored(2)).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
  expect(mirrored(1)).toEqual(Array.from({ length: 13 }, () => 0))
})
