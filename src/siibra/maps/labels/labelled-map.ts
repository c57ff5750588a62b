import type { ParcellationMap } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import { createSlices } from '../../slices.ts'
import type { Image } from '../../volumes/image.ts'
import { createVoxels } from '../../volumes/typed-bytes.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { gridOf } from '../grids/grid.ts'
import { resampleInSlices } from '../grids/resample.ts'
import { fetchTemplate } from '../template.ts'
import { labelRunsInSlices } from './label-runs.ts'
import { describeVolume, requireLabels, requireLabelsOf32Bits } from './require-labels.ts'

export interface LabelledMapOptions {
  /** Of a map of one volume: its fragment of that name, instead of all of them merged. */
  fragment?: string | null | undefined
  signal?: AbortSignal | undefined
  /** Whether its voxels are kept; default true. */
  keep?: boolean | undefined
}

/**
 * A labelled map as one image: its volume as it is, or, of a map of several volumes, all regions in the voxels of the
 * template, labelled 1, 2 ... in the order of the map's regions (siibra's Map.fetch).
 */
export async function fetchLabelledMap(
  core: AtlasVolumes,
  map: ParcellationMap,
  { fragment, signal, keep }: LabelledMapOptions = {},
): Promise<Image> {
  const [volume, ...others] = map.volumes
  if (!volume) throw new SiibraError('NOT_AVAILABLE', `The map '${map.name}' has no volumes`, { map: map.id })
  if (others.length > 0) return joinVolumes(core, map, signal)
  const image = requireLabels(await core.volumes.fetchImage(volume, { fragment, signal, keep }), describeVolume(volume))
  requireLabelsOf32Bits(image, describeVolume(volume))
  return image
}

/** Later regions cover earlier ones; nothing is interpolated. */
async function joinVolumes(core: AtlasVolumes, map: ParcellationMap, signal?: AbortSignal): Promise<Image> {
  const grid = gridOf(await fetchTemplate(core, map.space, signal))
  const data = createVoxels(
    map.indices.size > 255 ? 'uint16' : 'uint8',
    grid.shape.reduce((n, size) => n * size, 1),
  )
  const dtype = data instanceof Uint8Array ? 'uint8' : 'uint16'
  const slices = createSlices(signal)
  for (const { volume, fragment, newLabels } of relabelling(map)) {
    const source = map.volumes[volume]!
    const read = await core.volumes.fetchImage(source, { fragment, signal, keep: false })
    const image = requireLabels(read, describeVolume(source))
    const resampled = await resampleInSlices(image, grid, { interpolation: 'nearest' }, slices)
    const { startVox, lengthVox, label } = await labelRunsInSlices(resampled, slices)
    for (let run = 0; run < startVox.length; run++) {
      const newLabel = newLabels.get(label[run]!)
      if (newLabel === undefined) continue
      for (let at = startVox[run]!; at < startVox[run]! + lengthVox[run]!; at++) {
        if (data[at]! < newLabel) data[at] = newLabel
      }
    }
  }
  return { data, dtype, shape: [...grid.shape], voxelToWorldMm: grid.voxelToWorldMm }
}

/** For each image: label in it -> number of the region in the map, from 1. */
function relabelling(map: ParcellationMap) {
  const images = new Map<string, { volume: number; fragment: string | null; newLabels: Map<number, number> }>()
  let newLabel = 0
  for (const [index] of map.indices.values()) {
    newLabel++
    if (!index || index.label === null) continue
    const { volume, fragment, label } = index
    const key = JSON.stringify([volume, fragment])
    const image = images.get(key) ?? { volume, fragment, newLabels: new Map<number, number>() }
    images.set(key, image)
    image.newLabels.set(label, newLabel)
  }
  return images.values()
}
