import type { Volume } from '../../core/types.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { type Grid, gridOf } from '../grids/grid.ts'
import { type LabelRuns, labelRunsOf } from './label-runs.ts'

/** A labelled image as runs of equal voxels: some hundredths of its size, enough for masks, centroids and assignments. */
export interface LabelImage extends Grid {
  runs: LabelRuns
}

/** Bytes of a run, and about what a label takes. */
const RUN_BYTES = 12
const LABEL_BYTES = 64

/** The labels of a volume, or of a fragment of it; kept, while the voxels that they are made of are not. */
export function fetchLabelImage(
  core: AtlasVolumes,
  volume: Volume,
  fragment: string | null,
  signal?: AbortSignal,
): Promise<LabelImage> {
  const key = JSON.stringify(['labels', volume.providers, volume.z, fragment])
  const make = async (shared: AbortSignal) => {
    const image = await core.volumes.fetchImage(volume, { fragment, signal: shared, keep: false })
    return { ...gridOf(image), runs: labelRunsOf(image) }
  }
  return core.volumes.keep(key, sizeOf, make, signal)
}

const sizeOf = ({ runs: { startVox, sizeVox } }: LabelImage) => startVox.length * RUN_BYTES + sizeVox.size * LABEL_BYTES
