import type { Triple } from '../volumes/affine.ts'
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
 * Local maxima (among 26 neighbours) of a cluster, the highest first, without those that are within `minDistanceMm` of a higher one, as
 * nilearn finds them: neighbouring maxima of one value are one, at the voxel nearest to their centre; plateaus inside of a cluster are none,
 * unless all of the cluster has one value.
 */
export function findPeaks(search: PeakSearch, toMm: (voxel: Triple) => Triple, minDistanceMm: number): Peak[] {
  const cutout = cutOut(search)
  const maxima = markMaxima(cutout)
  const peaks = findComponents(maxima, cutout.shape, (isMaximum) => isMaximum > 0, 'faces').map(({ voxels }) =>
    centreOf(voxels, cutout),
  )
  peaks.sort((a, b) => b.value - a.value)
  const placed = peaks.map((peak) => ({ peak, pointMm: toMm(peak.voxel) }))
  const kept: typeof placed = []
  for (const candidate of placed) {
    const isApart = kept.every(({ pointMm }) => distance(pointMm, candidate.pointMm) > minDistanceMm)
    if (isApart) kept.push(candidate)
  }
  return kept.map(({ peak }) => peak)
}

const distance = (a: Triple, b: Triple) => Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)

function cutOut({ magnitudes, voxels, shape }: PeakSearch): Cutout {
  const [nx, ny] = [shape[0]!, shape[1]!]
  const coordinates = (at: number): [number, number, number] => {
    const row = Math.floor(at / nx)
    return [at - row * nx, row % ny, Math.floor(row / ny)]
  }
  const low = [Infinity, Infinity, Infinity]
  const high = [-1, -1, -1]
  for (const at of voxels) {
    const voxel = coordinates(at)
    for (let axis = 0; axis < 3; axis++) {
      if (voxel[axis]! < low[axis]!) low[axis] = voxel[axis]!
      if (voxel[axis]! > high[axis]!) high[axis] = voxel[axis]!
    }
  }
  const origin: [number, number, number] = [low[0]! - 1, low[1]! - 1, low[2]! - 1]
  const size = [0, 1, 2].map((axis) => high[axis]! - low[axis]! + 3) as [number, number, number]
  const values = new Float64Array(size[0] * size[1] * size[2])
  markBeyond(values, size, origin, shape)
  const inside = voxels.map((at) => {
    const [i, j, k] = coordinates(at)
    const here = ((k - origin[2]) * size[1] + j - origin[1]) * size[0] + i - origin[0]
    values[here] = magnitudes[at]!
    return here
  })
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
function markMaxima({ values, shape: [nx, ny], voxels }: Cutout): Uint8Array {
  const marks = new Uint8Array(values.length)
  let [least, most] = [Infinity, 0]
  for (const at of voxels) {
    least = Math.min(least, values[at]!)
    most = Math.max(most, values[at]!)
  }
  // numpy's isclose
  const isConstant = most - least <= 1e-8 + 1e-5 * least
  for (const at of voxels) {
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
function centreOf(plateau: Int32Array, { values, shape: [nx, ny], origin }: Cutout): Peak {
  const place = (at: number): [number, number, number] => {
    const row = Math.floor(at / nx)
    return [at - row * nx, row % ny, Math.floor(row / ny)]
  }
  // In the order of numpy's scans, whose sums and first of several equal distances these are.
  const inOrder = Array.from(plateau, (at) => ({ at, voxel: place(at) })).sort(
    ({ voxel: a }, { voxel: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2],
  )
  const sums = [0, 0, 0]
  let whole = 0
  for (const { at, voxel } of inOrder) {
    whole += values[at]!
    for (let axis = 0; axis < 3; axis++) sums[axis]! += values[at]! * (voxel[axis]! + origin[axis]!)
  }
  const centre = sums.map((sum, axis) => roundHalfEven(sum / whole) - origin[axis]!) as [number, number, number]
  const isWithin = inOrder.some(({ voxel }) => voxel.every((value, axis) => value === centre[axis]))
  const nearest = isWithin
    ? centre
    : inOrder.reduce((best, candidate) =>
        distance(candidate.voxel, centre) < distance(best.voxel, centre) ? candidate : best,
      ).voxel
  const [i, j, k] = nearest
  return {
    voxel: [i + origin[0], j + origin[1], k + origin[2]],
    value: values[(k * ny + j) * nx + i]!,
  }
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
