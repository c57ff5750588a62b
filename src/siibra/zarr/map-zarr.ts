import type { ParcellationMap } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import type { AtlasVolumes } from '../maps/atlas-volumes.ts'
import { fetchLabelImage, type LabelImage } from '../maps/labels/label-image.ts'
import { labelRunsInSlices } from '../maps/labels/label-runs.ts'
import { fetchLabelledMap } from '../maps/labels/labelled-map.ts'
import { colourOfNumber, parseHexColour } from '../pictures/colours.ts'
import { createSlices } from '../slices.ts'
import { createLabelledZarr, type LabelledZarr, type ZarrLabel } from './labelled-zarr.ts'

/**
 * A labelled map (`fetchLabelledMap`, with its labels) as OME-Zarr. What its chunks are made of is kept, the chunks are not.
 * NOT_AVAILABLE for statistical maps and those of surfaces, UNSUPPORTED for oblique ones.
 */
export async function openMapZarr(
  core: AtlasVolumes,
  map: ParcellationMap,
  signal?: AbortSignal,
): Promise<LabelledZarr> {
  if (map.mapType !== 'LABELLED')
    throw new SiibraError('NOT_AVAILABLE', `'${map.name}' is a statistical map: there are no labels in it`, {
      map: map.id,
    })
  return createLabelledZarr(await imageOf(core, map, signal), { name: map.name, labels: labelsOf(map) })
}

/** About what a run takes in memory. */
const RUN_BYTES = 16

function imageOf(core: AtlasVolumes, map: ParcellationMap, signal?: AbortSignal): Promise<LabelImage> {
  const [volume, ...others] = map.volumes
  if (volume && others.length === 0) return fetchLabelImage(core, volume, null, signal)
  const join = async (shared: AbortSignal): Promise<LabelImage> => {
    const image = await fetchLabelledMap(core, map, { signal: shared, keep: false })
    const { shape, voxelToWorldMm } = image
    return { shape, voxelToWorldMm, runs: await labelRunsInSlices(image, createSlices(shared)) }
  }
  const sizeOf = ({ runs }: LabelImage) => runs.startVox.length * RUN_BYTES
  return core.volumes.keep(JSON.stringify(['joined labels', map.id]), sizeOf, join, signal)
}

/** Of a map of several volumes regions are numbered in their order (`fetchLabelledMap`). */
function labelsOf(map: ParcellationMap): ZarrLabel[] {
  const byName = new Map(map.parcellation.regions.map((region) => [region.name, region]))
  const isJoined = map.volumes.length > 1
  return [...map.indices].flatMap(([name, indices], at) => {
    const label = isJoined ? at + 1 : indices[0]?.label
    if (label === null || label === undefined) return []
    const rgb = byName.get(name)?.rgb
    return [{ label, name, rgb: (rgb ? parseHexColour(rgb) : undefined) ?? colourOfNumber(label) }]
  })
}
