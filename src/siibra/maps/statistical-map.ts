import type { ParcellationMap, Volume } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import { createSlices, inSlices } from '../slices.ts'
import type { Image } from '../volumes/image.ts'
import type { AtlasVolumes } from './atlas-volumes.ts'
import { findMapIndex } from './find-index.ts'
import type { Grid } from './grids/grid.ts'
import { findSparseIndex } from './sparse/load-sparse-index.ts'
import { createPositivesCollector, type Positives } from './sparse/positives.ts'
import { positivesOf } from './sparse/sparse-index.ts'

/**
 * The statistical map of one region. Of a sparse map it holds what siibra's sparse index keeps: the positive values, as float32. Only the
 * volume of this region is read; of a file that holds many, as far as that volume, unless there is an index of the map.
 */
export async function fetchStatisticalMap(
  core: AtlasVolumes,
  map: ParcellationMap,
  region: string,
  signal?: AbortSignal,
): Promise<Image> {
  const { volume: number, fragment } = findMapIndex(map, region)
  const volume = map.volumes[number]!
  if (!map.isSparse) return core.volumes.fetchImage(volume, { fragment, signal })
  const index = volume.z === null ? undefined : await findSparseIndex(core, map, signal)
  const isThere = index && !index.missing.some((missing) => missing.volume === number)
  return toImage(
    isThere ? { ...index, ...positivesOf(index, number) } : await loadPositives(core, volume, fragment, signal),
  )
}

type PlacedPositives = Grid & Positives

/** The positive values of one volume; kept, since they are few. */
function loadPositives(
  core: AtlasVolumes,
  volume: Volume,
  fragment: string | null,
  signal?: AbortSignal,
): Promise<PlacedPositives> {
  const key = JSON.stringify(['positives', volume.providers, volume.z, fragment])
  const load = async (shared: AbortSignal): Promise<PlacedPositives> => {
    let collector = createPositivesCollector()
    let grid: Grid | undefined
    const visit = () => {
      collector = createPositivesCollector()
      const begin = (head: Grid) => {
        grid = head
      }
      return { begin, see: collector.see }
    }
    await core.volumes.scan([volume], visit, { fragment, signal: shared })
    return { ...grid!, ...collector.take() }
  }
  const sizeOf = ({ voxel, value }: Positives) => voxel.byteLength + value.byteLength
  return core.volumes.keep(key, sizeOf, load, signal)
}

function toImage({ shape, voxelToWorldMm, voxel, value }: PlacedPositives): Image {
  const data = new Float32Array(shape[0]! * shape[1]! * shape[2]!)
  for (let entry = 0; entry < voxel.length; entry++) data[voxel[entry]!] = value[entry]!
  return { data, dtype: 'float32', shape: [...shape], voxelToWorldMm }
}

/** Voxels between two looks at the clock. */
const STEP_VOX = 1 << 17

/** Smallest and largest value of an image; NaN and infinities, which no colour scale can show, left out. BAD_DATA where it has no others. */
export async function imageRange({ data }: Image, signal?: AbortSignal): Promise<{ min: number; max: number }> {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  await inSlices(data.length, STEP_VOX, createSlices(signal), (from, to) => {
    for (let at = from; at < to; at++) {
      const value = data[at]!
      if (value < min && value !== Number.NEGATIVE_INFINITY) min = value
      if (value > max && value !== Number.POSITIVE_INFINITY) max = value
    }
  })
  if (min <= max) return { min, max }
  throw new SiibraError('BAD_DATA', 'None of the values of this map is a finite number')
}
