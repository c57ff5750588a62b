import type { ParcellationMap } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import { createSlices } from '../../slices.ts'
import type { Image } from '../../volumes/image.ts'
import { gzipNifti } from '../../volumes/nifti/gzip.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import type { Grid } from '../grids/grid.ts'
import { resampleInSlices, resamplingBytes } from '../grids/resample.ts'
import type { LabelledMapOptions } from '../labels/labelled-map.ts'
import { fetchTemplate } from '../template.ts'

/** The template of the map's space in the voxels of the map, interpolated by cubic splines. */
export function fetchResampledTemplate(
  core: AtlasVolumes,
  map: ParcellationMap,
  options: LabelledMapOptions = {},
): Promise<Image> {
  return withResampledTemplate(core, map, options, async (image) => image)
}

/** The same as a `.nii.gz` file, which is kept: its voxels take seconds, and ten times its room. */
export function fetchResampledTemplateFile(
  core: AtlasVolumes,
  map: ParcellationMap,
  { fragment, signal }: LabelledMapOptions = {},
): Promise<Uint8Array> {
  const write = (shared: AbortSignal) =>
    withResampledTemplate(core, map, { fragment, signal: shared }, (image) => gzipNifti(image, shared))
  const key = JSON.stringify(['resampled template', map.id, fragment])
  return core.volumes.keep(key, ({ length }) => length, write, signal)
}

/** The memory that it takes counts as taken until `use` is through with it. */
async function withResampledTemplate<T>(
  core: AtlasVolumes,
  map: ParcellationMap,
  options: LabelledMapOptions,
  use: (image: Image) => Promise<T>,
): Promise<T> {
  const { signal } = options
  const template = await fetchTemplate(core, map.space, signal)
  const grid = await gridOfMap(core, map, template, options)
  const free = await core.volumes.takeMemory(resamplingBytes(template, grid, 'continuous'), signal)
  try {
    return await use(await resampleInSlices(template, grid, { interpolation: 'continuous' }, createSlices(signal)))
  } finally {
    free()
  }
}

/** A map of several volumes is drawn in the voxels of the template (`fetchLabelledMap`). */
async function gridOfMap(
  core: AtlasVolumes,
  map: ParcellationMap,
  template: Image,
  options: LabelledMapOptions,
): Promise<Grid> {
  const [volume, ...others] = map.volumes
  if (!volume) throw new SiibraError('NOT_AVAILABLE', `The map '${map.name}' has no volumes`, { map: map.id })
  return others.length > 0 ? template : core.volumes.fetchGrid(volume, options)
}
