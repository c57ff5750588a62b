import type { ParcellationMap } from '../../core/types.ts'
import type { Point } from '../../locations/point.ts'
import { warpPoints } from '../../locations/warp.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import type { MapGap } from '../gaps.ts'
import { loadSparseIndex } from '../sparse/load-sparse-index.ts'
import { assignToImages } from './assign-images.ts'
import { assignToIndex } from './assign-sparse.ts'
import { type Assignment, gapOf } from './assignment.ts'

export interface AssignOptions {
  signal?: AbortSignal | undefined
  /** Collects what is missing of the answer, since volumes of a statistical map could not be read. */
  gaps?: MapGap[] | undefined
  /** Called where the uncertainty of the point does not count, since it is smaller than this in the map's voxels. */
  onExact?: ((belowMm: number) => void) | undefined
}

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
