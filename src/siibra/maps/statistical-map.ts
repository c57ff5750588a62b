import type { ParcellationMap } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import type { Image } from '../volumes/image.ts'
import type { AtlasVolumes } from './atlas-volumes.ts'
import { findMapIndex } from './find-index.ts'

/**
 * The statistical map of one region. Of a sparse map it holds what siibra's sparse index keeps: the positive values, as
 * float32. Only the volume of this region is read.
 */
export async function fetchStatisticalMap(
  core: AtlasVolumes,
  map: ParcellationMap,
  region: string,
  signal?: AbortSignal,
): Promise<Image> {
  const { volume, fragment } = findMapIndex(map, region)
  const image = await core.volumes.fetchImage(map.volumes[volume]!, { fragment, signal })
  if (!map.isSparse) return image
  const data = new Float32Array(image.data.length)
  for (let at = 0; at < data.length; at++) if (image.data[at]! > 0) data[at] = image.data[at]!
  return { ...image, data, dtype: 'float32' }
}

/** Smallest and largest value of an image; NaN and infinities, which no colour scale can show, left out. BAD_DATA where it has no others. */
export function imageRange({ data }: Image): { min: number; max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!
    if (value < min && value !== Number.NEGATIVE_INFINITY) min = value
    if (value > max && value !== Number.POSITIVE_INFINITY) max = value
  }
  if (min <= max) return { min, max }
  throw new SiibraError('BAD_DATA', 'None of the values of this map is a finite number')
}
