import type { ParcellationMap } from '../../core/types.ts'
import type { Point } from '../../locations/point.ts'
import { warpPoints } from '../../locations/warp.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { loadSparseIndex } from '../sparse/load-sparse-index.ts'
import { assignToImages } from './assign-images.ts'
import { assignToIndex } from './assign-sparse.ts'
import { type Assignment, type AssignOptions, gapOf } from './assignment.ts'

/**
 * The regions of a map that a point belongs to (siibra's Map.assign): exactly, by the value at its voxel; with an
 * uncertainty of at least three voxels, by comparing the Gaussian around it with each map. A point outside gives no rows.
 * A volume of a statistical map that cannot be read costs its own regions (`gaps`); where none can be read, its failure is thrown.
 */
export async function assignPoint(
  core: AtlasVolumes,
  map: ParcellationMap,
  point: Point,
  options: AssignOptions = {},
): Promise<Assignment[]> {
  const { signal, gaps = [] } = options
  const [pointMm] = await warpPoints([point.coordinateMm], point.spaceId, map.space.id, core.retrieval, signal)
  if (!pointMm) return []
  const input = { pointMm, sigmaMm: point.sigmaMm }
  if (!map.isSparse) return assignToImages(core, map, input, options)
  const index = await loadSparseIndex(core, map, { signal })
  gaps.push(...index.missing.map((missing) => gapOf(map, missing)))
  return assignToIndex(map, index, input, options)
}
