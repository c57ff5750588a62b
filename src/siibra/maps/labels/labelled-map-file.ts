import type { ParcellationMap } from '../../core/types.ts'
import { gzipNifti } from '../../volumes/nifti/gzip.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { fetchLabelledMap, type LabelledMapOptions } from './labelled-map.ts'

/**
 * A labelled map (`fetchLabelledMap`) as a `.nii.gz` file: as it was sent where that is what would be written, else written anew. Kept, while its
 * voxels, which are some hundred times larger, are not.
 */
export async function fetchLabelledMapFile(
  core: AtlasVolumes,
  map: ParcellationMap,
  { fragment, signal }: LabelledMapOptions = {},
): Promise<Uint8Array> {
  const [volume, ...others] = map.volumes
  const sent = volume && others.length === 0 ? await core.volumes.fetchFile(volume, { fragment, signal }) : undefined
  if (sent) return sent
  const write = async (shared: AbortSignal) =>
    gzipNifti(await fetchLabelledMap(core, map, { fragment, signal: shared, keep: false }), shared)
  const key = JSON.stringify(['labelled map', map.id, fragment])
  return core.volumes.keep(key, ({ length }) => length, write, signal)
}
