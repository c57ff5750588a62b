import type { BestViewPoint } from '../../models/core.ts'
import type { AtlasCore, Region, Space } from '../../siibra/index.ts'

/**
 * The centroid of the largest component of the region's mask in the space; `undefined` where the region is not mapped
 * there. The one place where a metadata answer needs a volume.
 */
export async function bestViewPoint(
  _core: AtlasCore,
  _region: Region,
  _space: Space,
  _signal: AbortSignal,
): Promise<BestViewPoint | undefined> {
  return undefined
}
