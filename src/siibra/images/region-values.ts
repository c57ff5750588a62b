/** How the values of the voxels of a region become one: the names of nilearn's NiftiLabelsMasker (and scipy.ndimage). */
export const REDUCTIONS = ['mean', 'median', 'sum', 'minimum', 'maximum', 'standard_deviation', 'variance'] as const
export type Reduction = (typeof REDUCTIONS)[number]

/** The voxels of each region, region after region: those of region r are `voxels[start[r]]` to `voxels[start[r + 1] - 1]`. */
export interface RegionVoxels {
  voxels: Int32Array
  start: Int32Array
}

/**
 * Sorts the voxels of a grid by region.
 * @param regionOfVoxel Number of the region of each voxel, from 1; 0 where there is none. Any array of integers.
 * @param regionCount How many regions there are; a region may have no voxel.
 */
export function groupByRegion(regionOfVoxel: ArrayLike<number>, regionCount: number): RegionVoxels {
  const start = new Int32Array(regionCount + 1)
  for (let at = 0; at < regionOfVoxel.length; at++) {
    const region = regionOfVoxel[at]!
    if (region > 0) start[region]!++
  }
  for (let region = 1; region <= regionCount; region++) start[region]! += start[region - 1]!
  const next = start.slice()
  const voxels = new Int32Array(start[regionCount]!)
  for (let at = 0; at < regionOfVoxel.length; at++) {
    const region = regionOfVoxel[at]!
    if (region > 0) voxels[next[region - 1]!++] = at
  }
  return { voxels, start }
}

/**
 * One value per region of a 3D image: NaN where a region has no voxel. Voxels that are not finite count as 0, variances are those of the
 * population, and medians of an even number the mean of the middle two, as in nilearn 0.14 and scipy.ndimage.
 * @param data Voxels on the grid that the regions were grouped on; float32 gives values rounded to float32, as there.
 */
export function reduceByRegion(data: ArrayLike<number>, regions: RegionVoxels, reduction: Reduction): Float64Array {
  const count = regions.start.length - 1
  const values = new Float64Array(count)
  const reduce = REDUCERS[reduction]
  const round = data instanceof Float32Array ? Math.fround : (value: number) => value
  for (let region = 0; region < count; region++) {
    const [from, to] = [regions.start[region]!, regions.start[region + 1]!]
    values[region] = from === to ? Number.NaN : round(reduce(data, regions.voxels, from, to))
  }
  return values
}

type Reducer = (data: ArrayLike<number>, voxels: Int32Array, from: number, to: number) => number

const finite = (value: number) => (Number.isFinite(value) ? value : 0)

const sum: Reducer = (data, voxels, from, to) => {
  let total = 0
  for (let n = from; n < to; n++) total += finite(data[voxels[n]!]!)
  return total
}

const mean: Reducer = (data, voxels, from, to) => sum(data, voxels, from, to) / (to - from)

const variance: Reducer = (data, voxels, from, to) => {
  const centre = mean(data, voxels, from, to)
  let total = 0
  for (let n = from; n < to; n++) total += (finite(data[voxels[n]!]!) - centre) ** 2
  return total / (to - from)
}

const REDUCERS: Record<Reduction, Reducer> = {
  sum,
  mean,
  variance,
  standard_deviation: (data, voxels, from, to) => Math.sqrt(variance(data, voxels, from, to)),
  minimum: (data, voxels, from, to) => {
    let least = Number.POSITIVE_INFINITY
    for (let n = from; n < to; n++) least = Math.min(least, finite(data[voxels[n]!]!))
    return least
  },
  maximum: (data, voxels, from, to) => {
    let most = Number.NEGATIVE_INFINITY
    for (let n = from; n < to; n++) most = Math.max(most, finite(data[voxels[n]!]!))
    return most
  },
  median: (data, voxels, from, to) => {
    const sorted = new Float64Array(to - from)
    for (let n = from; n < to; n++) sorted[n - from] = finite(data[voxels[n]!]!)
    sorted.sort()
    const middle = sorted.length >> 1
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  },
}
