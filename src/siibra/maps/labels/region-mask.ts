import { isMappedIn } from '../../core/supported-spaces.ts'
import { subtree } from '../../core/tree.ts'
import type { MapIndex, Parcellation, ParcellationMap, Region, Space, Volume } from '../../core/types.ts'
import { providesImage, volumeFragments } from '../../core/volume.ts'
import { SiibraError } from '../../errors.ts'
import { createSlices, runInSlices, runSteps, type Slices, type Steps } from '../../slices.ts'
import type { Image } from '../../volumes/image.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { type Grid, sameGrid } from '../grids/grid.ts'
import { resampleInSlices } from '../grids/resample.ts'
import { findRunsInSteps, type Runs } from './components.ts'
import { defaultExtent, type Extent } from './extent.ts'
import { fetchLabelImage } from './label-image.ts'
import { fillRuns } from './label-runs.ts'
import { selectRuns, uniteRuns } from './select-runs.ts'

/** The voxels of a region in a space. */
export interface RegionMask extends Grid {
  runs: Runs
}

/** Labels of one image that belong to a region. */
export interface MaskPart {
  volume: Volume
  fragment: string | null
  labels: Set<number>
}

export interface RegionMaskOptions {
  /** Which voxels count; `defaultExtent` of the parcellation where it is left out. */
  extent?: Extent | undefined
  /** Part of the name of a fragment (`left`): what lies in others is left out. */
  fragment?: string | undefined
  signal?: AbortSignal | undefined
}

/**
 * The mask of any region of the tree from the labelled maps of a space: of the region with its drawn descendants where a map draws it, else
 * of all its children together (`Extent` has the other rules). NOT_AVAILABLE where there is neither.
 */
export async function fetchRegionMask(
  core: AtlasVolumes,
  region: Region,
  space: Space,
  { extent = defaultExtent(region.parcellation), fragment: wanted, signal }: RegionMaskOptions = {},
): Promise<RegionMask> {
  const parts = maskPartsOf(core, region, space, { extent, fragment: wanted })
  const masks = await Promise.all(
    parts.map(async ({ volume, fragment, labels }) => {
      const image = await fetchLabelImage(core, volume, fragment, signal)
      return { ...image, runs: await selectRuns(image.runs, labels, image.shape[0]!, signal) }
    }),
  )
  return uniteMasks(masks, createSlices(signal))
}

/** As `fetchRegionMask`; undefined where the region has no mask in that space. */
export async function findRegionMask(
  core: AtlasVolumes,
  region: Region,
  space: Space,
  options: RegionMaskOptions = {},
): Promise<RegionMask | undefined> {
  try {
    return await fetchRegionMask(core, region, space, options)
  } catch (thrown) {
    if (thrown instanceof SiibraError && thrown.code === 'NOT_AVAILABLE') return undefined
    throw thrown
  }
}

/** The labels that make up the mask of a region; undefined where it has none in that space. */
export function findMaskParts(core: AtlasVolumes, region: Region, space: Space, extent: Extent) {
  return ifAvailable(() => collectParts(core, region, space, extent))
}

function ifAvailable<T>(get: () => T): T | undefined {
  try {
    return get()
  } catch (thrown) {
    if (thrown instanceof SiibraError && thrown.code === 'NOT_AVAILABLE') return undefined
    throw thrown
  }
}

/** The labels that `fetchRegionMask` puts together, by the images that they are in. */
export function maskPartsOf(
  core: AtlasVolumes,
  region: Region,
  space: Space,
  { extent = defaultExtent(region.parcellation), fragment }: RegionMaskOptions,
): MaskPart[] {
  const parts = collectParts(core, region, space, extent)
  return fragment === undefined ? parts : ofFragment(parts, fragment)
}

/** The mask as an image of zeros and ones. */
export function maskImage(mask: RegionMask): Image {
  return runSteps(maskImageInSteps(mask))
}

/** The same with pauses. */
export function maskImageInSlices(mask: RegionMask, signal?: AbortSignal): Promise<Image> {
  return runInSlices(maskImageInSteps(mask), createSlices(signal))
}

function* maskImageInSteps({ runs, shape, voxelToWorldMm }: RegionMask): Steps<Image> {
  const data = yield* fillRuns(runs, shape[0]! * shape[1]! * shape[2]!)
  return { data, dtype: 'uint8', shape: [...shape], voxelToWorldMm }
}

