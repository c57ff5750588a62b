/**
 * Small 4 x 4 affines in row-major order (see `Affine`), named by what they map: `voxelToWorldMm` takes the homogeneous
 * column (i, j, k, 1) to (x, y, z, 1). Nothing here mutates its arguments.
 */
import { SiibraError } from '../errors.ts'
import type { Affine } from './image.ts'

export type Triple = readonly [number, number, number]

/** One number for each axis, e.g. a corner or the sizes of a box. */
export const perAxis = (of: (axis: 0 | 1 | 2) => number): [number, number, number] => [of(0), of(1), of(2)]

export function identityAffine(): Affine {
  return Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
}

export function scalingAffine([x, y, z]: Triple): Affine {
  return Float64Array.of(x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1)
}

export function translationAffine([x, y, z]: Triple): Affine {
  return Float64Array.of(1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1)
}

/** From nested rows, as JSON and numpy have them: 4 x 4, or 3 x 4 with the last row understood. */
export function affineFromRows(rows: readonly (readonly number[])[]): Affine {
  const flat = rows.flat()
  const isComplete = (rows.length === 3 || rows.length === 4) && rows.every((row) => row.length === 4)
  if (!isComplete || !flat.every(Number.isFinite)) {
    throw new SiibraError('BAD_DATA', `An affine is 4 rows of 4 finite numbers, got ${JSON.stringify(rows)}`)
  }
  return Float64Array.from(rows.length === 3 ? [...flat, 0, 0, 0, 1] : flat)
}

export function affineToRows(affine: Affine): number[][] {
  return [0, 4, 8, 12].map((start) => Array.from(affine.subarray(start, start + 4)))
}

/** The product `left * right`: what `right` maps to, mapped by `left`. */
export function multiplyAffines(left: Affine, right: Affine): Affine {
  const product = new Float64Array(16)
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      let sum = 0
      for (let k = 0; k < 4; k++) sum += left[4 * row + k]! * right[4 * k + column]!
      product[4 * row + column] = sum
    }
  }
  return product
}

/**
 * The inverse, by elimination with partial pivoting; a singular affine is BAD_DATA. Rounded as LAPACK (numpy) does, which multiplies by
 * reciprocals: of a point on the border of two voxels the last bit decides to which it belongs.
 */
export function invertAffine(affine: Affine): Affine {
  const work = Float64Array.from(affine)
  const inverse = identityAffine()
  for (let column = 0; column < 4; column++) {
    let pivot = column
    for (let row = column + 1; row < 4; row++) {
      if (Math.abs(work[4 * row + column]!) > Math.abs(work[4 * pivot + column]!)) pivot = row
    }
    const pivotValue = work[4 * pivot + column]!
    if (!Number.isFinite(pivotValue) || pivotValue === 0) {
      throw new SiibraError('BAD_DATA', `The affine ${JSON.stringify(affineToRows(affine))} cannot be inverted`)
    }
    if (pivot !== column) {
      swapRows(work, pivot, column)
      swapRows(inverse, pivot, column)
    }
    for (let row = column + 1; row < 4; row++) {
      const factor = work[4 * row + column]! * (1 / pivotValue)
      if (factor === 0) continue
      subtractRow(work, row, column, factor)
      subtractRow(inverse, row, column, factor)
    }
  }
  for (let row = 3; row >= 0; row--) {
    for (let below = row + 1; below < 4; below++) subtractRow(inverse, row, below, work[4 * row + below]!)
    for (let k = 0; k < 4; k++) inverse[4 * row + k]! *= 1 / work[4 * row + row]!
  }
  return inverse
}

function swapRows(matrix: Float64Array, a: number, b: number) {
  for (let k = 0; k < 4; k++) {
    const kept = matrix[4 * a + k]!
    matrix[4 * a + k] = matrix[4 * b + k]!
    matrix[4 * b + k] = kept
  }
}

function subtractRow(matrix: Float64Array, row: number, other: number, factor: number) {
  for (let k = 0; k < 4; k++) matrix[4 * row + k]! -= factor * matrix[4 * other + k]!
}

/** One point through the affine. */
export function applyAffine(affine: Affine, [x, y, z]: Triple): [number, number, number] {
  const m = affine
  return [
    m[0]! * x + m[1]! * y + m[2]! * z + m[3]!,
    m[4]! * x + m[5]! * y + m[6]! * z + m[7]!,
    m[8]! * x + m[9]! * y + m[10]! * z + m[11]!,
  ]
}

/** Many points, three numbers each (x, y, z, x, y, z ...), through the affine, into a new array of the same kind. */
export function applyAffineToPoints<T extends Float32Array | Float64Array>(affine: Affine, points: T): T {
  const mapped = points.slice() as T
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11] = affine
  for (let at = 0; at + 2 < mapped.length; at += 3) {
    const x = points[at]!
    const y = points[at + 1]!
    const z = points[at + 2]!
    mapped[at] = m0! * x + m1! * y + m2! * z + m3!
    mapped[at + 1] = m4! * x + m5! * y + m6! * z + m7!
    mapped[at + 2] = m8! * x + m9! * y + m10! * z + m11!
  }
  return mapped
}

/** The determinant of the 3 x 3 part: negative where the affine mirrors. */
export function determinantOf(affine: Affine): number {
  const [a, b, c, , d, e, f, , g, h, i] = affine
  return a! * (e! * i! - f! * h!) - b! * (d! * i! - f! * g!) + c! * (d! * h! - e! * g!)
}

/** Lengths of the three axes (mm per voxel for a voxelToWorldMm), as nibabel's voxel_sizes. */
export function voxelSizesOf(affine: Affine): [number, number, number] {
  const axis = (column: number) => Math.sqrt(affine[column]! ** 2 + affine[4 + column]! ** 2 + affine[8 + column]! ** 2)
  return [axis(0), axis(1), axis(2)]
}
