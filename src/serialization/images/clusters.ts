import type { Cluster, ClusterRegions, ParcellationMap } from '../../siibra/index.ts'
import type { Column, ColumnType, Table } from '../../tables/table.ts'

/** The regions of clusters in one map. */
export interface ClusterPart {
  map: ParcellationMap
  regions: readonly ClusterRegions[]
}

interface Row {
  cluster: number
  /** Number of the peak in its cluster; what is told of the cluster stands at the first. */
  peak: number
}

/**
 * A row for each peak, as nilearn's table; then two columns for each parcellation, `{its name}` (the region of the peak) and `{its name}: shares`
 * (of the regions in the cluster).
 */
export function clustersTable(clusters: readonly Cluster[], parts: readonly ClusterPart[]): Table {
  const rows: Row[] = clusters.flatMap(({ peaks }, cluster) => peaks.map((_, peak) => ({ cluster, peak })))
  const column = (name: string, type: ColumnType, of: (row: Row) => unknown): Column => ({
    name,
    type,
    values: rows.map(of),
  })
  const peakOf = ({ cluster, peak }: Row) => clusters[cluster]?.peaks[peak]
  const ofFirst = (row: Row, of: unknown) => (row.peak === 0 ? of : null)
  return {
    name: 'clusters',
    rows: rows.length,
    columns: [
      column('cluster_id', 'text', (row) => peakOf(row)?.id),
      column('x_mm', 'number', (row) => peakOf(row)?.pointMm[0]),
      column('y_mm', 'number', (row) => peakOf(row)?.pointMm[1]),
      column('z_mm', 'number', (row) => peakOf(row)?.pointMm[2]),
      column('peak_value', 'number', (row) => peakOf(row)?.value),
      column('cluster_size_mm3', 'number', (row) => ofFirst(row, clusters[row.cluster]?.sizeMm3)),
      ...parts.flatMap(({ map: { parcellation }, regions }) => [
        column(parcellation.name, 'text', ({ cluster, peak }) => regions[cluster]?.ofPeaks[peak]),
        column(`${parcellation.name}: shares`, 'json', (row) => ofFirst(row, regions[row.cluster]?.shares)),
      ]),
    ],
  }
}
