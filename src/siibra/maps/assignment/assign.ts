import type { ParcellationMap } from '../../core/types.ts'
import type { Point } from '../../locations/point.ts'
import { warpPoints } from '../../locations/warp.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { loadSparseIndex } from '../sparse/load-sparse-index.ts'
import { assignToImages } from './assign-images.ts'
import { assignToIndex } from './assign-sparse.ts'
import type { Assignment } from './assignment.ts'

/**
 * The regions of a map that a point belongs to (siibra's Map.assign): exactly, by the value at its voxel; with an
 * uncertainty of at least three voxels, by comparing the Gaussian around it with each map. A point outside gives no rows.
 */
export async function assignPoint(
  core: AtlasVolumes,
  map: ParcellationMap,
  point: Point,
  signal?: AbortSignal,
): Promise<Assignment[]> {
  const [pointMm] = await warpPoints([point.coordinateMm], point.spaceId, map.space.id, core.retrieval, signal)
  if (!pointMm) return []
  const input = { pointMm, sigmaMm: point.sigmaMm }
  return map.isSparse
    ? assignToIndex(map, await loadSparseIndex(core, map, { signal }), input)
    : assignToImages(core, map, input, signal)
}
