import { isMappedIn } from '../../core/supported-spaces.ts'
import type { MapIndex, ParcellationMap, Region, Space, Volume } from '../../core/types.ts'
import { providesImage } from '../../core/volume.ts'
import { SiibraError } from '../../errors.ts'
import type { Image } from '../../volumes/image.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { affineDistance, type Grid, shapesEqual } from '../grids/grid.ts'
import { resampleImage } from '../grids/resample.ts'
import { findRuns, type Runs } from './components.ts'
import { fetchLabelImage } from './label-image.ts'
import { fillRuns, selectRuns, uniteRuns } from './label-runs.ts'

/** The voxels of a region in a space. */
export interface RegionMask extends Grid {
  runs: Runs
}

/** Labels of one image that belong to a region. */
interface MaskPart {
  volume: Volume
  fragment: string | null
  labels: Set<number>
}

/**
 * The mask of any region of the tree from the labelled maps of a space, as siibra's fetch_regional_map: of the region itself
 * where a map draws it, else of all its children together. NOT_AVAILABLE where there is neither.
 */
export async function fetchRegionMask(
  core: AtlasVolumes,
  region: Region,
  space: Space,
  signal?: AbortSignal,
): Promise<RegionMask> {
  const parts = collectParts(core, region, space)
  const masks = await Promise.all(
    parts.map(async ({ volume, fragment, labels }) => {
      const image = await fetchLabelImage(core, volume, fragment, signal)
      return { ...image, runs: selectRuns(image.runs, labels, image.shape[0]!) }
    }),
  )
  return uniteMasks(masks)
}

/** The mask as an image of zeros and ones. */
export function maskImage({ runs, shape, voxelToWorldMm }: RegionMask): Image {
  const data = fillRuns(runs, shape[0]! * shape[1]! * shape[2]!)
  return { data, dtype: 'uint8', shape: [...shape], voxelToWorldMm }
}

/** Which labels of which images make up the region, each image once. */
function collectParts(core: AtlasVolumes, region: Region, space: Space): MaskPart[] {
  const maps = core.maps.all.filter(
    (map) =>
      map.mapType === 'LABELLED' &&
      map.space === space &&
      map.parcellation === region.parcellation &&
      map.volumes.some(providesImage),
  )
  const parts = new Map<Volume, Map<string | null, MaskPart>>()
  const add = (map: ParcellationMap, { volume: number, fragment, label }: MapIndex) => {
    const volume = map.volumes[number]!
    const ofVolume = parts.get(volume) ?? new Map<string | null, MaskPart>()
    parts.set(volume, ofVolume)
    const part = ofVolume.get(fragment) ?? { volume, fragment, labels: new Set() }
    ofVolume.set(fragment, part)
    if (label !== null) part.labels.add(label)
  }
  const visit = (node: Region) => {
    const map = maps.find(({ indices }) => indices.has(node.name))
    if (map) return add(map, map.indices.get(node.name)![0]!)
    const areMapped = node.children.length > 0 && node.children.every((child) => isMappedIn(core, child, space))
    if (!areMapped) {
      const which = node === region ? 'It' : `Its part '${node.name}'`
      throw new SiibraError(
        'NOT_AVAILABLE',
        `There is no mask of '${region.name}' in '${space.name}': ${which} is not drawn by a labelled map with voxels`,
        { region: region.name, space: space.id },
      )
    }
    for (const child of node.children) visit(child)
  }
  visit(region)
  return [...parts.values()].flatMap((ofVolume) => [...ofVolume.values()])
}

/** The union, in the voxels of the first mask; masks of other voxels are resampled. */
function uniteMasks(masks: RegionMask[]): RegionMask {
  const [first] = masks
  const runs = masks.map((mask) => (haveOneGrid(first!, mask) ? mask.runs : resampleRuns(mask, first!)))
  return { ...first!, runs: uniteRuns(runs, first!.shape[0]!) }
}

const haveOneGrid = (a: Grid, b: Grid): boolean =>
  shapesEqual(a.shape, b.shape) && affineDistance(a.voxelToWorldMm, b.voxelToWorldMm) <= 1e-12

function resampleRuns(mask: RegionMask, grid: Grid): Runs {
  const { data, shape } = resampleImage(maskImage(mask), grid, { interpolation: 'nearest' })
  return findRuns(data, shape, (value) => value > 0)
}
