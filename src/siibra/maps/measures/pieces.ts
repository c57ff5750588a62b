import { voxelAt } from '../grids/grid.ts'
import type { Runs } from '../labels/components.ts'

/** Pieces of a volume that grow together, each named by one of its runs (its root). */
export interface Pieces {
  /** The root of the piece that a run is part of. */
  find(run: number): number
  /** Makes two roots one piece. */
  join(a: number, b: number): void
  /** Adds runs `from ... to` to the sizes and centres of their pieces: once, when all have been joined that are joined by `join`. */
  measure(from: number, to: number): void
  /** As `join`, for any runs of pieces that have been measured. */
  joinMeasured(a: number, b: number): void
  sizeVox(root: number): number
  /** Mean voxel along i, j, k. */
  centroidVox(root: number): [number, number, number]
  /** Whether a piece comes before another: the larger one, of equal ones that whose first voxel comes first (i slowest, as numpy orders). */
  isBefore(a: number, b: number): boolean
}

/** Every run a piece of its own. */
export function createPieces({ startVox, lengthVox }: Runs, shape: readonly number[]): Pieces {
  const ny = shape[1]!
  const runs = startVox.length
  const parent = Int32Array.from({ length: runs }, (_, run) => run)
  const sums = new Float64Array(4 * runs)
  /** The first voxel's i, j, k in one number below 2^53. */
  const rank = new Float64Array(runs).fill(Infinity)

  const find = (run: number): number => {
    let root = run
    while (parent[root] !== root) root = parent[root]!
    while (parent[run] !== root) {
      const next = parent[run]!
      parent[run] = root
      run = next
    }
    return root
  }
  const join = (a: number, b: number): void => {
    parent[Math.max(a, b)] = Math.min(a, b)
  }
  return {
    find,
    join,
    measure(from, to) {
      for (let run = from; run < to; run++) {
        const root = find(run)
        const [start, length] = [startVox[run]!, lengthVox[run]!]
        const [i, j, k] = voxelAt(start, shape)
        sums[4 * root]! += length
        sums[4 * root + 1]! += length * i + (length * (length - 1)) / 2
        sums[4 * root + 2]! += length * j
        sums[4 * root + 3]! += length * k
        rank[root] = Math.min(rank[root]!, (i * ny + j) * 1048576 + k)
      }
    },
    joinMeasured(one, other) {
      const [a, b] = [find(one), find(other)]
      if (a === b) return
      join(a, b)
      const [kept, gone] = [Math.min(a, b), Math.max(a, b)]
      for (let n = 0; n < 4; n++) sums[4 * kept + n]! += sums[4 * gone + n]!
      rank[kept] = Math.min(rank[kept]!, rank[gone]!)
    },
    sizeVox: (root) => sums[4 * root]!,
    centroidVox(root) {
      const size = sums[4 * root]!
      return [sums[4 * root + 1]! / size, sums[4 * root + 2]! / size, sums[4 * root + 3]! / size]
    },
    isBefore: (a, b) => sums[4 * a]! - sums[4 * b]! > 0 || (sums[4 * a] === sums[4 * b] && rank[a]! < rank[b]!),
  }
}
