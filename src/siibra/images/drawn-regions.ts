/** What a labelled map draws: labels with their own voxels, each a region of its own. */
import type { ParcellationMap, Region } from '../core/types.ts'
import type { SiibraError } from '../errors.ts'
import { fragmentsOf } from '../maps/assignment/assign-images.ts'
import { regionNamesOf } from '../maps/assignment/assignment.ts'
import type { AtlasVolumes } from '../maps/atlas-volumes.ts'
import { fileFailure, type MapGap } from '../maps/gaps.ts'
import { fetchLabelImage, type LabelImage } from '../maps/labels/label-image.ts'

/** One image of a labelled map: a volume, or a fragment of it. */
export interface DrawnImage {
  image: LabelImage
  volume: number
  fragment: string | null
  /** Names of the regions that claim a label; empty where none does. */
  namesOf(label: number): string[]
}

/**
 * All images of a labelled map, in the order in which siibra looks at them. What is away or broken costs the regions that it draws: `gaps` hears of
 * them. Where nothing can be read, the first failure is thrown.
 */
export async function fetchDrawnImages(
  core: AtlasVolumes,
  map: ParcellationMap,
  { signal, gaps = [] }: { signal?: AbortSignal | undefined; gaps?: MapGap[] | undefined } = {},
): Promise<DrawnImage[]> {
  const images: DrawnImage[] = []
  const names = regionNamesOf(map)
  let failure: SiibraError | undefined
  for (const fragment of fragmentsOf(map)) {
    for (const [volume, source] of map.volumes.entries()) {
      try {
        const image = await fetchLabelImage(core, source, fragment, signal)
        images.push({ image, volume, fragment, namesOf: (label) => names({ volume, label, fragment }) })
      } catch (thrown) {
        const error = signal?.aborted ? undefined : fileFailure(thrown)
        if (!error) throw thrown
        failure ??= error
        gaps.push({
          regions: namesDrawn(map, volume, fragment),
          message: error.message,
          isTemporary: error.code !== 'UNSUPPORTED',
        })
      }
    }
  }
  if (failure && images.length === 0) throw failure
  return images
}

/** Names of the regions that a volume, or a fragment of it, draws. */
const namesDrawn = ({ indices }: ParcellationMap, volume: number, fragment: string | null): string[] =>
  [...indices].flatMap(([name, list]) =>
    list.some((index) => index.volume === volume && (index.fragment === null || index.fragment === fragment))
      ? [name]
      : [],
  )

/** Regions of a parcellation by name; of several of one name the first. */
export function regionsByName(map: ParcellationMap): ReadonlyMap<string, Region> {
  const regions = new Map<string, Region>()
  for (const region of map.parcellation.regions) if (!regions.has(region.name)) regions.set(region.name, region)
  return regions
}
