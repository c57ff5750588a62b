import type { Volume } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import { isStreamed } from '../../volumes/providers.ts'
import type { VolumeVisitor } from '../../volumes/volume-scan.ts'
import { locateVoxels } from '../../volumes/volume-source.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import type { Grid } from '../grids/grid.ts'
import { loadSharedIndex, type SharedIndex, sharedKey } from '../shared-index.ts'
import { decodeLabelImage, encodeLabelImage } from './label-file.ts'
import { createRunCollector, type LabelImage, type RunCollector } from './label-runs.ts'
import { describeVolume, toLabels } from './require-labels.ts'

export type { LabelImage } from './label-runs.ts'

/** About what a run and a label take. */
const RUN_BYTES = 16
const LABEL_BYTES = 64

/**
 * The labels of a volume, or of a fragment of it; kept, while the voxels that they are made of pass by and are never held as a whole. Those of large
 * files are kept on disk, too, for all threads and processes.
 * BAD_DATA for what is no labelled volume (`requireLabels`).
 */
export function fetchLabelImage(
  core: AtlasVolumes,
  volume: Volume,
  fragment: string | null,
  signal?: AbortSignal,
): Promise<LabelImage> {
  const key = JSON.stringify(['labels', volume.providers, volume.z, fragment])
  return core.volumes.keep(key, sizeOf, (shared) => loadLabels(core, volume, fragment, shared), signal)
}

/** From so many voxels on, runs that another thread or process has made are quicker to read than to make. */
const SHARED_FROM_VOX = 2 ** 22
/** A click waits no longer for another one who reads the volume: that takes some tenths of a second. */
const PATIENCE_MS = 1_000

async function loadLabels(
  core: AtlasVolumes,
  volume: Volume,
  fragment: string | null,
  signal: AbortSignal,
): Promise<LabelImage> {
  const scan = () => scanLabels(core, volume, fragment, signal)
  const shared = core.retrieval.derived && sharedLabelsOf(volume, fragment)
  if (!shared) return scan()
  const { shape } = await core.volumes.fetchGrid(volume, { fragment, signal })
  const voxels = shape.reduce((product, size) => product * size, 1)
  return voxels < SHARED_FROM_VOX ? scan() : loadSharedIndex(core, shared, scan, signal)
}

/** How the runs of a volume lie on disk; undefined where it is not one plain file. */
function sharedLabelsOf(volume: Volume, fragment: string | null): SharedIndex<LabelImage> | undefined {
  const { format, urls } = locateVoxels(volume, fragment)
  const [url, ...others] = urls
  if (url === undefined || others.length > 0 || !isStreamed(format)) return undefined
  return {
    key: sharedKey('label runs', [format, url, volume.z]),
    files: [{ format, url }],
    encode: encodeLabelImage,
    decode: decodeLabelImage,
    patienceMs: PATIENCE_MS,
  }
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
