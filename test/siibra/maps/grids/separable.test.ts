import { expect, test } from 'vitest'
import { resampleImage } from '../../../../src/siibra/maps/grids/resample.ts'
import { resampleSeparably, separableAxes } from '../../../../src/siibra/maps/grids/separable.ts'
import { splineCoefficients } from '../../../../src/siibra/maps/grids/spline.ts'
import { runSteps } from '../../../../src/siibra/slices.ts'

/** Something in the middle of nothing, with a hard edge, beside which splines swing below 0; nothing at all in some planes. */
const source = [14, 11, 9]
const data = Uint16Array.from({ length: 14 * 11 * 9 }, (_, at) => {
  const [i, j, k] = [at % 14, Math.floor(at / 14) % 11, Math.floor(at / 154)]
  return i > 2 && i < 9 && j > 4 && k > 2 && k < 6 ? ((at * 7919) % 60_000) * (j % 2) + 1 : 0
})

/** All values, background too, rounded as scipy does it. */
function everyValue(target: number[], targetToSource: Float64Array, taps: number): Uint16Array {
  const out = new Uint16Array(target[0]! * target[1]! * target[2]!)
  const samples = taps === 4 ? runSteps(splineCoefficients(data, source)) : data
  const grids = { source, target, targetToSource, axes: separableAxes(targetToSource)! }
  const store = (at: number, stride: number, values: Float64Array) => {
    for (const [n, value] of values.entries())
      out[at + n * stride] = Math.min(65_535, Math.max(0, Math.trunc(value + 0.5)))
  }
  runSteps(resampleSeparably(samples, grids, taps, store))
  return out
}

test.each([
  ['finer', [28, 22, 18], [0.5, 0, 0, 0, 0, 0.5, 0, 0.25, 0, 0, 0.5, -0.5, 0, 0, 0, 1]],
  ['coarser and moved', [6, 8, 5], [2.1, 0, 0, -1.3, 0, 1.7, 0, 0.4, 0, 0, 1.9, 0.2, 0, 0, 0, 1]],
  ['axes swapped and flipped', [20, 17, 26], [0, 0, -0.6, 13.4, 0.55, 0, 0, 0, 0, 0.5, 0, 0.1, 0, 0, 0, 1]],
])('background that is passed over changes no whole number: %s', (_, shape, affine) => {
  const voxelToWorldMm = Float64Array.from(affine)
  const image = {
    data,
    dtype: 'uint16' as const,
    shape: source,
    voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
  }
  for (const [interpolation, taps] of [
    ['nearest', 1],
    ['linear', 2],
    ['continuous', 4],
  ] as const) {
    const resampled = resampleImage(image, { shape, voxelToWorldMm }, { interpolation })
    expect(resampled.data).toEqual(everyValue(shape, voxelToWorldMm, taps))
    expect(resampled.data.some((value) => value > 0)).toBe(true)
  }
})
