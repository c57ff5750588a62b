/** Signals of overlapping maps: the least-squares fit of an image by the maps of its regions, as nilearn's NiftiMapsMasker gives it. */

/** The maps of some regions, of which most voxels are 0: per map the indices of its voxels, and their values. */
export interface SparseMap {
  voxels: Int32Array
  values: Float32Array | Float64Array
}

/** Fits images by maps; what depends on the maps alone is worked out once. */
export interface MapFit {
  /**
   * How much of each map there is in an image, such that their weighted sum is nearest to it (least squares over all voxels).
   * Voxels that are not finite count as 0.
   */
  fit(data: ArrayLike<number>): Float64Array
}

/** Relative to the largest: singular values of the maps that count as 0 (those of the Gram matrix are their squares). */
const RANK_TOLERANCE = 1e-7

/**
 * Prepares the fit by `maps` on a grid of `voxelCount` voxels. Of maps that depend on each other (or are empty) the solution of the least
 * norm is given, as scipy.linalg.lstsq does.
 */
export function createMapFit(maps: readonly SparseMap[], voxelCount: number): MapFit {
  const gram = gramMatrix(maps, voxelCount)
  const solve = createSolver(gram, maps.length)
  return {
    fit(data) {
      const projections = Float64Array.from(maps, ({ voxels, values }) => {
        let total = 0
        for (let n = 0; n < voxels.length; n++) {
          const value = data[voxels[n]!]!
          if (Number.isFinite(value)) total += values[n]! * value
        }
        return total
      })
      return solve(projections)
    },
  }
}

/** All inner products of two maps, row by row. */
function gramMatrix(maps: readonly SparseMap[], voxelCount: number): Float64Array {
  const n = maps.length
  const gram = new Float64Array(n * n)
  const dense = new Float64Array(voxelCount)
  for (const [row, { voxels, values }] of maps.entries()) {
    for (let at = 0; at < voxels.length; at++) dense[voxels[at]!] = values[at]!
    for (let column = row; column < n; column++) {
      const other = maps[column]!
      let total = 0
      for (let at = 0; at < other.voxels.length; at++) total += other.values[at]! * dense[other.voxels[at]!]!
      gram[row * n + column] = total
      gram[column * n + row] = total
    }
    for (let at = 0; at < voxels.length; at++) dense[voxels[at]!] = 0
  }
  return gram
}

/** By Cholesky's decomposition; where the matrix has not full rank, by its eigenvectors. */
function createSolver(gram: Float64Array, n: number): (right: Float64Array) => Float64Array {
  const lower = cholesky(gram, n)
  if (!lower) return createPseudoInverse(gram, n)
  return (right) => {
    const x = right.slice()
    for (let row = 0; row < n; row++) {
      for (let k = 0; k < row; k++) x[row]! -= lower[row * n + k]! * x[k]!
      x[row]! /= lower[row * n + row]!
    }
    for (let row = n - 1; row >= 0; row--) {
      for (let k = row + 1; k < n; k++) x[row]! -= lower[k * n + row]! * x[k]!
      x[row]! /= lower[row * n + row]!
    }
    return x
  }
}

/** The lower triangle whose product with its transpose the matrix is; undefined where a pivot is (nearly) 0. */
function cholesky(matrix: Float64Array, n: number): Float64Array | undefined {
  const lower = new Float64Array(n * n)
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let total = matrix[row * n + column]!
      for (let k = 0; k < column; k++) total -= lower[row * n + k]! * lower[column * n + k]!
      if (column < row) lower[row * n + column] = total / lower[column * n + column]!
      else if (total > RANK_TOLERANCE * matrix[row * n + row]!) lower[row * n + row] = Math.sqrt(total)
      else return undefined
    }
  }
  return lower
}

function createPseudoInverse(gram: Float64Array, n: number): (right: Float64Array) => Float64Array {
  const { values, vectors } = symmetricEigen(gram, n)
  const limit = values.reduce((most, value) => Math.max(most, value), 0) * RANK_TOLERANCE ** 2
  return (right) => {
    const x = new Float64Array(n)
    for (let which = 0; which < n; which++) {
      if (!(values[which]! > limit)) continue
      let along = 0
      for (let row = 0; row < n; row++) along += vectors[row * n + which]! * right[row]!
      along /= values[which]!
      for (let row = 0; row < n; row++) x[row]! += vectors[row * n + which]! * along
    }
    return x
  }
}

/** Eigenvalues of a symmetric matrix, and its eigenvectors as columns, by Jacobi's rotations. */
function symmetricEigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice()
  const vectors = new Float64Array(n * n)
  for (let row = 0; row < n; row++) vectors[row * n + row] = 1
  const scale = a.reduce((total, value) => total + value * value, 0)
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p * n + q]! ** 2
    if (off <= 1e-30 * scale) break
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, n, p, q)
  }
  return { values: Float64Array.from({ length: n }, (_, row) => a[row * n + row]!), vectors }
}

/** Turns rows and columns p and q such that the entry at their crossing becomes 0. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const crossing = a[p * n + q]!
  if (crossing === 0) return
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * crossing)
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (let k = 0; k < n; k++) {
    const [kp, kq] = [a[k * n + p]!, a[k * n + q]!]
    a[k * n + p] = c * kp - s * kq
    a[k * n + q] = s * kp + c * kq
  }
  for (let k = 0; k < n; k++) {
    const [pk, qk] = [a[p * n + k]!, a[q * n + k]!]
    a[p * n + k] = c * pk - s * qk
    a[q * n + k] = s * pk + c * qk
    const [vp, vq] = [vectors[k * n + p]!, vectors[k * n + q]!]
    vectors[k * n + p] = c * vp - s * vq
    vectors[k * n + q] = s * vp + c * vq
  }
}
