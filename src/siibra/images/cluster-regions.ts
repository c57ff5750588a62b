import type { ParcellationMap } from '../core/types.ts'
import { assignExactPoints, type PointHits } from '../maps/assignment/assign-many.ts'
import { regionNamesOf } from '../maps/assignment/assignment.ts'
import type { AtlasVolumes } from '../maps/atlas-volumes.ts'
import { voxelAt } from '../maps/grids/grid.ts'
import { applyAffine } from '../volumes/affine.ts'
import type { Image } from '../volumes/image.ts'
import type { Cluster } from './clusters.ts'

/** Regions of a cluster in one labelled map. */
export interface ClusterRegions {
  /** Name of the region at each peak; null where there is none. */
  ofPeaks: (string | null)[]
  /** The part of the cluster's voxels whose centres lie in each region, the largest first; together at most 1 of a map without overlaps. */
  shares: { region: string; share: number }[]
}

/** For each cluster of an image what a labelled map draws at its peaks, and at the centres of its voxels. */
export async function regionsOfClusters(
  core: AtlasVolumes,
  map: ParcellationMap,
  image: Image,
  clusters: readonly Cluster[],
  signal?: AbortSignal,
): Promise<ClusterRegions[]> {
  const peaks = clusters.flatMap((cluster) => cluster.peaks.map(({ pointMm }) => pointMm))
  const namesOfPeaks = namesByPoint(
    map,
    await assignExactPoints(core, map, Float64Array.from(peaks.flat()), { signal }),
  )
  const found: ClusterRegions[] = []
  let peak = 0
  for (const cluster of clusters) {
    const ofPeaks = cluster.peaks.map(() => namesOfPeaks.get(peak++) ?? null)
    const hits = await assignExactPoints(core, map, centresOf(image, cluster.voxels), { signal })
    found.push({ ofPeaks, shares: sharesOf(map, hits, cluster.voxels.length) })
  }
  return found
}

function namesByPoint(map: ParcellationMap, { point, place, places }: PointHits): Map<number, string> {
  const namesOf = regionNamesOf(map)
  const names = new Map<number, string>()
  for (let hit = 0; hit < point.length; hit++) {
    const [name] = namesOf(places[place[hit]!]!)
    if (name !== undefined && !names.has(point[hit]!)) names.set(point[hit]!, name)
  }
  return names
}

function sharesOf(map: ParcellationMap, { place, places }: PointHits, voxels: number): ClusterRegions['shares'] {
  const counts = new Map<string, number>()
  const namesOf = regionNamesOf(map)
  const hitsOf = new Float64Array(places.length)
  for (const at of place) hitsOf[at]!++
  for (const [at, index] of places.entries()) {
    const [name] = namesOf(index)
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + hitsOf[at]!)
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([region, count]) => ({ region, share: count / voxels }))
}

function centresOf({ shape, voxelToWorldMm }: Image, voxels: Int32Array): Float64Array {
  const centres = new Float64Array(3 * voxels.length)
  for (const [n, at] of voxels.entries()) centres.set(applyAffine(voxelToWorldMm, voxelAt(at, shape)), 3 * n)
  return centres
}
