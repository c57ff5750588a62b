import { cubicWeights, mirrorIndex } from './spline.ts'

/** Where along one source axis each target index falls: indices of the samples that count and their weights. */
export interface AxisTaps {
  /** `taps` sample indices per target index; -1 in the first where the position is outside. */
  index: Int32Array
  weight: Float64Array
  taps: number
}

export function tapsAlong(positions: Float64Array, length: number, taps: number): AxisTaps {
  const index = new Int32Array(positions.length * taps)
  const weight = new Float64Array(positions.length * taps)
  for (let n = 0; n < positions.length; n++) fillTaps(positions[n]!, length, taps, index, weight, n * taps)
  return { index, weight, taps }
}

/** False (and -1 as index) for a position outside of [0, length - 1]. */
export function fillTaps(
  x: number,
  length: number,
  taps: number,
  index: Int32Array,
  weight: Float64Array,
  at: number,
): boolean {
  if (!(x >= 0 && x <= length - 1)) {
    index[at] = -1
    return false
  }
  const floor = Math.floor(x)
  if (taps === 1) {
    index[at] = Math.floor(x + 0.5)
    weight[at] = 1
  } else if (taps === 2) {
    index[at] = floor
    index[at + 1] = Math.min(floor + 1, length - 1)
    weight[at] = 1 - (x - floor)
    weight[at + 1] = x - floor
  } else {
    cubicWeights(x - floor, weight, at)
    for (let tap = 0; tap < 4; tap++) index[at + tap] = mirrorIndex(floor - 1 + tap, length)
  }
  return true
}
