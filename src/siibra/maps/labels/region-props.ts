import { isMappedIn } from '../../core/supported-spaces.ts'
import type { Region, Space } from '../../core/types.ts'
import { createByteBoundedCache } from '../../retrieval/cache/byte-bounded-cache.ts'
import { oncePer } from '../../retrieval/cache/once-per.ts'
import { createSlices, runInSlices } from '../../slices.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { defaultExtent } from './extent.ts'
import { findRegionMask, type RegionMaskOptions } from './region-mask.ts'
import { measureMask, type SpatialProps } from './spatial-props.ts'

const CACHE_BYTES = 16 * 1024 ** 2
/** About what a component takes in memory. */
const COMPONENT_BYTES = 128

/**
 * Centroids and volumes of the components of a region in a space, the largest first; none where the region has no mask
 * there (siibra's spatial_props). Kept, so that a second click on a region reads no volume.
 */
export async function regionSpatialProps(
  core: AtlasVolumes,
  region: Region,
  space: Space,
  { extent = defaultExtent(region.parcellation), signal }: RegionMaskOptions = {},
): Promise<SpatialProps[]> {
  if (extent !== 'drawn' && !isMappedIn(core, region, space)) return []
  const cache = oncePer(core.maps, createSpatialProps)
  const key = JSON.stringify([region.parcellation.id, region.id, region.name, space.id, extent])
  return cache.load(key, (shared) => measure(core, region, space, { extent, signal: shared }), signal)
}

async function measure(core: AtlasVolumes, region: Region, space: Space, options: RegionMaskOptions) {
  const mask = await findRegionMask(core, region, space, options)
  if (!mask) return []
  return runInSlices(measureMask(mask.runs, mask.shape, mask.voxelToWorldMm), createSlices(options.signal))
}

function createSpatialProps(_: AtlasVolumes['maps']) {
  return createByteBoundedCache<SpatialProps[]>({
    maxBytes: CACHE_BYTES,
    sizeOf: (components) => (components.length + 4) * COMPONENT_BYTES,
  })
}
