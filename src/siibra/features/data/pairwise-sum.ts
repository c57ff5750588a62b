/**
 * Sums as numpy makes them: pairwise, in blocks of 128 with eight accumulators. Recorded answers hold means to the
 * last digit, and float32 means differ visibly from plain summation.
 */
const BLOCK = 128

const keep = (value: number): number => value

/** Sum of `values[start .. start + count)`; `round` is `Math.fround` for float32 arithmetic. */
export function pairwiseSum(
  values: ArrayLike<number>,
  start = 0,
  count = values.length,
  round: (value: number) => number = keep,
): number {
  if (count < 8) {
    let sum = -0
    for (let i = start; i < start + count; i++) sum = round(sum + values[i]!)
    return sum
  }
  if (count <= BLOCK) {
    const r = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => values[start + i]!)
    const whole = count - (count % 8)
    for (let i = 8; i < whole; i += 8) for (let k = 0; k < 8; k++) r[k] = round(r[k]! + values[start + i + k]!)
    const left = round(round(r[0]! + r[1]!) + round(r[2]! + r[3]!))
    const right = round(round(r[4]! + r[5]!) + round(r[6]! + r[7]!))
    let sum = round(left + right)
    for (let i = whole; i < count; i++) sum = round(sum + values[start + i]!)
    return sum
  }
  const half = count >> 1
  const split = half - (half % 8)
  const first = pairwiseSum(values, start, split, round)
  return round(first + pairwiseSum(values, start + split, count - split, round))
}

/** Arithmetic mean, NaN of nothing. */
export function pairwiseMean(values: ArrayLike<number>): number {
  return pairwiseSum(values) / values.length
}

/** Mean and population standard deviation in float32 arithmetic, as numpy computes them of a float32 array. */
export function float32Moments(values: Float32Array): { mean: number; deviation: number } {
  const count = values.length
  const mean = Math.fround(pairwiseSum(values, 0, count, Math.fround) / count)
  const squares = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    const distance = Math.fround(values[i]! - mean)
    squares[i] = distance * distance
  }
  const variance = Math.fround(pairwiseSum(squares, 0, count, Math.fround) / count)
  return { mean, deviation: Math.fround(Math.sqrt(variance)) }
}
