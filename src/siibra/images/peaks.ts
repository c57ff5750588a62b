import { voxelAt, voxelIndex } from '../maps/grids/grid.ts'
import { endsStep, type Steps } from '../slices.ts'
import { perAxis, type Triple } from '../volumes/affine.ts'
import { findComponents } from './components.ts'

/** A cluster in an image of values above 0. */
export interface PeakSearch {
  magnitudes: Float64Array
  /** The voxels of the cluster. */
  voxels: Int32Array
  /** Size of the image along i, j, k. */
  shape: readonly number[]
}

export interface Peak {
  voxel: [number, number, number]
  value: number
}

/** A box of the image, cut out with a margin of a voxel: 0 within the image, -1 beyond it. */
interface Cutout {
  values: Float64Array
  shape: [number, number, number]
  /** Voxel of the image that the first voxel of the cut-out is. */
  origin: [number, number, number]
  /** Voxels of the cluster in the cut-out, in the order of a scan with the last axis fastest. */
  voxels: Int32Array
}

/**
 * Local maxima (among 26 neighbours) of a cluster, the highest first, as nilearn finds them: without those that are within `minDistanceMm`
 * of the peak before them (nilearn forgets the ones before that, so that a low peak may lie nearer to the first); neighbouring maxima of one
 * value are one, at the voxel nearest to their centre; plateaus inside of a cluster are none, unless all of the cluster has one value. At most `most`.
 */
export function* findPeaks(
  search: PeakSearch,
  toMm: (voxel: Triple) => Triple,
  minDistanceMm: number,
  most: number,
): Steps<Peak[]> {
  const cutout = yield* cutOut(search)
  const maxima = yield* markMaxima(cutout)
  const peaks: Peak[] = []
  for (const { voxels } of yield* findComponents(maxima, cutout.shape, (isMaximum) => isMaximum > 0, 'faces'))
    peaks.push(yield* centreOf(voxels, cutout))
  peaks.sort((a, b) => b.value - a.value)
  const kept: Peak[] = []
  let lastMm: Triple | undefined
  for (const [n, peak] of peaks.entries()) {
    if (kept.length === most) break
    if (endsStep(n, STEP_PEAKS)) yield
    const pointMm = toMm(peak.voxel)
    if (lastMm !== undefined && distance(lastMm, pointMm) <= minDistanceMm) continue
    kept.push(peak)
    lastMm = pointMm
  }
  return kept
}

/** Voxels, or peaks, between two looks at the clock. */
const STEP_VOX = 1 << 13
const STEP_PEAKS = 1 << 12

const distance = (a: Triple, b: Triple) => Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)

function* cutOut({ magnitudes, voxels, shape }: PeakSearch): Steps<Cutout> {
  const low = [Infinity, Infinity, Infinity]
  const high = [-1, -1, -1]
  for (let n = 0; n < voxels.length; n++) {
    if (endsStep(n, STEP_VOX)) yield
    const voxel = voxelAt(voxels[n]!, shape)
    for (let axis = 0; axis < 3; axis++) {
      if (voxel[axis]! < low[axis]!) low[axis] = voxel[axis]!
      if (voxel[axis]! > high[axis]!) high[axis] = voxel[axis]!
    }
  }
  const origin: [number, number, number] = [low[0]! - 1, low[1]! - 1, low[2]! - 1]
  const size = perAxis((axis) => high[axis]! - low[axis]! + 3)
  const values = new Float64Array(size[0] * size[1] * size[2])
  markBeyond(values, size, origin, shape)
  const inside = new Int32Array(voxels.length)
  for (let n = 0; n < voxels.length; n++) {
    if (endsStep(n, STEP_VOX)) yield
    const [i, j, k] = voxelAt(voxels[n]!, shape)
    const here = voxelIndex([i - origin[0], j - origin[1], k - origin[2]], size)
    values[here] = magnitudes[voxels[n]!]!
    inside[n] = here
  }
  return { values, shape: size, origin, voxels: inside }
}

