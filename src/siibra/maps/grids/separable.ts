import { endsStep, type Steps } from '../../slices.ts'
import { perAxis } from '../../volumes/affine.ts'
import type { Affine } from '../../volumes/image.ts'
import { findExtents, reachedBy, type Stretch, samplesOf } from './reach.ts'
import { type AxisTaps, tapsAlong } from './taps.ts'

/** Writes the first `count` values, `stride` voxels apart, from voxel `at` of the target on. */
export type StoreRow = (at: number, stride: number, values: Float64Array, count: number) => void

export interface SeparableGrids {
  /** Sizes along i, j, k. */
  source: readonly number[]
  target: readonly number[]
  targetToSource: Affine
  /** The target axis that each source axis depends on. */
  axes: readonly number[]
}

/** The target axis that each source axis depends on, where each depends on one alone and all are used; else undefined. */
export function separableAxes(affine: Affine): number[] | undefined {
  const axes: number[] = []
  for (let row = 0; row < 3; row++) {
    const columns = [0, 1, 2].filter((column) => affine[row * 4 + column] !== 0)
    if (columns.length !== 1 || axes.includes(columns[0]!)) return undefined
    axes.push(columns[0]!)
  }
  return axes
}

/** Rows of a target plane between two steps. */
const ROWS_A_STEP = 64

/**
 * Axis by axis, for grids whose axes are parallel (possibly swapped or flipped): each plane of the source is stretched along its first axis,
 * then its second; planes of the target are sums of a few of those, of which only as many are held.
 * @param least Values nearer to 0 than this need not be stored: weights are never negative and sum up to 1, so that none of a row is further from 0
 *   than what it is made of. Most of a template is background, which a spline leaves with values like 1e-9.
 */
export function* resampleSeparably(
  samples: ArrayLike<number>,
  grids: SeparableGrids,
  taps: number,
  store: StoreRow,
  least = 0,
): Steps<void> {
  const { source, target, axes } = grids
  const [alongI, alongJ, alongK] = [0, 1, 2].map((axis) => tapsOf(grids, axis, taps)) as [AxisTaps, AxisTaps, AxisTaps]
  const [rowLength, rows, planes] = perAxis((n) => target[axes[n]!]!)
  const strides = [1, target[0]!, target[0]! * target[1]!]
  const [rowStride, columnStride, planeStride] = [strides[axes[1]!]!, strides[axes[0]!]!, strides[axes[2]!]!]
  const stretched = createPlanes(taps, rowLength, rows)
  const between = new Float64Array(rowLength * source[1]!)
  const values = new Float64Array(rowLength)
  const extents = least > 0 ? yield* findExtents(samples, source, least, taps) : undefined
  const windowOf = (k: number): Window => {
    const extent = extents?.[k]
    if (!extent) return { i: [0, rowLength], j: [0, rows], rows: [0, source[1]!] }
    const j = reachedBy(alongJ, extent.j)
    return { i: reachedBy(alongI, extent.i), j, rows: samplesOf(alongJ, j) }
  }
  for (let n = 0; n < planes; n++) {
    const first = n * taps
    if (alongK.index[first] === -1) continue
    const parts: Plane[] = []
    for (let tap = first; tap < first + taps; tap++) {
      const k = alongK.index[tap]!
      const { plane, isNew } = stretched.get(k)
      if (isNew) {
        const window = windowOf(k)
        stretchRows(samples, k * source[0]! * source[1]!, source, alongI, window, between)
        yield
        stretchColumns(between, rowLength, alongJ, window, plane.values)
        yield
        findBounds(plane, rowLength, window, least)
        yield
      }
      parts.push(plane)
    }
    const planeValues = parts.map((part) => part.values)
    const weights = alongK.weight.subarray(first, first + taps)
    for (let row = 0; row < rows; row++) {
      let [from, end] = [rowLength, 0]
      for (const part of parts) {
        from = Math.min(from, part.from[row]!)
        end = Math.max(end, part.end[row]!)
      }
      if (from < end) {
        sumPlanes(planeValues, weights, row * rowLength + from, values, end - from)
        store(n * planeStride + row * rowStride + from * columnStride, columnStride, values, end - from)
      }
      if (endsStep(row, ROWS_A_STEP)) yield
    }
  }
}

function tapsOf({ source, target, targetToSource, axes }: SeparableGrids, row: number, taps: number): AxisTaps {
  const axis = axes[row]!
  const isDiagonal = axes.every((column, at) => column === at)
  const scale = targetToSource[row * 4 + axis]!
  const offset = targetToSource[row * 4 + 3]!
  // scipy takes another road for diagonal matrices, which rounds differently.
  const shift = offset / scale
  const positions = Float64Array.from({ length: target[axis]! }, (_, n) =>
    isDiagonal ? (n + shift) * scale : n * scale + offset,
  )
  return tapsAlong(positions, source[row]!, taps)
}

