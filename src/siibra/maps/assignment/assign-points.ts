import type { ParcellationMap } from '../../core/types.ts'
import { createSlices } from '../../slices.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { type Grid, gridOf } from '../grids/grid.ts'
import { fetchLabelImage } from '../labels/label-image.ts'
import { loadSparseIndex } from '../sparse/load-sparse-index.ts'
import { assignPoint } from './assign.ts'
import { fragmentsOf } from './assign-images.ts'
import { type AssignManyOptions, assignExactPoints, type PointHits } from './assign-many.ts'
import type { Assignment, AssignOptions } from './assignment.ts'
import { exactBelowMm } from './gaussian.ts'

/** Many points with their uncertainties. */
export interface UncertainPoints {
  /** x, y, z of each, mm, in the space of the map; not finite where a point is nowhere. */
  coordinatesMm: Float64Array
  /** Standard deviation of each, mm; 0 for exact ones. */
  sigmaMm: Float64Array
}

/** Which regions many points belong to. */
export interface AssignedPoints {
  /** Hits of those that are exact, or whose uncertainty is too small to count. */
  exact: PointHits
  /** Rows of the others by their number. */
  uncertain: ReadonlyMap<number, Assignment[]>
}

type Core = AtlasVolumes & Parameters<typeof assignPoint>[0] & Parameters<typeof loadSparseIndex>[0]

/**
 * The regions of a map that many points belong to: each as `assignPoint` has it. Exact ones take some microseconds, uncertain ones up to some
 * milliseconds each. A lower threshold concerns exact points in statistical maps.
 */
export async function assignPoints(
  core: Core,
  map: ParcellationMap,
  { coordinatesMm, sigmaMm }: UncertainPoints,
  options: AssignManyOptions & Pick<AssignOptions, 'onExact'> & { maxUncertain?: (count: number) => void } = {},
): Promise<AssignedPoints> {
  const { signal, gaps, onExact, maxUncertain } = options
  const { voxelToWorldMm } = await gridOfMap(core, map, signal)
  const leastMm = exactBelowMm(voxelToWorldMm)
  const uncertainPoints: number[] = []
  let isSmall = false
  for (let point = 0; point < sigmaMm.length; point++) {
    if (sigmaMm[point]! >= leastMm) uncertainPoints.push(point)
    else isSmall ||= sigmaMm[point]! > 0
  }
  if (isSmall) onExact?.(leastMm)
  maxUncertain?.(uncertainPoints.length)
  const exactMm = coordinatesMm.slice()
  for (const point of uncertainPoints) exactMm.fill(Number.NaN, 3 * point, 3 * point + 3)
  const exact = await assignExactPoints(core, map, exactMm, options)
  const uncertain = new Map<number, Assignment[]>()
  const slices = createSlices(signal)
  for (const [number, point] of uncertainPoints.entries()) {
    const pause = slices.pause()
    if (pause) await pause
    const [x, y, z] = coordinatesMm.subarray(3 * point, 3 * point + 3)
    if (![x, y, z].every(Number.isFinite)) continue
    const located = { coordinateMm: [x!, y!, z!] as const, sigmaMm: sigmaMm[point]!, spaceId: map.space.id }
    const rows = await assignPoint(core, map, located, { signal, ...(number === 0 ? { gaps } : {}) })
    uncertain.set(point, rows)
  }
  return { exact, uncertain }
}

/** The voxels in which the uncertainty of points is measured: of the first image of a map. */
async function gridOfMap(core: Core, map: ParcellationMap, signal?: AbortSignal): Promise<Grid> {
  if (map.isSparse) return loadSparseIndex(core, map, { signal })
  const [fragment = null] = fragmentsOf(map)
  const [volume] = map.volumes
  if (map.mapType === 'LABELLED') return fetchLabelImage(core, volume!, fragment, signal)
  return gridOf(await core.volumes.fetchImage(volume!, { fragment, signal }))
}
