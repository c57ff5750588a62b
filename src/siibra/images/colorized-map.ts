import type { MapIndex, ParcellationMap, Region } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import { fragmentsOf } from '../maps/assignment/assign-images.ts'
import { regionNamesOf } from '../maps/assignment/assignment.ts'
import type { AtlasVolumes } from '../maps/atlas-volumes.ts'
import { type Grid, sameGrid } from '../maps/grids/grid.ts'
import { resampleInSlices } from '../maps/grids/resample.ts'
import { fetchLabelImage, type LabelImage } from '../maps/labels/label-image.ts'
import { labelRunsInSlices } from '../maps/labels/label-runs.ts'
import { fetchLabelledMap } from '../maps/labels/labelled-map.ts'
import { createSlices, inSlices, type Slices } from '../slices.ts'
import type { Image } from '../volumes/image.ts'
import { colorizeLabels } from './colorize.ts'

/**
 * A labelled map with values instead of labels, float32, on the grid of `fetchLabelledMap`; 0 where a region has no value. siibra's
 * `colorize`, which wraps labels above 255 and takes the two sides of a map in fragments for one.
 * @param values Of regions and their parts (`inheritValues`). A label that several regions claim has the value of the deepest that has one.
 */
export async function fetchColorizedMap(
  core: AtlasVolumes,
  map: ParcellationMap,
  values: ReadonlyMap<Region, number>,
  signal?: AbortSignal,
): Promise<Image> {
  const [volume, ...others] = map.volumes
  if (!volume) throw new SiibraError('NOT_AVAILABLE', `The map '${map.name}' has no volumes`, { map: map.id })
  const slices = createSlices(signal)
  const valueFor = createValues(map, values)
  if (others.length > 0) {
    const joined = await fetchLabelledMap(core, map, { signal, keep: false })
    const names = [...map.indices.keys()]
    const image = { ...joined, runs: await labelRunsInSlices(joined, slices) }
    return colorized(image, (label) => valueFor([names[label - 1]!]))
  }
  const images: Image[] = []
  const namesOf = regionNamesOf(map)
  const grid = await core.volumes.fetchGrid(volume, { signal })
  for (const fragment of fragmentsOf(map)) {
    const image = await fetchLabelImage(core, volume, fragment, signal)
    const index = (label: number): MapIndex => ({ volume: 0, label, fragment })
    images.push(colorized(image, (label) => valueFor(namesOf(index(label)))))
  }
  return joinFragments(images, grid, slices)
}

function createValues({ parcellation }: ParcellationMap, values: ReadonlyMap<Region, number>) {
  const byName = new Map<string, { depth: number; value: number }>()
  for (const region of parcellation.regions) {
    const value = values.get(region)
    if (value !== undefined && !byName.has(region.name)) byName.set(region.name, { depth: region.depth, value })
  }
  return (names: readonly string[]): number | undefined => {
    const found = names.flatMap((name) => byName.get(name) ?? [])
    return found.reduce(
      (best, one) => (one.depth > best.depth ? one : best),
      found[0] ?? { depth: 0, value: undefined },
    ).value
  }
}

function colorized({ runs, shape, voxelToWorldMm }: LabelImage, valueOfLabel: (label: number) => number | undefined) {
  const size = shape.reduce((product, length) => product * length, 1)
  const data = colorizeLabels(runs, size, valueOfLabel)
  return { data, dtype: 'float32' as const, shape: [...shape], voxelToWorldMm }
}

/** All in one grid; where two draw something, the later one counts. */
async function joinFragments(images: readonly Image[], grid: Grid, slices: Slices): Promise<Image> {
  const [only, ...others] = images
  if (only && others.length === 0 && sameGrid(only, grid)) return only
  const data = new Float32Array(grid.shape.reduce((product, length) => product * length, 1))
  for (const image of images) {
    const placed = (await resampleInSlices(image, grid, { interpolation: 'nearest' }, slices)).data
    await inSlices(data.length, 1 << 18, slices, (from, to) => {
      for (let at = from; at < to; at++) if (placed[at] !== 0) data[at] = placed[at]!
    })
  }
  return { data, dtype: 'float32', shape: [...grid.shape], voxelToWorldMm: grid.voxelToWorldMm }
}
