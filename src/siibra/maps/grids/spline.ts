/** Cubic B-splines as scipy.ndimage computes them (mode `constant`: mirrored at the first and last sample). */

const POLE = Math.sqrt(3) - 2

/** Replaces the `length` samples at `offset`, `offset + stride` ... by their spline coefficients. */
export function filterLine(data: Float64Array, offset: number, stride: number, length: number): void {
  if (length < 2) return
  const at = (n: number) => offset + n * stride
  const gain = (1 - POLE) * (1 - 1 / POLE)
  for (let n = 0; n < length; n++) data[at(n)]! *= gain
  // Causal pass; its start is the sum over the mirrored signal.
  const far = POLE ** (length - 1)
  let power = POLE
  let start = data[at(0)]! + far * data[at(length - 1)]!
  for (let n = 1; n < length - 1; n++) {
    start += power * (data[at(n)]! + far * data[at(length - 1 - n)]!)
    power *= POLE
  }
  data[at(0)] = start / (1 - far * far)
  for (let n = 1; n < length; n++) data[at(n)]! += POLE * data[at(n - 1)]!
  // Anticausal pass.
  data[at(length - 1)] = (POLE / (POLE * POLE - 1)) * (data[at(length - 1)]! + POLE * data[at(length - 2)]!)
  for (let n = length - 2; n >= 0; n--) data[at(n)] = POLE * (data[at(n + 1)]! - data[at(n)]!)
}

/** Spline coefficients of a volume (first axis fastest), along all three axes. */
export function splineCoefficients(data: ArrayLike<number>, shape: readonly number[]): Float64Array {
  const [nx, ny, nz] = [shape[0]!, shape[1]!, shape[2]!]
  const coefficients = Float64Array.from(data)
  for (let row = 0; row < ny * nz; row++) filterLine(coefficients, row * nx, 1, nx)
  for (let k = 0; k < nz; k++) for (let i = 0; i < nx; i++) filterLine(coefficients, k * nx * ny + i, nx, ny)
  for (let column = 0; column < nx * ny; column++) filterLine(coefficients, column, nx * ny, nz)
  return coefficients
}

/** Weights of the four coefficients around a position whose fractional part is `t`: those at -1, 0, 1, 2 from its floor. */
export function cubicWeights(t: number, weights: Float64Array, at: number): void {
  const u = 1 - t
  weights[at + 1] = (t * t * (t - 2) * 3 + 4) / 6
  weights[at + 2] = (u * u * (u - 2) * 3 + 4) / 6
  weights[at] = (u * u * u) / 6
  weights[at + 3] = 1 - weights[at]! - weights[at + 1]! - weights[at + 2]!
}

/** The sample that stands at index `n` of a line of `length` samples mirrored at its ends. */
export function mirrorIndex(n: number, length: number): number {
  if (length === 1) return 0
  const period = 2 * (length - 1)
  const folded = ((n % period) + period) % period
  return folded < length ? folded : period - folded
}
