import type { Steps } from '../../slices.ts'
import { applyAffine } from '../../volumes/affine.ts'
import { voxelAt } from '../grids/grid.ts'
import { labelRuns } from './components.ts'
import type { RegionMask } from './region-mask.ts'

/**
 * A point inside of a region by which it can be shown, mm: the centre of the voxel of its largest component that lies nearest (in voxels) to that
 * component's centroid. The centroid itself may lie outside of a region that is bent. Undefined for a mask without voxels.
 */
export function* centreOfMask({
  runs,
  shape,
  voxelToWorldMm,
}: RegionMask): Steps<[number, number, number] | undefined> {
  const { startVox, lengthVox } = runs
  if (startVox.length === 0) return undefined
  const { labels, count } = yield* labelRuns(runs, shape)
  const placeOf = (run: number) => {
    const [i, j, k] = voxelAt(startVox[run]!, shape)
    return { i, j, k, length: lengthVox[run]! }
  }
  const sizes = new Float64Array(count)
  for (let run = 0; run < labels.length; run++) sizes[labels[run]!]! += lengthVox[run]!
  const largest = sizes.reduce((best, size, label) => (size > sizes[best]! ? label : best), 0)
  const centroid = [0, 0, 0]
  for (let run = 0; run < labels.length; run++) {
    if (labels[run] !== largest) continue
    const { i, j, k, length } = placeOf(run)
    const share = length / sizes[largest]!
    centroid[0]! += share * (i + (length - 1) / 2)
    centroid[1]! += share * j
    centroid[2]! += share * k
  }
  yield
  let nearest: [number, number, number] = [0, 0, 0]
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < labels.length; run++) {
    if (labels[run] !== largest) continue
    const { i, j, k, length } = placeOf(run)
    const along = Math.min(Math.max(Math.round(centroid[0]!), i), i + length - 1)
    const distance = (along - centroid[0]!) ** 2 + (j - centroid[1]!) ** 2 + (k - centroid[2]!) ** 2
    if (distance >= least) continue
    least = distance
    nearest = [along, j, k]
  }
  return applyAffine(voxelToWorldMm, nearest)
}
