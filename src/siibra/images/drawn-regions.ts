/** What a labelled map draws: labels with their own voxels, each a region of its own. */
import type { ParcellationMap, Region } from '../core/types.ts'
import { fragmentsOf } from '../maps/assignment/assign-images.ts'
import { regionNamesOf } from '../maps/assignment/assignment.ts'
import type { AtlasVolumes } from '../maps/atlas-volumes.ts'
import { fetchLabelImage, type LabelImage } from '../maps/labels/label-image.ts'

/** One image of a labelled map: a volume, or a fragment of it. */
export interface DrawnImage {
  image: LabelImage
  volume: number
  fragment: string | null
  /** Names of the regions that claim a label; empty where none does. */
  namesOf(label: number): string[]
}

/** All images of a labelled map, in the order in which siibra looks at them. */
export async function fetchDrawnImages(
  core: AtlasVolumes,
  map: ParcellationMap,
  signal?: AbortSignal,
): Promise<DrawnImage[]> {
  const images: DrawnImage[] = []
  const names = regionNamesOf(map)
  for (const fragment of fragmentsOf(map)) {
    for (const [volume, source] of map.volumes.entries()) {
      const image = await fetchLabelImage(core, source, fragment, signal)
      images.push({ image, volume, fragment, namesOf: (label) => names({ volume, label, fragment }) })
    }
  }
  return images
}

/** Regions of a parcellation by name; of several of one name the first. */
export function regionsByName(map: ParcellationMap): ReadonlyMap<string, Region> {
  const regions = new Map<string, Region>()
  for (const region of map.parcellation.regions) if (!regions.has(region.name)) regions.set(region.name, region)
  return regions
}
