/** Small images of one float64 plane, in row-major order: resizing and polygons as scikit-image does them. */

export interface Plane {
  rowCount: number
  columnCount: number
  values: Float64Array
}

export const createPlane = (rowCount: number, columnCount: number): Plane => ({
  rowCount,
  columnCount,
  values: new Float64Array(rowCount * columnCount),
})

/** Interpolation between the samples of one axis: which coefficients count, and how much. */
interface AxisWeights {
  /** `order + 1` source positions per target position. */
  positions: Int32Array
  weights: Float64Array
  width: number
}

/** Index or coordinate mirrored into `0 .. length - 1`, edges not repeated. */
function mirror(at: number, length: number): number {
  if (length <= 1) return 0
  const period = 2 * length - 2
  let inside = at
  if (inside < 0) {
    inside = period * Math.trunc(-inside / period) + inside
    return inside <= 1 - length ? inside + period : -inside
  }
  if (inside > length - 1) {
    inside -= period * Math.trunc(inside / period)
    if (inside >= length) inside = period - inside
  }
  return inside
}

/** Weights of a spline of order 1 or 2 at pixel centres: target i lies at `(i + 0.5) * source / target - 0.5`. */
function axisWeights(
  sourceLength: number,
  targetLength: number,
  order: 1 | 2,
  targets?: ArrayLike<number>,
): AxisWeights {
  const count = targets?.length ?? targetLength
  const width = order + 1
  const positions = new Int32Array(count * width)
  const weights = new Float64Array(count * width)
  const zoom = sourceLength / targetLength
  for (let i = 0; i < count; i++) {
    const at = mirror(((targets?.[i] ?? i) + 0.5) * zoom - 0.5, sourceLength)
    const nearest = order === 1 ? Math.floor(at) : Math.floor(at + 0.5)
    const first = order === 1 ? nearest : nearest - 1
    const x = at - nearest
    for (let k = 0; k < width; k++) positions[i * width + k] = mirror(first + k, sourceLength)
    if (order === 1) {
      weights[i * 2] = 1 - x
      weights[i * 2 + 1] = 1 - weights[i * 2]!
    } else {
      const low = 0.5 - x
      weights[i * 3] = 0.5 * low * low
      weights[i * 3 + 1] = 0.75 - x * x
      weights[i * 3 + 2] = 1 - weights[i * 3]! - weights[i * 3 + 1]!
    }
  }
  return { positions, weights, width }
}

/** sqrt(8) - 3, to the last digit. */
const QUADRATIC_POLE = -0.1715728752538099

/** In place: samples -> coefficients of the quadratic spline through them, mirrored at both ends. */
function filterLine(line: Float64Array): void {
  const count = line.length
  if (count < 2) return
  const pole = QUADRATIC_POLE
  const gain = (1 - pole) * (1 - 1 / pole)
  for (let i = 0; i < count; i++) line[i]! *= gain
  const last = pole ** (count - 1)
  let power = pole
  let start = line[0]! + last * line[count - 1]!
  for (let i = 1; i < count - 1; i++) {
    start += power * (line[i]! + last * line[count - 1 - i]!)
    power *= pole
  }
  line[0] = start / (1 - last * last)
  for (let i = 1; i < count; i++) line[i]! += pole * line[i - 1]!
  line[count - 1] = ((pole * line[count - 2]! + line[count - 1]!) * pole) / (pole * pole - 1)
  for (let i = count - 2; i >= 0; i--) line[i] = pole * (line[i + 1]! - line[i]!)
}

function splineCoefficients(plane: Plane): Plane {
  const { rowCount, columnCount } = plane
  const values = plane.values.slice()
  const column = new Float64Array(rowCount)
  for (let c = 0; c < columnCount; c++) {
    for (let r = 0; r < rowCount; r++) column[r] = values[r * columnCount + c]!
    filterLine(column)
    for (let r = 0; r < rowCount; r++) values[r * columnCount + c] = column[r]!
  }
  for (let r = 0; r < rowCount; r++) filterLine(values.subarray(r * columnCount, (r + 1) * columnCount))
  return { rowCount, columnCount, values }
}

