import type { Steps } from '../../slices.ts'
import type { Affine } from '../../volumes/image.ts'
import { type AxisTaps, tapsAlong } from './taps.ts'

/** Writes a row of values, `stride` voxels apart, from voxel `at` of the target on. */
export type StoreRow = (at: number, stride: number, values: Float64Array) => void

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
 */
export function* resampleSeparably(
  samples: ArrayLike<number>,
  grids: SeparableGrids,
  taps: number,
  store: StoreRow,
): Steps<void> {
  const { source, target, axes } = grids
  const [alongI, alongJ, alongK] = [0, 1, 2].map((axis) => tapsOf(grids, axis, taps)) as [AxisTaps, AxisTaps, AxisTaps]
  const [rowLength, rows, planes] = axes.map((axis) => target[axis]!) as [number, number, number]
  const strides = [1, target[0]!, target[0]! * target[1]!]
  const [rowStride, columnStride, planeStride] = [strides[axes[1]!]!, strides[axes[0]!]!, strides[axes[2]!]!]
  const stretched = createPlanes(taps, rowLength * rows)
  const between = new Float64Array(rowLength * source[1]!)
  const values = new Float64Array(rowLength)
  for (let n = 0; n < planes; n++) {
    const first = n * taps
    if (alongK.index[first] === -1) continue
    const parts: Float64Array[] = []
    for (let tap = first; tap < first + taps; tap++) {
      const k = alongK.index[tap]!
      const { plane, isNew } = stretched.get(k)
      if (isNew) {
        stretchRows(samples, k * source[0]! * source[1]!, source, alongI, between)
        yield
        stretchColumns(between, rowLength, alongJ, plane)
        yield
      }
      parts.push(plane)
    }
    const weights = alongK.weight.subarray(first, first + taps)
    for (let row = 0; row < rows; row++) {
      sumPlanes(parts, weights, row * rowLength, values)
      store(n * planeStride + row * rowStride, columnStride, values)
      if (row % ROWS_A_STEP === ROWS_A_STEP - 1) yield
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

/** The planes that were made last. */
function createPlanes(count: number, size: number) {
  const held = new Map<number, Float64Array>()
  return {
    get(k: number): { plane: Float64Array; isNew: boolean } {
      const known = held.get(k)
      if (known) {
        held.delete(k)
        held.set(k, known)
        return { plane: known, isNew: false }
      }
      const [oldest] = held.size < count ? [] : held.keys()
      const plane = oldest === undefined ? new Float64Array(size) : held.get(oldest)!
      if (oldest !== undefined) held.delete(oldest)
      held.set(k, plane)
      return { plane, isNew: true }
    },
  }
}

/** Each row of a plane along the first axis. */
function stretchRows(
  samples: ArrayLike<number>,
  offset: number,
  [nx, ny]: readonly number[],
  { index, weight, taps }: AxisTaps,
  out: Float64Array,
): void {
  const length = index.length / taps
  for (let j = 0; j < ny!; j++) {
    const from = offset + j * nx!
    for (let n = 0; n < length; n++) {
      const first = n * taps
      let value = 0
      if (index[first] !== -1) {
        for (let tap = first; tap < first + taps; tap++) value += samples[from + index[tap]!]! * weight[tap]!
      }
      out[j * length + n] = value
    }
  }
}

/** All columns of a plane along the second axis, row by row. */
function stretchColumns(rows: Float64Array, length: number, { index, weight, taps }: AxisTaps, out: Float64Array) {
  for (let n = 0; n < index.length / taps; n++) {
    const to = n * length
    const first = n * taps
    if (index[first] === -1) {
      out.fill(0, to, to + length)
      continue
    }
    if (taps === 4) {
      const [a, b, c, d] = [0, 1, 2, 3].map((tap) => index[first + tap]! * length) as [number, number, number, number]
      const [u, v, w, x] = [weight[first]!, weight[first + 1]!, weight[first + 2]!, weight[first + 3]!]
      for (let i = 0; i < length; i++) {
        out[to + i] = rows[a + i]! * u + rows[b + i]! * v + rows[c + i]! * w + rows[d + i]! * x
      }
      continue
    }
    for (let i = 0; i < length; i++) {
      let value = 0
      for (let tap = first; tap < first + taps; tap++) value += rows[index[tap]! * length + i]! * weight[tap]!
      out[to + i] = value
    }
  }
}

function sumPlanes(parts: readonly Float64Array[], weights: Float64Array, from: number, out: Float64Array): void {
  if (parts.length === 4) {
    const [a, b, c, d] = parts as [Float64Array, Float64Array, Float64Array, Float64Array]
    const [u, v, w, x] = weights as unknown as [number, number, number, number]
    for (let i = 0; i < out.length; i++)
      out[i] = a[from + i]! * u + b[from + i]! * v + c[from + i]! * w + d[from + i]! * x
    return
  }
  for (let i = 0; i < out.length; i++) {
    let value = 0
    for (let tap = 0; tap < parts.length; tap++) value += parts[tap]![from + i]! * weights[tap]!
    out[i] = value
  }
}
