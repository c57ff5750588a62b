import type { ParcellationMap } from '../core/types.ts'
import { gapOf, nameRegions, regionNamesOf } from '../maps/assignment/assignment.ts'
import type { AtlasVolumes } from '../maps/atlas-volumes.ts'
import type { MapGap } from '../maps/gaps.ts'
import { type Grid, sameGrid, voxelVolumeMm3 } from '../maps/grids/grid.ts'
import { resampleInSlices } from '../maps/grids/resample.ts'
import type { Connectivity } from '../maps/labels/components.ts'
import { loadSparseIndex } from '../maps/sparse/load-sparse-index.ts'
import { createSlices, endsStep, runInSlices, type Slices, type Steps } from '../slices.ts'
import type { Image } from '../volumes/image.ts'
import { type ComponentScores, compareWithIndex, compareWithLabels } from './compare-component.ts'
import { findComponents } from './components.ts'
import { type ComponentFacts, describeComponent } from './describe-component.ts'
import { fetchDrawnImages } from './drawn-regions.ts'

export interface AssignImageOptions {
  /** False: all of the image is one. */
  isSplit: boolean
  connectivity: Connectivity
  /** Voxels above it belong to components; at least 0. */
  threshold: number
  /** Smaller components are left out. */
  minVoxels: number
  minCorrelation?: number | undefined
  signal?: AbortSignal | undefined
  gaps?: MapGap[] | undefined
  /** Called with the grids of the map, before anything is compared. */
  onGrids?: ((grids: readonly Grid[]) => void) | undefined
}

/** A region that a component of an image shares voxels with. */
export interface AssignedComponent {
  /** From 1 in the order of a scan; 0 where nothing is split. */
  component: number
  facts: ComponentFacts
  /** Of the voxels in the map's grid. */
  voxelMm3: number
  /** Null where no region claims what the map draws there. */
  region: string | null
  scores: ComponentScores
}

interface Component {
  number: number
  voxels: Int32Array
  facts: ComponentFacts
}

/**
 * The regions that an image belongs to (siibra's Map.assign of a volume): resampled to the map's grid, nearest where it holds just 0 and 1, else
 * linear; split into connected components; each compared with each region, with the values of the image. In the columns of labelled maps, map and
 * input change places, as siibra has them.
 */
export async function assignImage(
  core: AtlasVolumes,
  map: ParcellationMap,
  image: Image,
  options: AssignImageOptions,
): Promise<AssignedComponent[]> {
  const slices = createSlices(options.signal)
  const rows =
    map.mapType === 'LABELLED'
      ? await assignToLabels(core, map, image, options, slices)
      : await assignToStatistical(core, map, image, options, slices)
  const { minCorrelation = Number.NEGATIVE_INFINITY } = options
  return rows.filter(({ scores }) => scores.correlation >= minCorrelation)
}

async function assignToLabels(
  core: AtlasVolumes,
  map: ParcellationMap,
  image: Image,
  options: AssignImageOptions,
  slices: Slices,
): Promise<AssignedComponent[]> {
  const drawn = await fetchDrawnImages(core, map, options)
  options.onGrids?.(drawn.map(({ image: { shape, voxelToWorldMm } }) => ({ shape, voxelToWorldMm })))
  const rows: AssignedComponent[] = []
  let last: { image: Image; components: Component[] } | undefined
  for (const { image: labels, namesOf } of drawn) {
    if (!last || !sameGrid(last.image, labels)) {
      const placed = await place(image, labels, slices)
      last = { image: placed, components: await runInSlices(splitImage(placed, options), slices) }
    }
    const voxelMm3 = voxelVolumeMm3(labels.voxelToWorldMm)
    for (const { number, voxels, facts } of last.components) {
      const pause = slices.pause()
      if (pause) await pause
      const found = await runInSlices(compareWithLabels(last.image, voxels, labels.runs), slices)
      for (const [label, scores] of found)
        for (const region of nameRegions(namesOf(label)))
          rows.push({ component: number, facts, voxelMm3, region, scores })
    }
  }
  return rows.sort((a, b) => a.component - b.component)
}

async function assignToStatistical(
  core: AtlasVolumes,
  map: ParcellationMap,
  image: Image,
  options: AssignImageOptions,
  slices: Slices,
): Promise<AssignedComponent[]> {
  const index = await loadSparseIndex(core, map, { signal: options.signal })
  options.gaps?.push(...index.missing.map((missing) => gapOf(map, missing)))
  options.onGrids?.([index])
  const placed = await place(image, index, slices)
  const namesOf = regionNamesOf(map)
  const voxelMm3 = voxelVolumeMm3(index.voxelToWorldMm)
  const rows: AssignedComponent[] = []
  for (const { number, voxels, facts } of await runInSlices(splitImage(placed, options), slices)) {
    const pause = slices.pause()
    if (pause) await pause
    const found = await runInSlices(compareWithIndex(placed, voxels, index, map.isSparse), slices)
    for (const [volume, scores] of found)
      for (const region of nameRegions(namesOf({ volume, label: null, fragment: null })))
        rows.push({ component: number, facts, voxelMm3, region, scores })
  }
  return rows
}

/** The image in a grid; what is not finite counts as 0. */
async function place(image: Image, grid: Grid, slices: Slices): Promise<Image> {
  const source = await runInSlices(withFinite(image), slices)
  const interpolation = (await runInSlices(isMask(source.data), slices)) ? 'nearest' : 'linear'
  return resampleInSlices(source, grid, { interpolation }, slices)
}

/** Voxels between two looks at the clock. */
const STEP_VOX = 1 << 16

function* withFinite(image: Image): Steps<Image> {
  const { data } = image
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return image
  let finite: typeof data | undefined
  for (let at = 0; at < data.length; at++) {
    if (!Number.isFinite(data[at]!)) {
      finite ??= data.slice()
      finite[at] = 0
    }
    if (endsStep(at, STEP_VOX)) yield
  }
  return finite ? { ...image, data: finite } : image
}

function* isMask(data: Image['data']): Steps<boolean> {
  for (let at = 0; at < data.length; at++) {
    if (data[at] !== 0 && data[at] !== 1) return false
    if (endsStep(at, STEP_VOX)) yield
  }
  return true
}

function* splitImage(
  image: Image,
  { isSplit, connectivity, threshold, minVoxels }: AssignImageOptions,
): Steps<Component[]> {
  // numpy compares float32 voxels with the threshold as float32
  const limit = image.dtype === 'float32' ? Math.fround(threshold) : threshold
  const isInside = (value: number) => value > limit
  const found = isSplit
    ? (yield* findComponents(image.data, image.shape, isInside, connectivity)).map(({ voxels }) => voxels)
    : [yield* voxelsOf(image.data, isInside)]
  const components: Component[] = []
  for (const [at, voxels] of found.entries()) {
    if (voxels.length === 0 || voxels.length < minVoxels) continue
    components.push({ number: isSplit ? at + 1 : 0, voxels, facts: yield* describeComponent(image, voxels) })
    yield
  }
  return components
}

function* voxelsOf(data: Image['data'], isInside: (value: number) => boolean): Steps<Int32Array> {
  let count = 0
  for (let at = 0; at < data.length; at++) {
    if (isInside(data[at]!)) count++
    if (endsStep(at, STEP_VOX)) yield
  }
  const voxels = new Int32Array(count)
  for (let at = 0, n = 0; n < count; at++) {
    if (isInside(data[at]!)) voxels[n++] = at
    if (endsStep(at, STEP_VOX)) yield
  }
  return voxels
}