function extremes(values: Float64Array): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

/**
 * Enlarges an image by spline interpolation (order 1: linear, 2: quadratic), values kept within those of the source;
 * scikit-image's `resize` with its defaults.
 */
export function enlarge(plane: Plane, rowCount: number, columnCount: number, order: 1 | 2): Plane {
  const source = order === 2 ? splineCoefficients(plane) : plane
  const [low, high] = extremes(plane.values)
  const rows = axisWeights(plane.rowCount, rowCount, order)
  const columns = axisWeights(plane.columnCount, columnCount, order)
  const width = order + 1
  const out = new Float64Array(rowCount * columnCount)
  for (let r = 0; r < rowCount; r++) {
    for (let c = 0; c < columnCount; c++) {
      let sum = 0
      for (let i = 0; i < width; i++) {
        const offset = rows.positions[r * width + i]! * source.columnCount
        const weight = rows.weights[r * width + i]!
        for (let k = 0; k < width; k++) {
          const value = source.values[offset + columns.positions[c * width + k]!]!
          sum += value * weight * columns.weights[c * width + k]!
        }
      }
      out[r * columnCount + c] = sum < low ? low : sum > high ? high : sum
    }
  }
  return { rowCount, columnCount, values: out }
}

/** Values of the linearly enlarged image at some of its pixels, without making all of it. */
export function sampleEnlarged(
  plane: Plane,
  rowCount: number,
  columnCount: number,
  pixels: { rows: ArrayLike<number>; columns: ArrayLike<number> },
): Float64Array {
  const rows = axisWeights(plane.rowCount, rowCount, 1, pixels.rows)
  const columns = axisWeights(plane.columnCount, columnCount, 1, pixels.columns)
  const [low, high] = extremes(plane.values)
  return Float64Array.from({ length: pixels.rows.length }, (_, p) => {
    let sum = 0
    for (let i = 0; i < 2; i++) {
      for (let k = 0; k < 2; k++) {
        const value = plane.values[rows.positions[p * 2 + i]! * plane.columnCount + columns.positions[p * 2 + k]!]!
        sum += value * rows.weights[p * 2 + i]! * columns.weights[p * 2 + k]!
      }
    }
    return Math.min(high, Math.max(low, sum))
  })
}

const EPSILON = 1e-12

/** Whether a point is inside a polygon, or on its outline. */
function isInPolygon(xs: Float64Array, ys: Float64Array, x: number, y: number): boolean {
  let rightCrossings = 0
  let leftCrossings = 0
  let x1 = xs[xs.length - 1]! - x
  let y1 = ys[ys.length - 1]! - y
  for (let i = 0; i < xs.length; i++) {
    const x0 = xs[i]! - x
    const y0 = ys[i]! - y
    if (Math.abs(x0) < EPSILON && Math.abs(y0) < EPSILON) return true
    if (y0 > 0 !== y1 > 0 && (x0 * y1 - x1 * y0) / (y1 - y0) > 0) rightCrossings++
    if (y0 < 0 !== y1 < 0 && (x0 * y1 - x1 * y0) / (y1 - y0) < 0) leftCrossings++
    x1 = x0
    y1 = y0
  }
  return (rightCrossings & 1) !== (leftCrossings & 1) || (rightCrossings & 1) === 1
}

/** Sets all pixels whose centres are inside the polygon or on its outline; what lies outside the image is left out. */
export function fillPolygon(plane: Plane, rows: Float64Array, columns: Float64Array, value: number): void {
  const lastRow = Math.min(plane.rowCount - 1, Math.ceil(Math.max(...rows)))
  const lastColumn = Math.min(plane.columnCount - 1, Math.ceil(Math.max(...columns)))
  const firstColumn = Math.trunc(Math.max(0, Math.min(...columns)))
  for (let r = Math.trunc(Math.max(0, Math.min(...rows))); r <= lastRow; r++) {
    for (let c = firstColumn; c <= lastColumn; c++) {
      if (isInPolygon(columns, rows, c, r)) plane.values[r * plane.columnCount + c] = value
    }
  }
}
