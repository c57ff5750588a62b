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

test.each([
  { affine: [2, 0, 0, 5, 0, -1, 0, 6, 0, 0, 3, 7, 0, 0, 0, 1], axes: [0, 1, 2] },
  { affine: [0, 0, 2, 5, -1, 0, 0, 6, 0, 3, 0, 7, 0, 0, 0, 1], axes: [2, 0, 1] },
  { affine: [1, 0, 0, 5, 0, 1, 0, 6, 0, 0.1, 1, 7, 0, 0, 0, 1], axes: undefined },
  { affine: [1, 0, 0, 5, 1, 0, 0, 6, 0, 0, 1, 7, 0, 0, 0, 1], axes: undefined },
  { affine: [1, 0, 0, 5, 0, 0, 0, 6, 0, 0, 1, 7, 0, 0, 0, 1], axes: undefined },
])('axes are taken one by one where each depends on one alone: $affine', ({ affine, axes }) => {
  expect(separableAxes(Float64Array.from(affine))).toEqual(axes)
})

test.each([
  // of each row that is stored: its first voxel, and its values
  {
    taps: 1,
    scale: 1,
    target: [5, 4, 3],
    stored: [
      { at: 6, values: [0.5, 0.1, -2] },
      { at: 14, values: [3] },
      { at: 28, values: [7, 0.5] },
    ],
  },
  {
    taps: 2,
    scale: 1,
    target: [5, 4, 3],
    stored: [
      // with what counts in the plane behind it, though by a weight of 0
      { at: 6, values: [0.5, 0.1, -2, 0] },
      { at: 14, values: [3] },
      { at: 28, values: [7, 0.5] },
    ],
  },
  // at 1.5 everything is the mean of two: 0.15 along i and j is passed over; half of -2 along j is left, of 7 half along j and k
  {
    taps: 2,
    scale: 1.5,
    target: [4, 3, 2],
    stored: [
      { at: 6, values: [-1] },
      { at: 18, values: [1.75] },
    ],
  },
])('of a target row only what counts is stored: $taps taps, voxels of $scale', ({ taps, scale, target, stored }) => {
  const samples = new Float64Array(60)
  samples.set([0.5, 0.1, -2], 6)
  samples[14] = 3
  samples.set([0.49, 0, 0, 7, 0.5], 25)
  const targetToSource = Float64Array.of(scale, 0, 0, 0, 0, scale, 0, 0, 0, 0, scale, 0, 0, 0, 0, 1)
  const grids = { source: [5, 4, 3], target, targetToSource, axes: [0, 1, 2] }
  const found: { at: number; values: number[] }[] = []
  const store = (at: number, stride: number, values: Float64Array, count: number) => {
    expect(stride).toBe(1)
    found.push({ at, values: [...values.subarray(0, count)] })
  }
  runSteps(resampleSeparably(samples, grids, taps, store, 0.5))
  expect(found).toEqual(stored)
})

test('planes are held for as long as they are needed, and what was in one before does not come into the next', () => {
  // as many planes as there are values; each has rows of its own that count, with one between that does not
  const [nx, ny, nz] = [3, 4, 7]
  const samples = new Float64Array(nx * ny * nz)
  const rowsOf = [[0, 1, 2, 3], [0], [1], [0, 2], [1, 3], [], [2]]
  for (const [k, rows] of rowsOf.entries()) for (const j of rows) samples[(k * ny + j) * nx + (k % 3)] = k + 1
  for (const taps of [1, 2])
    for (const step of [1, -1]) {
      const affine = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, step, step < 0 ? nz - 1 : 0, 0, 0, 0, 1)
      const grids = { source: [nx, ny, nz], target: [nx, ny, nz], targetToSource: affine, axes: [0, 1, 2] }
      const found: number[][] = []
      const store = (at: number, _: number, values: Float64Array, count: number) =>
        found.push([at, ...values.subarray(0, count)])
      runSteps(resampleSeparably(samples, grids, taps, store, 0.5))
      // a plane of no share is held beside, too: what is in its rows is stored as 0
      const stored = found.filter(([, ...values]) => values.some((value) => value !== 0))
      const place = (k: number, j: number) => ((step < 0 ? nz - 1 - k : k) * ny + j) * nx
      const expected = rowsOf.flatMap((rows, k) => rows.map((j) => [place(k, j), k]))
      const values = stored.map(([at = 0, ...row]) => [at - (at % nx), row.find((x) => x !== 0)! - 1])
      expect(values).toEqual(expected.sort((a, b) => a[0]! - b[0]!))
    }
})
