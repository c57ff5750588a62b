import type { AtlasCore } from '../atlas/atlas-core.ts'
import { isMappedIn } from '../core/supported-spaces.ts'
import type { Parcellation, Region, Space } from '../core/types.ts'
import { isPointInside, loadRegionVoxels } from '../features/anchors/region-voxels.ts'
import type { PointMm } from '../features/location.ts'
import type { Measurement } from '../livequeries/allen.ts'
import { findReferenceSpace } from '../livequeries/reference-space.ts'
import { createSlices } from '../slices.ts'
import type { RegionMatrix } from './feature-matrix.ts'

export type ExpressionMeasure = 'level' | 'zscore'

/**
 * Regions that a labelled map draws in MNI 152 by genes: the means over all probes and samples of all donors. How genes are expressed in the regions of a parcellation, as the gene expressions of each region have it: microarray data of
 * the Allen Human Brain Atlas. One query for each gene, whatever the number of regions. Throws NOT_FOUND for unknown genes,
 * UPSTREAM_UNAVAILABLE. No rows where nothing is drawn in MNI 152, or the species is not human.
 */
export async function loadGeneMatrix(
  core: AtlasCore,
  parcellation: Parcellation,
  genes: readonly string[],
  { measure = 'level', signal }: { measure?: ExpressionMeasure | undefined; signal?: AbortSignal | undefined } = {},
): Promise<RegionMatrix> {
  const { loadGenes } = await import('../livequeries/allen.ts')
  const measured = await loadGenes(core.retrieval, genes, signal)
  const symbols = [...measured.keys()]
  const space = findReferenceSpace(core, 'mni152')
  if (parcellation.species !== 'Homo sapiens' || !space) return { regions: [], columns: symbols, values: [] }
  const samples = [...measured.values()].map((measurements) => groupBySample(measurements, measure))
  const places = new Map<string, PointMm>()
  for (const measurements of measured.values()) for (const one of measurements) places.set(sampleOf(one), one.mniMm)
  const regions: Region[] = []
  const values: (number | null)[][] = []
  for (const region of drawnRegions(core, parcellation, space)) {
    const inside = await samplesIn(core, region, space, places, signal)
    if (!inside) continue
    regions.push(region)
    values.push(samples.map((bySample) => meanOf(inside.flatMap((sample) => bySample.get(sample) ?? []))))
  }
  return { regions, columns: symbols, values }
}

const sampleOf = ({ donorName, sample }: Measurement): string => `${donorName} ${sample}`

/** What the probes of one gene measured in each sample. */
function groupBySample(measurements: readonly Measurement[], measure: ExpressionMeasure): Map<string, number[]> {
  const samples = new Map<string, number[]>()
  for (const one of measurements) {
    const value = measure === 'level' ? one.level : one.zScore
    if (value === null) continue
    const known = samples.get(sampleOf(one))
    if (known) known.push(value)
    else samples.set(sampleOf(one), [value])
  }
  return samples
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

function drawnRegions(core: AtlasCore, parcellation: Parcellation, space: Space): Region[] {
  const maps = core.maps.all.filter(
    (map) => map.parcellation === parcellation && map.space === space && map.mapType === 'LABELLED',
  )
  return parcellation.regions.filter(
    (region) =>
      region !== parcellation &&
      maps.some(({ indices }) => indices.has(region.name)) &&
      isMappedIn(core, region, space),
  )
}

/** The samples that were taken in a region; undefined where it has no voxels. Gives way between two looks. */
async function samplesIn(
  core: AtlasCore,
  region: Region,
  space: Space,
  places: ReadonlyMap<string, PointMm>,
  signal?: AbortSignal,
): Promise<string[] | undefined> {
  const slices = createSlices(signal)
  const voxels = await loadRegionVoxels(core, region, space, signal)
  await slices.pause()
  return voxels && [...places].flatMap(([sample, place]) => (isPointInside(voxels, place) ? [sample] : []))
}
