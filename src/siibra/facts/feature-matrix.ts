import type { AtlasCore } from '../atlas/atlas-core.ts'
import type { Parcellation, Region } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import { featureIndex } from '../features/catalogue.ts'
import { columnOf, type Frame } from '../features/data/frame.ts'
import type { PreconfiguredFeature } from '../features/feature.ts'
import { loadTable, type TabularFeature } from '../features/load/load-table.ts'

/** Types of features whose tables have one mean per row label, which becomes a column of the matrix. */
const MATRIX_TYPES = ['ReceptorDensityFingerprint', 'LayerwiseCellDensity', 'RegionalValues'] as const

/** One number for each region and column. */
export interface RegionMatrix {
  /** In the order of the tree. */
  regions: readonly Region[]
  columns: readonly string[]
  /** Row by row; null where nothing was measured. */
  values: readonly (readonly (number | null)[])[]
}

/**
 * Regions by receptors (fmol/mg), by layers of the cortex (detected cells per 0.1 mm3), or by what a table has of them, in the
 * order in which these first occur. The mean where several features are about one region.
 */
export interface FeatureMatrix extends RegionMatrix {
  features: readonly PreconfiguredFeature[]
}

/**
 * What was measured in the regions of a parcellation, in one table. A region has a row where a feature is anchored at it
 * itself. Throws INVALID_PARAMETER for types without such tables, UPSTREAM_UNAVAILABLE where one of them cannot be had:
 * a mean over the others would be another number.
 */
export async function loadFeatureMatrix(
  core: AtlasCore,
  parcellation: Parcellation,
  type: string,
  signal?: AbortSignal,
): Promise<FeatureMatrix> {
  if (!(MATRIX_TYPES as readonly string[]).includes(type)) {
    throw new SiibraError('INVALID_PARAMETER', `type: there is no matrix of ${type}`, {
      parameter: 'type',
      allowed: [...MATRIX_TYPES],
    })
  }
  const index = await featureIndex(core)
  const features = index.ofRegion(parcellation).filter((feature) => feature.type === type)
  const tabled = await Promise.all(
    features.map(async (feature) => ({
      anchor: feature.anchor,
      table: await loadTable(core.retrieval, feature as TabularFeature, signal),
    })),
  )
  const columns = [...new Set(tabled.flatMap(({ table }) => table.index.map(String)))]
  const means = new Map<Region, Mean[]>()
  for (const { anchor, table } of tabled)
    for (const { region } of index.regionsOf(anchor))
      if (region.parcellation === parcellation && region !== parcellation)
        addTable(rowOf(means, region, columns.length), columns, table)
  const regions = parcellation.regions.filter((region) => means.has(region))
  const values = regions.map((region) =>
    (means.get(region) ?? []).map(({ sum, count }) => (count ? sum / count : null)),
  )
  return { regions, columns, values, features }
}

interface Mean {
  sum: number
  count: number
}

function rowOf(means: Map<Region, Mean[]>, region: Region, length: number): Mean[] {
  const row = means.get(region) ?? Array.from({ length }, () => ({ sum: 0, count: 0 }))
  means.set(region, row)
  return row
}

function addTable(row: readonly Mean[], columns: readonly string[], table: Frame): void {
  const values = (columnOf(table, 'mean') ?? table.columns[0])?.values ?? []
  table.index.forEach((label, i) => {
    const cell = row[columns.indexOf(String(label))]
    const value = values[i]
    if (!cell || typeof value !== 'number') return
    cell.sum += value
    cell.count++
  })
}
