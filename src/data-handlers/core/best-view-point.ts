import type { BestViewPoint } from '../../models/core.ts'
import { serializeBestViewPoint } from '../../serialization/regions.ts'
import { type AtlasCore, type Extent, type Region, regionSpatialProps, type Space } from '../../siibra/index.ts'

/**
 * The centroid of the largest component of the region's mask in the space; `undefined` where the region is not mapped
 * there. The one place where a metadata answer needs a volume.
 */
export async function bestViewPoint(
  core: AtlasCore,
  region: Region,
  space: Space,
  options: { extent: Extent | undefined; signal: AbortSignal },
): Promise<BestViewPoint | undefined> {
  const [largest] = await regionSpatialProps(core, region, space, options)
  return largest && serializeBestViewPoint(space, largest.centroidMm)
}
