/** Connected components of an image's voxels, voxel by voxel (see maps/labels/components.ts for those of runs). */
import { type Connectivity, findRuns, labelRuns, type Runs } from '../maps/labels/components.ts'

/** The voxels of a connected component, by their index in the image (first axis fastest). */
export interface VoxelComponent {
  voxels: Int32Array
}

/**
 * The components of the voxels of an image of `shape` for which `isInside` holds of the value, in the order in which a scan with the
 * last axis fastest meets them (scipy.ndimage.label, skimage.measure.label).
 */
export function findComponents(
  data: ArrayLike<number>,
  shape: readonly number[],
  isInside: (value: number) => boolean,
  connectivity: Connectivity,
): VoxelComponent[] {
  const runs = findRuns(data, shape, isInside)
  return componentsOfRuns(runs, shape, connectivity)
}

function componentsOfRuns(runs: Runs, shape: readonly number[], connectivity: Connectivity): VoxelComponent[] {
  const { labels, count } = labelRuns(runs, shape, connectivity)
  const sizes = new Int32Array(count)
  for (let run = 0; run < labels.length; run++) sizes[labels[run]!]! += runs.lengthVox[run]!
  const components = Array.from(sizes, (size) => ({ voxels: new Int32Array(size) }))
  const filled = new Int32Array(count)
  for (let run = 0; run < labels.length; run++) {
    const label = labels[run]!
    const { voxels } = components[label]!
    const start = runs.startVox[run]!
    for (let n = 0; n < runs.lengthVox[run]!; n++) voxels[filled[label]!++] = start + n
  }
  return components
}
