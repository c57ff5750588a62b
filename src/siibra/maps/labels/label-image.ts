import type { Volume } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import type { VolumeVisitor } from '../../volumes/volume-scan.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import type { Grid } from '../grids/grid.ts'
import { createRunCollector, type LabelRuns, type RunCollector } from './label-runs.ts'
import { describeVolume, toLabels } from './require-labels.ts'

/** A labelled image as runs of equal voxels: some hundredths of its size, enough for masks, centroids and assignments. */
export interface LabelImage extends Grid {
  runs: LabelRuns
}

/** About what a run and a label take. */
const RUN_BYTES = 16
const LABEL_BYTES = 64

/**
 * The labels of a volume, or of a fragment of it; kept, while the voxels that they are made of pass by and are never held as a whole.
 * BAD_DATA for what is no labelled volume (`requireLabels`).
 */
export function fetchLabelImage(
  core: AtlasVolumes,
  volume: Volume,
  fragment: string | null,
  signal?: AbortSignal,
): Promise<LabelImage> {
  const key = JSON.stringify(['labels', volume.providers, volume.z, fragment])
  return core.volumes.keep(key, sizeOf, (shared) => scanLabels(core, volume, fragment, shared), signal)
}

async function scanLabels(
  { volumes }: AtlasVolumes,
  volume: Volume,
  fragment: string | null,
  signal: AbortSignal,
): Promise<LabelImage> {
  const what = describeVolume(volume)
  let found: { grid: Grid; collector: RunCollector } | undefined
  const visit = (): VolumeVisitor => {
    let collector = createRunCollector([1])
    return {
      begin({ shape, voxelToWorldMm }) {
        collector = createRunCollector(shape)
        found = { grid: { shape, voxelToWorldMm }, collector }
      },
      see: (values, at) => collector.see(toLabels(values, what, at), at),
    }
  }
  await volumes.scan([volume], visit, { fragment, signal })
  if (!found) throw new SiibraError('INTERNAL', `${what} was not read`)
  return { ...found.grid, runs: found.collector.take() }
}

const sizeOf = ({ runs: { startVox, sizeVox } }: LabelImage) => startVox.length * RUN_BYTES + sizeVox.size * LABEL_BYTES
