import { type MapScores, type MapSums, scoreMaps } from '../maps/assignment/compare.ts'
import { voxelAt } from '../maps/grids/grid.ts'
import { firstRunAfter, type LabelRuns } from '../maps/labels/label-runs.ts'
import { firstVoxelFrom, type SparseIndex } from '../maps/sparse/sparse-index.ts'
import { endsStep, type Steps } from '../slices.ts'
import type { Image } from '../volumes/image.ts'

/** A component of an image against what one region's map draws. */
export interface ComponentScores extends MapScores {
  /** Labelled maps: the label. Statistical maps: the largest value of the region's map. */
  mapValue: number
}

/** Voxels between two looks at the clock. */
const STEP_VOX = 1 << 14

/** Sums over the voxels of a component: of their values, and of the squares. */
function* sumValues(data: ArrayLike<number>, voxels: Int32Array): Steps<{ sum: number; sumSquares: number }> {
  let [sum, sumSquares] = [0, 0]
  for (let place = 0; place < voxels.length; place++) {
    if (endsStep(place, STEP_VOX)) yield
    const value = data[voxels[place]!]!
    sum += value
    sumSquares += value * value
  }
  return { sum, sumSquares }
}

/**
 * A component (the first map) against each label that it shares voxels with (0/1, the second map), as siibra's compare_maps scores them, but with
 * the values of the image, of which siibra passes on the mask alone. By ascending label.
 * @param voxels Ascending; their values are above 0.
 */
export function* compareWithLabels(
  { data, shape }: Image,
  voxels: Int32Array,
  runs: LabelRuns,
): Steps<Map<number, ComponentScores>> {
  const shared = new Map<number, { both: number; sumProducts: number }>()
  let run = 0
  for (let place = 0; place < voxels.length; place++) {
    if (endsStep(place, STEP_VOX)) yield
    const at = voxels[place]!
    if (run < runs.startVox.length && runs.startVox[run]! + runs.lengthVox[run]! <= at) run = firstRunAfter(runs, at)
    if (run === runs.startVox.length) break
    if (runs.startVox[run]! > at) continue
    const label = runs.label[run]!
    const found = shared.get(label) ?? { both: 0, sumProducts: 0 }
    shared.set(label, found)
    found.both++
    found.sumProducts += data[at]!
  }
  const input = yield* sumValues(data, voxels)
  const size = shape.reduce((product, length) => product * length, 1)
  const scores = [...shared]
    .sort(([a], [b]) => a - b)
    .flatMap(([label, { both, sumProducts }]) => {
      const second = runs.sizeVox.get(label) ?? 0
      const sums: MapSums = {
        both,
        either: voxels.length + second - both,
        first: voxels.length,
        second,
        sumFirst: input.sum,
        sumSecond: second,
        sumSquaresFirst: input.sumSquares,
        sumSquaresSecond: second,
        sumProducts,
      }
      const scored = scoreMaps(sums, size, size)
      return scored ? [[label, { ...scored, mapValue: label }] as const] : []
    })
  return new Map(scores)
}

/**
 * A component (the second map) against each volume of a statistical map (the first) that it shares voxels with, as siibra's sparse maps score
 * images: means and the correlation are over the box around both. By volume.
 * @param voxels Ascending; their values are above 0.
 * @param isSparse False for maps that siibra has not as sparse: then by `compare_maps`, in which the component is the first map.
 */
export function* compareWithIndex(
  { data, shape }: Image,
  voxels: Int32Array,
  index: SparseIndex,
  isSparse = true,
): Steps<Map<number, ComponentScores>> {
  const shared = index.volumes.map(() => ({ both: 0, sumProducts: 0 }))
  let n = 0
  for (let place = 0; place < voxels.length; place++) {
    if (endsStep(place, STEP_VOX)) yield
    const at = voxels[place]!
    if (n < index.voxel.length && index.voxel[n]! < at) n = firstVoxelFrom(index, at)
    if (n === index.voxel.length) break
    if (index.voxel[n] !== at) continue
    for (let entry = index.start[n]!; entry < index.start[n + 1]!; entry++) {
      const found = shared[index.volume[entry]!]!
      found.both++
      found.sumProducts += data[at]! * index.value[entry]!
    }
  }
  const input = yield* sumValues(data, voxels)
  const bounds = yield* boundsOf(voxels, shape)
  const scores = new Map<number, ComponentScores>()
  for (const [volume, { count, sum, sumSquares, max, bounds: other }] of index.volumes.entries()) {
    const { both, sumProducts } = shared[volume]!
    if (both === 0 || !other) continue
    if (!isSparse) {
      const sums: MapSums = {
        both,
        either: voxels.length + count - both,
        first: voxels.length,
        second: count,
        sumFirst: input.sum,
        sumSecond: sum,
        sumSquaresFirst: input.sumSquares,
        sumSquaresSecond: sumSquares,
        sumProducts,
      }
      const scored = scoreMaps(sums, data.length, data.length)
      if (scored) scores.set(volume, { ...scored, mapValue: max })
      continue
    }
    // siibra's box reaches one voxel beyond the map, and two beyond the component
    let boxVox = 1
    for (let axis = 0; axis < 3; axis++) {
      const past = Math.max(bounds.high[axis]! + 1, other.high[axis]!)
      boxVox *= past - Math.min(bounds.low[axis]!, other.low[axis]!) + 1
    }
    const covariance = sumProducts - (input.sum * sum) / boxVox
    const spreads = (sumSquares - sum ** 2 / boxVox) * (input.sumSquares - input.sum ** 2 / boxVox)
    scores.set(volume, {
      mapValue: max,
      correlation: spreads > 0 ? covariance / Math.sqrt(spreads) : 0,
      intersectionOverUnion: both / (count + voxels.length - both),
      intersectionOverFirst: both / count,
      intersectionOverSecond: both / voxels.length,
      weightedMeanOfFirst: sumProducts / input.sum,
      weightedMeanOfSecond: sumProducts / sum,
    })
  }
  return scores
}

function* boundsOf(voxels: Int32Array, shape: readonly number[]): Steps<{ low: number[]; high: number[] }> {
  const low = [...shape]
  const high = [-1, -1, -1]
  for (let place = 0; place < voxels.length; place++) {
    if (endsStep(place, STEP_VOX)) yield
    const voxel = voxelAt(voxels[place]!, shape)
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis]!, voxel[axis]!)
      high[axis] = Math.max(high[axis]!, voxel[axis]!)
    }
  }
  return { low, high }
}
