import { subtree } from '../core/tree.ts'
import type { Parcellation, Region, Space, Volume } from '../core/types.ts'
import { providesImage } from '../core/volume.ts'
import { SiibraError } from '../errors.ts'
import type { AtlasVolumes } from '../maps/atlas-volumes.ts'
import { fetchLabelImage, type LabelImage } from '../maps/labels/label-image.ts'
import { firstRunAfter } from '../maps/labels/label-runs.ts'
import type { RegionMask } from '../maps/labels/region-mask.ts'
import { colourOfNumber, colourOfValue, parseHexColour, type Rgb } from './colours.ts'
import type { Overlay } from './draw-slice.ts'

/** What regions are coloured by: a number each (from the least to the largest by the ramp), or a colour. Parts take what the region above them has. */
export type RegionColours = ReadonlyMap<Region, number | Rgb>

export interface LabelOverlayOptions {
  /** The region that the picture is about: the others are paler. */
  selected?: Region | undefined
  /** Instead of the regions' own colours; regions that have none of these are not drawn. */
  colours?: RegionColours | undefined
  signal?: AbortSignal | undefined
}

const OPACITY = { selected: 0.8, plain: 0.6, beside: 0.35, coloured: 0.85 }

/** The labelled maps of a parcellation in a space as overlays, one for each image. NOT_AVAILABLE where there are none with voxels. */
export async function labelOverlays(
  core: AtlasVolumes,
  parcellation: Parcellation,
  space: Space,
  { selected, colours, signal }: LabelOverlayOptions,
): Promise<Overlay[]> {
  const images = drawnImages(core, parcellation, space)
  if (images.length === 0)
    throw new SiibraError(
      'NOT_AVAILABLE',
      `'${parcellation.name}' has no labelled map with voxels in '${space.name}'`,
      { parcellation: parcellation.id, space: space.id },
    )
  const paint = painter(parcellation, selected, colours)
  return Promise.all(
    images.map(async ({ volume, fragment, regions }) => {
      const image = await fetchLabelImage(core, volume, fragment, signal)
      return { grid: image, lookUp: labelReader(image), colourOf: (label) => paint(label, regions.get(label)) }
    }),
  )
}

/** The outline of a mask, and nothing else. */
export function maskOutline({ runs, ...grid }: RegionMask): Overlay {
  const { startVox, lengthVox } = runs
  const label = new Int32Array(startVox.length).fill(1)
  return {
    grid,
    lookUp: labelReader({ ...grid, runs: { startVox, lengthVox, label, sizeVox: new Map() } }),
    colourOf: () => undefined,
    outlined: new Set([1]),
  }
}

interface DrawnImage {
  volume: Volume
  fragment: string | null
  regions: Map<number, Region>
}

function drawnImages(core: AtlasVolumes, parcellation: Parcellation, space: Space): DrawnImage[] {
  const byName = new Map(parcellation.regions.map((region) => [region.name, region]))
  const images = new Map<string, DrawnImage>()
  const maps = core.maps.all.filter(
    (map) => map.mapType === 'LABELLED' && map.parcellation === parcellation && map.space === space,
  )
  for (const map of maps) {
    for (const [name, indices] of map.indices) {
      const region = byName.get(name)
      for (const { volume: number, fragment, label } of indices) {
        const volume = map.volumes[number]!
        if (!region || label === null || !providesImage(volume)) continue
        const key = JSON.stringify([map.id, number, fragment])
        const image = images.get(key) ?? { volume, fragment, regions: new Map<number, Region>() }
        images.set(key, image)
        image.regions.set(label, region)
      }
    }
  }
  return [...images.values()]
}

function painter(parcellation: Parcellation, selected: Region | undefined, colours: RegionColours | undefined) {
  const chosen = new Set(selected ? subtree(selected) : [])
  const values = [...(colours?.values() ?? [])].filter((value): value is number => typeof value === 'number')
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return (label: number, region: Region | undefined): ReturnType<Overlay['colourOf']> => {
    if (!region) return undefined
    if (colours) {
      const found = nearestAbove(region, (node) => colours.get(node))
      if (found === undefined) return undefined
      return { rgb: typeof found === 'number' ? colourOfValue(found, low, high) : found, opacity: OPACITY.coloured }
    }
    const own = nearestAbove(region, ({ rgb }) => (rgb === null ? undefined : parseHexColour(rgb)))
    const opacity = selected ? (chosen.has(region) ? OPACITY.selected : OPACITY.beside) : OPACITY.plain
    return { rgb: own ?? colourOfNumber(label), opacity }
  }

  function nearestAbove<T>(region: Region, of: (node: Region) => T | undefined): T | undefined {
    for (let node: Region | null = region; node !== null && node !== parcellation; node = node.parent) {
      const found = of(node)
      if (found !== undefined) return found
    }
    return colours ? of(parcellation) : undefined
  }
}

/** The label of a voxel. Neighbouring pixels mostly lie in the same run, or between the same two. */
function labelReader({ runs }: LabelImage): (at: number) => number {
  const { startVox, lengthVox, label } = runs
  let [from, to, value] = [0, 0, 0]
  return (at) => {
    if (at >= from && at < to) return value
    const run = firstRunAfter(runs, at)
    const start = run < startVox.length ? startVox[run]! : Number.POSITIVE_INFINITY
    if (start <= at) {
      from = start
      to = start + lengthVox[run]!
      value = label[run]!
    } else {
      from = run > 0 ? startVox[run - 1]! + lengthVox[run - 1]! : 0
      to = start
      value = 0
    }
    return value
  }
}
