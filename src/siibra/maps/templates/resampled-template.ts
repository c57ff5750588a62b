import type { ParcellationMap } from '../../core/types.ts'
import type { Image } from '../../volumes/image.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { gridOf } from '../grids/grid.ts'
import { resampleImage } from '../grids/resample.ts'
import { fetchLabelledMap, type LabelledMapOptions } from '../labels/labelled-map.ts'
import { fetchTemplate } from '../template.ts'

/** The template of the map's space in the voxels of the map, interpolated by cubic splines. */
export async function fetchResampledTemplate(
  core: AtlasVolumes,
  map: ParcellationMap,
  options: LabelledMapOptions = {},
): Promise<Image> {
  const [template, image] = await Promise.all([
    fetchTemplate(core, map.space, options.signal),
    fetchLabelledMap(core, map, options),
  ])
  return resampleImage(template, gridOf(image), { interpolation: 'continuous' })
}
