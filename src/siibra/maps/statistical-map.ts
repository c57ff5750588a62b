import type { ParcellationMap } from '../core/types.ts'
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

/** Smallest and largest value of an image, NaN left out. */
export function imageRange({ data }: Image): { min: number; max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!
    if (value < min) min = value
    if (value > max) max = value
  }
  return { min, max }
}
