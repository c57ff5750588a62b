/** Connected components of an image's voxels, voxel by voxel (see maps/labels/components.ts for those of runs). */
import { type Connectivity, findRunsInSteps, labelRuns } from '../maps/labels/components.ts'
import { endsStep, type Steps } from '../slices.ts'

/** The voxels of a connected component, by their index in the image (first axis fastest). */
export interface VoxelComponent {
  voxels: Int32Array
}

/** Runs between two looks at the clock. */
const STEP_RUNS = 1 << 13

/**
 * The components of the voxels of an image of `shape` for which `isInside` holds of the value, in the order in which a scan with the
 * last axis fastest meets them (scipy.ndimage.label, skimage.measure.label).
 */
export function* findComponents(
  data: ArrayLike<number>,
  shape: readonly number[],
  isInside: (value: number) => boolean,
  connectivity: Connectivity,
): Steps<VoxelComponent[]> {
  const runs = yield* findRunsInSteps(data, shape, isInside)
  const { labels, count } = yield* labelRuns(runs, shape, connectivity)
  const sizes = new Int32Array(count)
  for (let run = 0; run < labels.length; run++) sizes[labels[run]!]! += runs.lengthVox[run]!
  const components = Array.from(sizes, (size) => ({ voxels: new Int32Array(size) }))
  const filled = new Int32Array(count)
  for (let run = 0; run < labels.length; run++) {
    if (endsStep(run, STEP_RUNS)) yield
    const label = labels[run]!
    const { voxels } = components[label]!
    const start = runs.startVox[run]!
    for (let n = 0; n < runs.lengthVox[run]!; n++) voxels[filled[label]!++] = start + n
  }
  return components
}
