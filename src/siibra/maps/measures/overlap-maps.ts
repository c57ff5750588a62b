import type { MapIndex, ParcellationMap, Region } from '../../core/types.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { voxelVolumeMm3 } from '../grids/grid.ts'
import { fetchLabelImage, type LabelImage } from '../labels/label-image.ts'
import { overlapLabels } from './overlap.ts'

/** Two regions whose own labels share voxels, counted in the grid of the first one's map. */
export interface RegionOverlap {
  region: Region
  otherRegion: Region
  voxels: number
  volumeMm3: number
  /** Voxels of each region's own label in that grid. */
  sizeVox: number
  otherSizeVox: number
}

/** An image of a map, and the regions that are drawn in it, by label. */
interface DrawnImage {
  image: LabelImage
  regions: ReadonlyMap<number, readonly Region[]>
}

/**
 * How the regions that two labelled maps of a space draw lie over each other, in the order of both trees. The other map is taken at its
 * voxel nearest to each voxel of the first. Labels that no region claims are left out.
 */
export async function overlapMaps(
  core: AtlasVolumes,
  first: ParcellationMap,
  other: ParcellationMap,
  signal?: AbortSignal,
): Promise<RegionOverlap[]> {
  const [ofFirst, ofOther] = await Promise.all([fetchDrawn(core, first, signal), fetchDrawn(core, other, signal)])
  const found: RegionOverlap[] = []
  for (const { image, regions } of ofFirst) {
    const voxelMm3 = voxelVolumeMm3(image.voxelToWorldMm)
    for (const beside of ofOther) {
      const { pairs, sizeVox, otherSizeVox } = await overlapLabels(image, beside.image, signal)
      for (const { label, otherLabel, voxels } of pairs) {
        const sizes = { sizeVox: sizeVox.get(label) ?? 0, otherSizeVox: otherSizeVox.get(otherLabel) ?? 0 }
        for (const region of regions.get(label) ?? [])
          for (const otherRegion of beside.regions.get(otherLabel) ?? [])
            found.push({ region, otherRegion, voxels, volumeMm3: voxels * voxelMm3, ...sizes })
      }
    }
  }
  const [place, otherPlace] = [first, other].map(({ parcellation }) => placesOf(parcellation.regions))
  const placeOf = ({ region, otherRegion }: RegionOverlap) => [place!.get(region)!, otherPlace!.get(otherRegion)!]
  return found
    .map((overlap) => ({ overlap, at: placeOf(overlap) }))
    .sort((a, b) => a.at[0]! - b.at[0]! || a.at[1]! - b.at[1]!)
    .map(({ overlap }) => overlap)
}

const placesOf = (regions: readonly Region[]) => new Map(regions.map((region, at) => [region, at]))

/** Each image of a map once. */
async function fetchDrawn(core: AtlasVolumes, map: ParcellationMap, signal?: AbortSignal): Promise<DrawnImage[]> {
  const byName = new Map<string, Region>()
  for (const region of map.parcellation.regions) if (!byName.has(region.name)) byName.set(region.name, region)
  const images = new Map<string, { index: MapIndex; regions: Map<number, Region[]> }>()
  for (const [name, indices] of map.indices) {
    const region = byName.get(name)
    for (const index of indices) {
      if (region === undefined || index.label === null) continue
      const key = JSON.stringify([index.volume, index.fragment])
      const drawn = images.get(key) ?? { index, regions: new Map<number, Region[]>() }
      images.set(key, drawn)
      drawn.regions.set(index.label, [...(drawn.regions.get(index.label) ?? []), region])
    }
  }
  return Promise.all(
    [...images.values()].map(async ({ index: { volume, fragment }, regions }) => ({
      image: await fetchLabelImage(core, map.volumes[volume]!, fragment, signal),
      regions,
    })),
  )
}
