/**
 * Connected components of sets of voxels that are given as runs: consecutive voxels along the first (fastest) axis. By
 * default voxels that share a face, an edge or a corner are connected, as in skimage.measure.label.
 */
import { endsStep, runSteps, type Steps } from '../../slices.ts'

/** Which voxels touch: those that share a face, an edge or a corner (26 neighbours), or those that share a face (6). */
export type Connectivity = 'full' | 'faces'

/** Runs of voxels in file order (by k, then j, then i): the index of the first voxel of each in the image, and its length. */
export interface Runs {
  startVox: Int32Array
  lengthVox: Int32Array
}

/** A connected component. */
export interface Component {
  sizeVox: number
  /** Mean voxel coordinates along i, j, k. */
  centroidVox: [number, number, number]
}

/** Voxels, or runs, between two looks at the clock. */
const STEP_VOX = 1 << 16
const STEP_RUNS = 1 << 14

/** The runs of voxels for which `isInside` holds of an image of `shape`. */
export function findRuns(
  data: ArrayLike<number>,
  shape: readonly number[],
  isInside: (value: number) => boolean,
): Runs {
  return runSteps(findRunsInSteps(data, shape, isInside))
}

/** The same in steps. */
export function* findRunsInSteps(
  data: ArrayLike<number>,
  shape: readonly number[],
  isInside: (value: number) => boolean,
): Steps<Runs> {
  const nx = shape[0]!
  const startVox: number[] = []
  const lengthVox: number[] = []
  let lookAt = STEP_VOX
  for (let row = 0; row < data.length; row += nx) {
    if (row >= lookAt) {
      lookAt = row + STEP_VOX
      yield
    }
    for (let i = 0; i < nx; i++) {
      if (!isInside(data[row + i]!)) continue
      const first = i
      while (i < nx && isInside(data[row + i]!)) i++
      startVox.push(row + first)
      lengthVox.push(i - first)
    }
  }
  return { startVox: Int32Array.from(startVox), lengthVox: Int32Array.from(lengthVox) }
}

/**
 * The component that each run belongs to: numbers from 0 without gaps, in the order in which a scan with the *last* axis
 * fastest (numpy's C order) meets the components.
 */
export function* labelRuns(
  { startVox, lengthVox }: Runs,
  shape: readonly number[],
  connectivity: Connectivity = 'full',
): Steps<{ labels: Int32Array; count: number }> {
  const [nx, ny] = [shape[0]!, shape[1]!]
  const n = startVox.length
  const parent = new Int32Array(n)
  for (let run = 0; run < n; run++) parent[run] = run
  const find = (index: number): number => {
    let root = index
    while (parent[root] !== root) root = parent[root]!
    while (parent[index] !== root) {
      const next = parent[index]!
      parent[index] = root
      index = next
    }
    return root
  }
  const scan = createTouchScanner({ startVox, lengthVox }, shape, connectivity, (run, other) => {
    const [a, b] = [find(run), find(other)]
    if (a !== b) parent[Math.max(a, b)] = Math.min(a, b)
  })
  for (let from = 0; from < n; from += STEP_RUNS) {
    scan(from, Math.min(n, from + STEP_RUNS))
    yield
  }
  return yield* numberComponents(n, find, startVox, nx, ny)
}

/**
 * Tells for runs `from ... to`, in ascending order, which earlier ones of other rows they touch; runs of one row that stand side by side are
 * not told.
 */
export function createTouchScanner(
  { startVox, lengthVox }: Runs,
  shape: readonly number[],
  connectivity: Connectivity,
  touch: (run: number, earlier: number) => void,
): (from: number, to: number) => void {
  const [nx, ny] = [shape[0]!, shape[1]!]
  // Runs of the row above (j - 1) and of the three rows of the slice before (k - 1); a pointer into each moves forward only.
  // Two runs of such rows touch where they overlap; by corners also where one begins right behind the other.
  const isFull = connectivity === 'full'
  const neighbours = [{ dj: -1, dk: 0 }, { dj: 0, dk: -1 }, ...(isFull ? [-1, 1].map((dj) => ({ dj, dk: -1 })) : [])]
  const reach = isFull ? 1 : 0
  const pointers = neighbours.map(() => 0)
  return (from, to) => {
    for (let run = from; run < to; run++) {
      const row = Math.floor(startVox[run]! / nx)
      const first = startVox[run]! - row * nx
      const last = first + lengthVox[run]! - 1
      const j = row % ny
      for (let which = 0; which < neighbours.length; which++) {
        const { dj, dk } = neighbours[which]!
        if (j + dj < 0 || j + dj >= ny) continue
        const begin = (row + dj + dk * ny) * nx
        if (begin < 0) continue
        let other = pointers[which]!
        while (other < run && startVox[other]! + lengthVox[other]! - 1 + reach < begin + first) other++
        pointers[which] = other
        while (other < run && startVox[other]! <= begin + last + reach && startVox[other]! < begin + nx) {
          // the pointer may stand at the end of the row before
          if (startVox[other]! >= begin) touch(run, other)
          other++
        }
      }
    }
  }
}

function* numberComponents(
  n: number,
  find: (run: number) => number,
  startVox: Int32Array,
  nx: number,
  ny: number,
): Steps<{ labels: Int32Array; count: number }> {
  // The first voxel in C order has the smallest (i, j, k), compared in this order; all three fit one number below 2^53.
  const firstOf = new Float64Array(n).fill(Number.POSITIVE_INFINITY)
  const labels = new Int32Array(n)
  const roots: number[] = []
  for (let run = 0; run < n; run++) {
    if (endsStep(run, STEP_RUNS)) yield
    const root = find(run)
    const start = startVox[run]!
    const row = Math.floor(start / nx)
    const rank = ((start - row * nx) * ny + (row % ny)) * 1048576 + Math.floor(row / ny)
    if (root === run) roots.push(root)
    labels[run] = root
    if (rank < firstOf[root]!) firstOf[root] = rank
  }
  roots.sort((a, b) => firstOf[a]! - firstOf[b]!)
  const numberOf = new Int32Array(n)
  for (const [number, root] of roots.entries()) numberOf[root] = number
  for (let run = 0; run < n; run++) {
    if (endsStep(run, STEP_RUNS)) yield
    labels[run] = numberOf[labels[run]!]!
  }
  return { labels, count: roots.length }
}

/** Size and centroid of each component, in the order of their labels. */
export function* measureComponents(runs: Runs, shape: readonly number[]): Steps<Component[]> {
  const { labels, count } = yield* labelRuns(runs, shape)
  const [nx, ny] = [shape[0]!, shape[1]!]
  const sums = new Float64Array(4 * count)
  for (let run = 0; run < labels.length; run++) {
    if (endsStep(run, STEP_RUNS)) yield
    const at = 4 * labels[run]!
    const start = runs.startVox[run]!
    const length = runs.lengthVox[run]!
    const row = Math.floor(start / nx)
    sums[at]! += length
    sums[at + 1]! += length * (start - row * nx) + (length * (length - 1)) / 2
    sums[at + 2]! += length * (row % ny)
    sums[at + 3]! += length * Math.floor(row / ny)
  }
  return Array.from({ length: count }, (_, label) => {
    const [size = 0, i = 0, j = 0, k = 0] = sums.subarray(4 * label, 4 * label + 4)
    return { sizeVox: size, centroidVox: [i / size, j / size, k / size] }
  })
}
