/** Values of an image by region, as nilearn's maskers give them (0.14). */
import type { ParcellationMap } from '../core/types.ts'
import { gapOf, regionNamesOf } from '../maps/assignment/assignment.ts'
import type { AtlasVolumes } from '../maps/atlas-volumes.ts'
import type { MapGap } from '../maps/gaps.ts'
import { type Grid, sameGrid, voxelAt, voxelIndex } from '../maps/grids/grid.ts'
import { resampleInSlices } from '../maps/grids/resample.ts'
import { loadSparseIndex } from '../maps/sparse/load-sparse-index.ts'
import { positivesOf, type SparseIndex } from '../maps/sparse/sparse-index.ts'
import type { Slices } from '../slices.ts'
import { multiplyAffines, perAxis, translationAffine } from '../volumes/affine.ts'
import type { Image } from '../volumes/image.ts'
import { type DrawnImage, fetchDrawnImages } from './drawn-regions.ts'
import { createMapFit, type SparseMap } from './map-signals.ts'
import { groupByRegion, type Reduction, type RegionVoxels, reduceByRegion } from './region-values.ts'

export interface ImageValuesOptions {
  /** Grid of all volumes of the image. */
  grid: Grid
  /** Of labelled maps. */
  reduction: Reduction
  /** Whether the map comes to the image's grid, or the image to that of the map. */
  target: 'data' | 'labels'
  slices: Slices
  signal?: AbortSignal | undefined
}

/** Reads values of one volume after the other. */
export interface ImageValues {
  /** Names of the regions, one for each label that is drawn. */
  regions: string[]
  /** Grids of the map. */
  grids: Grid[]
  /** What could not be read of the map: its regions are left out. Of a statistical map the others are fitted without them. */
  gaps: MapGap[]
  /** One value for each region; NaN where it has no voxel. */
  valuesOf(volume: Image): Promise<Float64Array>
}

/**
 * Prepares the reading of values by the regions of a map. Labelled maps: as NiftiLabelsMasker, to `data` the labels go by nearest neighbour,
 * to `labels` the image by its third-order spline. Statistical maps: as NiftiMapsMasker, to `data` the maps go by linear interpolation.
 */
export function createImageValues(
  core: AtlasVolumes,
  map: ParcellationMap,
  options: ImageValuesOptions,
): Promise<ImageValues> {
  return map.mapType === 'LABELLED' ? valuesByLabel(core, map, options) : valuesByMap(core, map, options)
}

async function valuesByLabel(
  core: AtlasVolumes,
  map: ParcellationMap,
  { grid, reduction, target, slices, signal }: ImageValuesOptions,
): Promise<ImageValues> {
  const gaps: MapGap[] = []
  const drawn = await fetchDrawnImages(core, map, { signal, gaps })
  const regions: string[] = []
  const parts: { grid: Grid; voxels: RegionVoxels; names: string[][] }[] = []
  for (const one of drawn) {
    const { names, numbers } = numberLabels(one)
    const labels = spreadNumbers(one, numbers)
    const placed =
      target === 'data' ? await resampleInSlices(labels, grid, { interpolation: 'nearest' }, slices) : labels
    parts.push({
      grid: target === 'data' ? grid : one.image,
      voxels: groupByRegion(placed.data, names.length),
      names,
    })
    regions.push(...names.flat())
  }
  const order = orderOfMap(map, regions)
  return {
    regions: order.map((at) => regions[at]!),
    grids: drawn.map(({ image }) => image),
    gaps,
    async valuesOf(volume) {
      const values: number[] = []
      let placed: Image | undefined
      for (const part of parts) {
        if (!placed || !sameGrid(placed, part.grid))
          placed = await resampleInSlices(volume, part.grid, { interpolation: 'continuous', clip: true }, slices)
        const found = reduceByRegion(placed.data, part.voxels, reduction)
        for (const [number, names] of part.names.entries()) for (const _ of names) values.push(found[number]!)
      }
      return Float64Array.from(order, (at) => values[at]!)
    },
  }
}