/** A plane of the source, stretched. */
interface Plane {
  values: Float64Array
  /** Per row, the first value that counts, and the one behind the last. */
  from: Int32Array
  end: Int32Array
}

/** The planes that were made last. */
function createPlanes(count: number, rowLength: number, rows: number) {
  const held = new Map<number, Plane>()
  const create = () => ({
    values: new Float64Array(rowLength * rows),
    from: new Int32Array(rows),
    end: new Int32Array(rows),
  })
  return {
    get(k: number): { plane: Plane; isNew: boolean } {
      const known = held.get(k)
      if (known) {
        held.delete(k)
        held.set(k, known)
        return { plane: known, isNew: false }
      }
      const [oldest] = held.size < count ? [] : held.keys()
      const plane = oldest === undefined ? create() : held.get(oldest)!
      if (oldest !== undefined) held.delete(oldest)
      held.set(k, plane)
      return { plane, isNew: true }
    },
  }
}

function findBounds({ values, from, end }: Plane, rowLength: number, { i, j }: Window, least: number): void {
  from.fill(rowLength)
  end.fill(0)
  for (let row = j[0]; row < j[1]; row++) {
    const begin = row * rowLength
    let [first, last] = [begin + i[0], begin + i[1] - 1]
    // what is no number counts
    while (first <= last && Math.abs(values[first]!) < least) first++
    if (first > last) continue
    while (Math.abs(values[last]!) < least) last--
    from[row] = first - begin
    end[row] = last + 1 - begin
  }
}

/** What is made of a plane: columns and rows of the target, and the source's rows that these are made of. */
interface Window {
  i: Stretch
  j: Stretch
  rows: Stretch
}

/** Each row of a plane along the first axis. */
function stretchRows(
  samples: ArrayLike<number>,
  offset: number,
  [nx]: readonly number[],
  { index, weight, taps }: AxisTaps,
  { i, rows }: Window,
  out: Float64Array,
): void {
  const length = index.length / taps
  for (let j = rows[0]; j < rows[1]; j++) {
    const from = offset + j * nx!
    for (let n = i[0]; n < i[1]; n++) {
      const first = n * taps
      let value = 0
      if (index[first] === -1) value = 0
      else if (taps === 4) {
        const [a, b, c, d] = [index[first]!, index[first + 1]!, index[first + 2]!, index[first + 3]!]
        value += samples[from + a]! * weight[first]!
        value += samples[from + b]! * weight[first + 1]!
        value += samples[from + c]! * weight[first + 2]!
        value += samples[from + d]! * weight[first + 3]!
      } else {
        for (let tap = first; tap < first + taps; tap++) value += samples[from + index[tap]!]! * weight[tap]!
      }
      out[j * length + n] = value
    }
  }
}

/** All columns of a plane along the second axis, row by row. */
function stretchColumns(
  rows: Float64Array,
  length: number,
  { index, weight, taps }: AxisTaps,
  { i: [begin, end], j }: Window,
  out: Float64Array,
): void {
  for (let n = j[0]; n < j[1]; n++) {
    const to = n * length
    const first = n * taps
    // outside for all planes, so that nothing is ever written there
    if (index[first] === -1) continue
    if (taps === 4) {
      const [a, b, c, d] = [0, 1, 2, 3].map((tap) => index[first + tap]! * length) as [number, number, number, number]
      const [u, v, w, x] = [weight[first]!, weight[first + 1]!, weight[first + 2]!, weight[first + 3]!]
      for (let i = begin; i < end; i++) {
        out[to + i] = rows[a + i]! * u + rows[b + i]! * v + rows[c + i]! * w + rows[d + i]! * x
      }
      continue
    }
    for (let i = begin; i < end; i++) {
      let value = 0
      for (let tap = first; tap < first + taps; tap++) value += rows[index[tap]! * length + i]! * weight[tap]!
      out[to + i] = value
    }
  }
}

function sumPlanes(
  parts: readonly Float64Array[],
  weights: Float64Array,
  from: number,
  out: Float64Array,
  count: number,
): void {
  if (parts.length === 4) {
    // by their places: taking a typed array apart goes through its iterator, for each row
    const [a, b, c, d] = [parts[0]!, parts[1]!, parts[2]!, parts[3]!]
    const [u, v, w, x] = [weights[0]!, weights[1]!, weights[2]!, weights[3]!]
    for (let i = 0; i < count; i++) out[i] = a[from + i]! * u + b[from + i]! * v + c[from + i]! * w + d[from + i]! * x
    return
  }
  for (let i = 0; i < count; i++) {
    let value = 0
    for (let tap = 0; tap < parts.length; tap++) value += parts[tap]![from + i]! * weights[tap]!
    out[i] = value
  }
}
