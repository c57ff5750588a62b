import { createSlices, endsStep, runInSlices, type Steps } from '../slices.ts'
import { applyAffine, type Triple, voxelSizesOf } from '../volumes/affine.ts'
import type { Image } from '../volumes/image.ts'
import { findComponents } from './components.ts'
import { findPeaks } from './peaks.ts'

/** What `findClusters` is asked for; names and defaults are those of nilearn's get_clusters_table. */
export interface ClusterOptions {
  /** Voxels above it belong to clusters; below it, where it is negative and only one side is wanted. */
  statThreshold: number
  /** Smaller clusters (number of voxels) are left out. Default 0. */
  clusterExtentVox?: number
  /** Peaks of a cluster that are not farther from a higher one are left out. Default 8. */
  minDistanceMm?: number
  /** Also what is below the negated threshold. Default false. */
  isTwoSided?: boolean
  /** Ends the search at the next pause. */
  signal?: AbortSignal | undefined
}

/** A peak of a cluster. */
export interface ClusterPeak {
  /** Number of the cluster from 1; further peaks have a letter behind it (`1a`). */
  id: string
  /** Centre of its voxel, in mm, in the coordinates of the image. */
  pointMm: [number, number, number]
  value: number
}

export interface Cluster {
  /** In mm^3, without a fraction, as nilearn gives it. */
  sizeMm3: number
  /** Indices into the image's data. */
  voxels: Int32Array
  /** The highest first; at most four. */
  peaks: ClusterPeak[]
}

const MOST_PEAKS = 4

/**
 * The clusters of a statistical image, on its own grid, as nilearn 0.14 gives them (`reporting.get_clusters_table`): voxels beyond the
 * threshold that are connected by faces, ordered by their highest value; with two sides first the positive, then the negative ones.
 * It works in slices, as images have some million voxels. Values that are not finite count as 0. Of a negative threshold with one side the values of peaks come without their sign, as there.
 */
export function findClusters(image: Image, options: ClusterOptions): Promise<Cluster[]> {
  return runInSlices(clustersOf(image, options), createSlices(options.signal))
}

function* clustersOf(image: Image, options: ClusterOptions): Steps<Cluster[]> {
  const { clusterExtentVox = 0, minDistanceMm = 8, isTwoSided = false } = options
  const shape = image.shape.slice(0, 3)
  // numpy compares float32 voxels with the threshold as float32
  const threshold = image.dtype === 'float32' ? Math.fround(options.statThreshold) : options.statThreshold
  const voxelMm3 = voxelSizesOf(image.voxelToWorldMm).reduce((product, size) =>
    Math.fround(product * Math.fround(size)),
  )
  const clusters: Cluster[] = []
  let peakRows = 0
  for (const sign of isTwoSided ? [1, -1] : [1]) {
    const isBelow = !isTwoSided && threshold < 0
    const magnitudes = yield* magnitudesOf(image.data, isBelow ? -1 : sign)
    const limit = Math.abs(threshold)
    yield* removeSmall(magnitudes, shape, limit, clusterExtentVox)
    const found: { voxels: Int32Array; highest: number }[] = []
    for (const { voxels } of yield* findComponents(magnitudes, shape, (value) => value > limit, 'faces'))
      found.push({ voxels, highest: yield* highestOf(magnitudes, voxels) })
    found.sort((a, b) => (isBelow ? a.highest - b.highest : b.highest - a.highest))
    const offset = peakRows
    for (const [number, { voxels }] of found.entries()) {
      const toMm = (voxel: Triple) => applyAffine(image.voxelToWorldMm, voxel)
      const peaks = yield* findPeaks({ magnitudes, voxels, shape }, toMm, minDistanceMm, MOST_PEAKS)
      clusters.push({
        sizeMm3: Math.trunc(voxels.length * voxelMm3),
        voxels,
        peaks: peaks.map(({ voxel, value }, which) => ({
          id: `${offset + number + 1}${which === 0 ? '' : 'abc'[which - 1]}`,
          pointMm: toMm(voxel),
          value: value * sign,
        })),
      })
      peakRows += peaks.length
      yield
    }
  }
  return clusters
}

/** Voxels between two looks at the clock. */
const STEP_VOX = 1 << 16

/** Values times `sign` where that is above 0, else 0. */
function* magnitudesOf(data: ArrayLike<number>, sign: number): Steps<Float64Array> {
  const magnitudes = new Float64Array(data.length)
  for (let at = 0; at < data.length; at++) {
    if (endsStep(at, STEP_VOX)) yield
    const magnitude = data[at]! * sign
    if (magnitude > 0 && Number.isFinite(magnitude)) magnitudes[at] = magnitude
  }
  return magnitudes
}

function* highestOf(magnitudes: Float64Array, voxels: Int32Array): Steps<number> {
  let highest = 0
  for (let n = 0; n < voxels.length; n++) {
    if (endsStep(n, STEP_VOX)) yield
    highest = Math.max(highest, magnitudes[voxels[n]!]!)
  }
  return highest
}

/** Sets components of voxels at or above the limit that have too few voxels to 0, in place. */
function* removeSmall(
  magnitudes: Float64Array,
  shape: readonly number[],
  limit: number,
  extentVox: number,
): Steps<void> {
  if (extentVox <= 0) return
  for (const { voxels } of yield* findComponents(magnitudes, shape, (value) => value >= limit && value > 0, 'faces')) {
    if (voxels.length < extentVox) for (const at of voxels) magnitudes[at] = 0
  }
}
