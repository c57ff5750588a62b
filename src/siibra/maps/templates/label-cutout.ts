import type { ParcellationMap, Region, Space } from '../../core/types.ts'
import { PYRAMID_FORMATS } from '../../core/volume-formats.ts'
import type { Image } from '../../volumes/image.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import type { Extent } from '../labels/extent.ts'
import { fetchLabelledMap } from '../labels/labelled-map.ts'
import { fetchRegionMask, maskImageInSlices, maskPartsOf } from '../labels/region-mask.ts'
import { describeVolume, requireLabels } from '../labels/require-labels.ts'
import { cropImage, fetchVolumeCutout, type VolumeCutoutOptions } from './volume-cutout.ts'

/** A part of a labelled map (`fetchLabelledMap`), of a pyramid at one of its scales. */
export async function fetchLabelledCutout(
  core: AtlasVolumes,
  map: ParcellationMap,
  options: VolumeCutoutOptions,
): Promise<Image> {
  const [volume, ...others] = map.volumes
  if (volume && others.length === 0)
    return requireLabels(await fetchVolumeCutout(core, volume, options), describeVolume(volume))
  return cropImage(await fetchLabelledMap(core, map, { signal: options.signal }), options)
}

/** A part of the mask of a region (`fetchRegionMask`), at the scale that is asked for where all of it is in one image of a pyramid. */
export async function fetchMaskCutout(
  core: AtlasVolumes,
  region: Region,
  space: Space,
  { extent, ...options }: VolumeCutoutOptions & { extent?: Extent | undefined },
): Promise<Image> {
  const { fragment, signal } = options
  const [part, ...others] = maskPartsOf(core, region, space, { extent, fragment })
  if (part && others.length === 0 && PYRAMID_FORMATS.some((format) => part.volume.providers[format])) {
    const cut = await fetchVolumeCutout(core, part.volume, { ...options, fragment: part.fragment ?? undefined })
    const { data, ...grid } = requireLabels(cut, describeVolume(part.volume))
    return { ...grid, data: Uint8Array.from(data, (label) => (part.labels.has(label) ? 1 : 0)), dtype: 'uint8' }
  }
  const mask = await fetchRegionMask(core, region, space, { extent, fragment, signal })
  return cropImage(await maskImageInSlices(mask, signal), options)
}