/** -1 where the cut-out is larger than the image: what lies there has no say. */
function markBeyond(values: Float64Array, size: Triple, origin: Triple, shape: readonly number[]): void {
  const [nx, ny, nz] = size
  const isBeyond = (axis: number, at: number) => origin[axis]! + at < 0 || origin[axis]! + at >= shape[axis]!
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = (k * ny + j) * nx
      if (isBeyond(2, k) || isBeyond(1, j)) values.fill(-1, row, row + nx)
      if (isBeyond(0, 0)) values[row] = -1
      if (isBeyond(0, nx - 1)) values[row + nx - 1] = -1
    }
  }
}

/** 1 at the voxels that no neighbour exceeds. */
function* markMaxima({ values, shape: [nx, ny], voxels }: Cutout): Steps<Uint8Array> {
  const marks = new Uint8Array(values.length)
  let [least, most] = [Infinity, 0]
  for (const at of voxels) {
    least = Math.min(least, values[at]!)
    most = Math.max(most, values[at]!)
  }
  // numpy's isclose
  const isConstant = most - least <= 1e-8 + 1e-5 * least
  for (let n = 0; n < voxels.length; n++) {
    if (endsStep(n, STEP_VOX)) yield
    const at = voxels[n]!
    let [lowest, highest] = [Infinity, 0]
    for (let k = -1; k <= 1; k++) {
      for (let j = -1; j <= 1; j++) {
        for (let i = -1; i <= 1; i++) {
          const value = values[at + (k * ny + j) * nx + i]!
          if (value < lowest && value >= 0) lowest = value
          if (value > highest) highest = value
        }
      }
    }
    if (values[at] === highest && (isConstant || highest > lowest)) marks[at] = 1
  }
  return marks
}

/** The voxel of a plateau at its centre of mass, or the one nearest to it where that lies outside. */
function* centreOf(plateau: Int32Array, cutout: Cutout): Steps<Peak> {
  const { values, shape, origin } = cutout
  // numpy's order of scanning is that of its sums, and decides which of several equal distances is the first
  const inOrder = yield* inScanOrder(plateau, cutout)
  const sums = [0, 0, 0]
  let whole = 0
  for (let n = 0; n < inOrder.length; n++) {
    if (endsStep(n, STEP_VOX)) yield
    const value = values[inOrder[n]!]!
    const voxel = voxelAt(inOrder[n]!, shape)
    whole += value
    for (let axis = 0; axis < 3; axis++) sums[axis]! += value * (voxel[axis]! + origin[axis]!)
  }
  const centre = perAxis((axis) => roundHalfEven(sums[axis]! / whole) - origin[axis])
  // the centre itself, where it belongs to the plateau: nothing is nearer
  let [nearest, least] = [voxelAt(inOrder[0]!, shape), Number.POSITIVE_INFINITY]
  for (let n = 0; n < inOrder.length && least > 0; n++) {
    if (endsStep(n, STEP_VOX)) yield
    const voxel = voxelAt(inOrder[n]!, shape)
    const apart = distance(voxel, centre)
    if (apart < least) [nearest, least] = [voxel, apart]
  }
  const [i, j, k] = nearest
  return { voxel: [i + origin[0], j + origin[1], k + origin[2]], value: values[voxelIndex(nearest, shape)]! }
}

/** Voxels in ascending order of a scan with the first axis fastest, in that of a scan with the last axis fastest: sorted by j, then by i. */
function* inScanOrder(voxels: Int32Array, { shape: [nx, ny] }: Cutout): Steps<Int32Array> {
  const byJ = yield* countingSort(voxels, ny, (at) => Math.floor(at / nx) % ny)
  return yield* countingSort(byJ, nx, (at) => at % nx)
}

/** Stable. */
function* countingSort(voxels: Int32Array, count: number, keyOf: (at: number) => number): Steps<Int32Array> {
  const next = new Int32Array(count + 1)
  for (let n = 0; n < voxels.length; n++) next[keyOf(voxels[n]!) + 1]!++
  yield
  for (let key = 0; key < count; key++) next[key + 1]! += next[key]!
  const sorted = new Int32Array(voxels.length)
  for (let n = 0; n < voxels.length; n++) {
    if (endsStep(n, STEP_VOX)) yield
    sorted[next[keyOf(voxels[n]!)]!++] = voxels[n]!
  }
  return sorted
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