/** Labels that regions claim, numbered from 1, and the names of each. */
function numberLabels({ image, namesOf }: DrawnImage) {
  const names: string[][] = []
  const numbers = new Map<number, number>()
  for (const label of [...image.runs.sizeVox.keys()].sort((a, b) => a - b)) {
    const found = namesOf(label)
    if (found.length > 0) numbers.set(label, names.push(found))
  }
  return { names, numbers }
}

function spreadNumbers({ image }: DrawnImage, numbers: ReadonlyMap<number, number>): Image {
  const { runs, shape, voxelToWorldMm } = image
  const data = new Int32Array(shape.reduce((product, size) => product * size, 1))
  for (let run = 0; run < runs.startVox.length; run++) {
    const number = numbers.get(runs.label[run]!)
    if (number !== undefined) data.fill(number, runs.startVox[run]!, runs.startVox[run]! + runs.lengthVox[run]!)
  }
  return { data, dtype: 'int32', shape: [...shape], voxelToWorldMm }
}

/** Positions of the regions in the order in which the map lists them. */
function orderOfMap({ indices }: ParcellationMap, regions: readonly string[]): number[] {
  const rank = new Map([...indices.keys()].map((name, at) => [name, at]))
  return regions
    .map((name, at) => ({ at, rank: rank.get(name) ?? 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ at }) => at)
}

async function valuesByMap(
  core: AtlasVolumes,
  map: ParcellationMap,
  { grid, target, slices, signal }: ImageValuesOptions,
): Promise<ImageValues> {
  const index = await loadSparseIndex(core, map, { signal })
  const missing = new Set(index.missing.map(({ volume }) => volume))
  const namesOf = regionNamesOf(map)
  const fitted: SparseMap[] = []
  const regions: string[] = []
  const place = target === 'data' ? grid : index
  for (const volume of index.volumes.keys()) {
    const [name] = namesOf({ volume, label: null, fragment: null })
    if (name === undefined || missing.has(volume)) continue
    regions.push(name)
    fitted.push(await placeMap(index, volume, place, slices))
  }
  const fit = createMapFit(
    fitted,
    place.shape.reduce((product, size) => product * size, 1),
  )
  return {
    regions,
    grids: [index],
    gaps: index.missing.map((one) => gapOf(map, one)),
    async valuesOf(volume) {
      const placed = await resampleInSlices(volume, place, { interpolation: 'continuous', clip: true }, slices)
      return fit.fit(placed.data)
    },
  }
}

/** Voxels around what a map draws that interpolation looks at. */
const MARGIN_VOX = 2

/** One statistical map in a grid; of its own grid only the box that it fills is interpolated. */
async function placeMap(index: SparseIndex, volume: number, grid: Grid, slices: Slices): Promise<SparseMap> {
  const { voxel, value } = positivesOf(index, volume)
  const { bounds } = index.volumes[volume]!
  if (!bounds || sameGrid(index, grid)) return { voxels: Int32Array.from(voxel), values: value }
  const low = perAxis((axis) => Math.max(0, bounds.low[axis] - MARGIN_VOX))
  const shape = bounds.high.map((at, axis) => Math.min(index.shape[axis]!, at + MARGIN_VOX + 1) - low[axis]!)
  const data = new Float32Array(shape[0]! * shape[1]! * shape[2]!)
  for (const [n, at] of voxel.entries()) {
    const [i, j, k] = voxelAt(at, index.shape)
    data[voxelIndex([i - low[0], j - low[1], k - low[2]], shape)] = value[n]!
  }
  const voxelToWorldMm = multiplyAffines(index.voxelToWorldMm, translationAffine(low))
  const box: Image = { data, dtype: 'float32', shape, voxelToWorldMm }
  const placed = (await resampleInSlices(box, grid, { interpolation: 'linear' }, slices)).data
  const voxels: number[] = []
  const values: number[] = []
  for (let at = 0; at < placed.length; at++) {
    if (!(placed[at]! > 0)) continue
    voxels.push(at)
    values.push(placed[at]!)
  }
  return { voxels: Int32Array.from(voxels), values: Float64Array.from(values) }
}
