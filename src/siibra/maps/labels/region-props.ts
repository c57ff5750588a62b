import { isMappedIn } from '../../core/supported-spaces.ts'
import type { Region, Space } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import { createByteBoundedCache } from '../../retrieval/cache/byte-bounded-cache.ts'
import { oncePer } from '../../retrieval/cache/once-per.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { fetchRegionMask } from './region-mask.ts'
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
  signal?: AbortSignal,
): Promise<SpatialProps[]> {
  if (!isMappedIn(core, region, space)) return []
  const cache = oncePer(core.maps, createSpatialProps)
  const key = JSON.stringify([region.parcellation.id, region.id, region.name, space.id])
  return cache.load(key, (shared) => measure(core, region, space, shared), signal)
}

async function measure(core: AtlasVolumes, region: Region, space: Space, signal: AbortSignal) {
  try {
    const { runs, shape, voxelToWorldMm } = await fetchRegionMask(core, region, space, signal)
    return measureMask(runs, shape, voxelToWorldMm)
  } catch (thrown) {
    if (thrown instanceof SiibraError && thrown.code === 'NOT_AVAILABLE') return []
    throw thrown
  }
}

function createSpatialProps(_: AtlasVolumes['maps']) {
  return createByteBoundedCache<SpatialProps[]>({
    maxBytes: CACHE_BYTES,
    sizeOf: (components) => (components.length + 4) * COMPONENT_BYTES,
  })
}
