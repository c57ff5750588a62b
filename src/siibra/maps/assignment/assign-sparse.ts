import type { ParcellationMap } from '../../core/types.ts'
import { invertAffine, type Triple } from '../../volumes/affine.ts'
import { nearestVoxel, voxelIndex } from '../grids/grid.ts'
import { firstVoxelFrom, type SparseIndex, type SparseVolume } from '../sparse/sparse-index.ts'
import { type Assignment, type AssignOptions, exactRow, nameRegions, regionNamesOf } from './assignment.ts'
import {
  type Blob,
  type GaussianKernel,
  kernelAround,
  placeKernel,
  type UncertainPoint,
  visitRows,
} from './gaussian.ts'

/** What a Gaussian and one volume share. */
interface Shared {
  both: number
  sumProducts: number
}

/** Assignment to a statistical map of which there is an index. */
export function assignToIndex(
  map: ParcellationMap,
  index: SparseIndex,
  input: UncertainPoint,
  { onExact }: AssignOptions = {},
): Assignment[] {
  const voxel = nearestVoxel(invertAffine(index.voxelToWorldMm), input.pointMm)
  const kernel = kernelAround(input, index.voxelToWorldMm, onExact)
  return kernel ? assignBlob(map, index, input, kernel, voxel) : assignVoxel(map, index, input, voxel)
}

function assignVoxel(
  map: ParcellationMap,
  index: SparseIndex,
  { pointMm }: UncertainPoint,
  voxel: Triple,
): Assignment[] {
  const at = voxelIndex(voxel, index.shape)
  const n = firstVoxelFrom(index, at)
  if (at < 0 || index.voxel[n] !== at) return []
  const namesOf = regionNamesOf(map)
  const rows: Assignment[] = []
  for (let entry = index.start[n]!; entry < index.start[n + 1]!; entry++) {
    const volume = index.volume[entry]!
    for (const region of nameRegions(namesOf({ volume, label: null, fragment: null }))) {
      rows.push(exactRow(pointMm, { volume, fragment: null, region, mapValue: index.value[entry]! }))
    }
  }
  return rows
}

/**
 * A Gaussian against each volume of a sparse map. As siibra's, means and the correlation are over the box around both (whose
 * upper side is one voxel beyond the map and two beyond the Gaussian), and the value is the largest of the volume.
 */
function assignBlob(
  map: ParcellationMap,
  index: SparseIndex,
  { pointMm }: UncertainPoint,
  kernel: GaussianKernel,
  centreVox: Triple,
): Assignment[] {
  const namesOf = regionNamesOf(map)
  const blob = placeKernel(kernel, index.voxelToWorldMm, centreVox, index)
  if (!blob) return []
  const input = sumWeights(blob, index.shape)
  if (input.count <= 1) return []
  const rows: Assignment[] = []
  const shared = shareWithVolumes(blob, index)
  for (const [volume, summary] of index.volumes.entries()) {
    const { both, sumProducts } = shared[volume]!
    const boxVox = commonBoxVox(blob, summary)
    if (both === 0 || boxVox === 0) continue
    const covariance = sumProducts - (input.sum * summary.sum) / boxVox
    const spreadMap = summary.sumSquares - summary.sum ** 2 / boxVox
    const spreadInput = input.sumSquares - input.sum ** 2 / boxVox
    for (const region of nameRegions(namesOf({ volume, label: null, fragment: null }))) {
      rows.push({
        inputStructure: 0,
        centroidMm: [pointMm[0], pointMm[1], pointMm[2]],
        volume,
        fragment: null,
        region,
        correlation: covariance / Math.sqrt(spreadMap) / Math.sqrt(spreadInput),
        intersectionOverUnion: both / (summary.count + input.count - both),
        mapValue: summary.max,
        mapWeightedMean: sumProducts / input.sum,
        mapContainedness: both / summary.count,
        inputWeightedMean: sumProducts / summary.sum,
        inputContainedness: both / input.count,
      })
    }
  }
  return rows
}

function sumWeights(blob: Blob, shape: readonly number[]) {
  const sums = { count: 0, sum: 0, sumSquares: 0 }
  visitRows(blob, shape, (_, weights) => {
    for (const weight of weights) {
      if (!(weight > 0)) continue
      sums.count++
      sums.sum += weight
      sums.sumSquares += weight * weight
    }
  })
  return sums
}

function shareWithVolumes(blob: Blob, index: SparseIndex): Shared[] {
  const shared = index.volumes.map(() => ({ both: 0, sumProducts: 0 }))
  const { voxel, start, volume, value, shape } = index
  visitRows(blob, shape, (begin, weights) => {
    const end = begin + weights.length
    for (let n = firstVoxelFrom(index, begin); n < voxel.length && voxel[n]! < end; n++) {
      const weight = weights[voxel[n]! - begin]!
      if (!(weight > 0)) continue
      for (let entry = start[n]!; entry < start[n + 1]!; entry++) {
        const found = shared[volume[entry]!]!
        found.both++
        found.sumProducts += weight * value[entry]!
      }
    }
  })
  return shared
}

/** Voxels of the box around both; 0 where the boxes of the two do not overlap in siibra's eyes. */
function commonBoxVox({ lowVox, sizeVox }: Blob, { bounds }: SparseVolume): number {
  if (!bounds) return 0
  let product = 1
  for (let axis = 0; axis < 3; axis++) {
    const [low, past] = [lowVox[axis]!, lowVox[axis]! + sizeVox[axis]!]
    // The map's box ends at its last voxel, not beyond it: a map of one layer of voxels has no extent.
    if (!(Math.min(past, bounds.high[axis]!) > Math.max(low, bounds.low[axis]!))) return 0
    product *= Math.max(past, bounds.high[axis]!) - Math.min(low, bounds.low[axis]!) + 1
  }
  return product
}
