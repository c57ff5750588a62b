import type { Steps } from '../../slices.ts'
import { applyAffine } from '../../volumes/affine.ts'
import type { Affine } from '../../volumes/image.ts'
import { voxelVolumeMm3 } from '../grids/grid.ts'
import { measureComponents, type Runs } from './components.ts'

/** A connected component of a region in a space. */
export interface SpatialProps {
  /** Mean of its voxels' centres, mm, RAS. */
  centroidMm: [number, number, number]
  volumeMm3: number
}

/** Centroids and volumes of the components of a mask, largest first; equal ones in the order of their first voxel (i slowest). */
export function* measureMask(runs: Runs, shape: readonly number[], voxelToWorldMm: Affine): Steps<SpatialProps[]> {
  const voxelMm3 = voxelVolumeMm3(voxelToWorldMm)
  const components = yield* measureComponents(runs, shape)
  return components
    .map(({ sizeVox, centroidVox }) => ({
      centroidMm: applyAffine(voxelToWorldMm, centroidVox),
      volumeMm3: sizeVox * voxelMm3,
    }))
    .sort((a, b) => b.volumeMm3 - a.volumeMm3)
}