/** Which labels of which images make up the region, each image once; the image of the region itself comes first. */
function collectParts(core: AtlasVolumes, region: Region, space: Space, extent: Extent): MaskPart[] {
  const maps = labelledMapsOf(core, region.parcellation, space)
  const parts = new Map<Volume, Map<string | null, MaskPart>>()
  for (const [map, { volume: number, fragment, label }] of drawnIndices(core, maps, region, space, extent)) {
    const volume = map.volumes[number]!
    const ofVolume = parts.get(volume) ?? new Map<string | null, MaskPart>()
    parts.set(volume, ofVolume)
    const part = ofVolume.get(fragment) ?? { volume, fragment, labels: new Set() }
    ofVolume.set(fragment, part)
    if (label !== null) part.labels.add(label)
  }
  return [...parts.values()].flatMap((ofVolume) => [...ofVolume.values()])
}

/** Parts that lie in all fragments of a volume lie in the wanted one, too. */
function ofFragment(parts: readonly MaskPart[], wanted: string): MaskPart[] {
  const named = parts.flatMap((part) =>
    part.fragment === null
      ? (volumeFragments(part.volume).image ?? []).map((fragment) => ({ ...part, fragment }))
      : [part as MaskPart & { fragment: string }],
  )
  const fitting = named.filter(({ fragment }) => fragment.toLowerCase().includes(wanted.toLowerCase()))
  if (fitting.length > 0) return fitting
  const allowed = [...new Set(named.map(({ fragment }) => fragment))]
  const which = allowed.length > 0 ? `is not one of ${allowed.join(', ')}` : 'is asked of a map without fragments'
  throw new SiibraError('INVALID_PARAMETER', `Fragment '${wanted}' ${which}`, { parameter: 'fragment', allowed })
}

function labelledMapsOf(core: AtlasVolumes, parcellation: Parcellation, space: Space): ParcellationMap[] {
  return core.maps.all.filter(
    (map) =>
      map.mapType === 'LABELLED' &&
      map.space === space &&
      map.parcellation === parcellation &&
      map.volumes.some(providesImage),
  )
}

type DrawnIndex = [map: ParcellationMap, index: MapIndex]

/** Where the maps draw what belongs to the region. NOT_AVAILABLE where that is nothing, or less than the rule asks for. */
function drawnIndices(
  core: AtlasVolumes,
  maps: readonly ParcellationMap[],
  region: Region,
  space: Space,
  extent: Extent,
): DrawnIndex[] {
  const drawn = (node: Region): DrawnIndex[] => {
    const map = maps.find(({ indices }) => indices.has(node.name))
    const index = map?.indices.get(node.name)?.[0]
    return map && index ? [[map, index]] : []
  }
  const withParts = (node: Region) => subtree(node).flatMap(drawn)
  if (extent === 'drawn') {
    const found = withParts(region)
    if (found.length === 0) throw noMask(region, space, 'neither it nor any of its parts is')
    return found
  }
  const found: DrawnIndex[] = []
  const waiting = [region]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const own = drawn(node)
    if (own.length > 0) found.push(...(extent === 'own' ? own : withParts(node)))
    else if (node.children.length > 0 && node.children.every((child) => isMappedIn(core, child, space)))
      waiting.push(...[...node.children].reverse())
    else throw noMask(region, space, node === region ? 'it is not' : `its part '${node.name}' is not`)
  }
  return found
}

function noMask(region: Region, space: Space, what: string): SiibraError {
  return new SiibraError(
    'NOT_AVAILABLE',
    `There is no mask of '${region.name}' in '${space.name}': ${what} drawn by a labelled map with voxels`,
    { region: region.name, space: space.id },
  )
}

/** The union, in the voxels of the first mask; masks of other voxels are resampled. */
async function uniteMasks(masks: RegionMask[], slices: Slices): Promise<RegionMask> {
  const [first] = masks
  const runs: Runs[] = []
  for (const mask of masks) runs.push(sameGrid(first!, mask) ? mask.runs : await resampleRuns(mask, first!, slices))
  return { ...first!, runs: await runInSlices(uniteRuns(runs, first!.shape[0]!), slices) }
}

async function resampleRuns(mask: RegionMask, grid: Grid, slices: Slices): Promise<Runs> {
  const image = await resampleInSlices(
    await runInSlices(maskImageInSteps(mask), slices),
    grid,
    { interpolation: 'nearest' },
    slices,
  )
  return runInSlices(
    findRunsInSteps(image.data, image.shape, (value) => value > 0),
    slices,
  )
}
