import { voxelAt } from '../maps/grids/grid.ts'
import { endsStep, type Steps } from '../slices.ts'
import { applyAffine } from '../volumes/affine.ts'
import type { Image } from '../volumes/image.ts'

/** Voxels between two looks at the clock. */
const STEP_VOX = 1 << 14

/** What is told of a connected component of an image. */
export interface ComponentFacts {
  voxels: number
  /** Mean of the centres of its voxels, mm. */
  centroidMm: [number, number, number]
  peakMm: [number, number, number]
  peakValue: number
}

/** Size, centre and highest value (the first of several, in the order of the data) of some voxels of an image. */
export function* describeComponent({ data, shape, voxelToWorldMm }: Image, voxels: Int32Array): Steps<ComponentFacts> {
  const sums: [number, number, number] = [0, 0, 0]
  let peak = voxels[0]!
  for (let n = 0; n < voxels.length; n++) {
    if (endsStep(n, STEP_VOX)) yield
    const at = voxels[n]!
    const [i, j, k] = voxelAt(at, shape)
    sums[0] += i
    sums[1] += j
    sums[2] += k
    if (data[at]! > data[peak]!) peak = at
  }
  const [i, j, k] = sums
  return {
    voxels: voxels.length,
    centroidMm: applyAffine(voxelToWorldMm, [i / voxels.length, j / voxels.length, k / voxels.length]),
    peakMm: applyAffine(voxelToWorldMm, voxelAt(peak, shape)),
    peakValue: data[peak]!,
  }
}
