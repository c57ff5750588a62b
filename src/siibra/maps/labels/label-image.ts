import type { Volume } from '../../core/types.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { type Grid, gridOf } from '../grids/grid.ts'
import { type LabelRuns, labelRunsOf } from './label-runs.ts'
import { describeVolume, requireLabels } from './require-labels.ts'

/** A labelled image as runs of equal voxels: some hundredths of its size, enough for masks, centroids and assignments. */
export interface LabelImage extends Grid {
  runs: LabelRuns
}

/** About what a run and a label take. */
const RUN_BYTES = 16
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
    const read = await core.volumes.fetchImage(volume, { fragment, signal: shared, keep: false })
    const image = requireLabels(read, describeVolume(volume))
    return { ...gridOf(image), runs: labelRunsOf(image) }
  }
  return core.volumes.keep(key, sizeOf, make, signal)
}

const sizeOf = ({ runs: { startVox, sizeVox } }: LabelImage) => startVox.length * RUN_BYTES + sizeVox.size * LABEL_BYTES
