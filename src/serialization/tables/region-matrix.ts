import { type RegionMatrix, regionModelId } from '../../siibra/index.ts'
import type { Table } from '../../tables/table.ts'

/** A row for each region: its name and id, then what was measured. */
export function regionMatrixTable(name: string, { regions, columns, values }: RegionMatrix): Table {
  return {
    name,
    rows: regions.length,
    columns: [
      { name: 'region', type: 'text', values: regions.map((region) => region.name) },
      { name: 'region_id', type: 'text', values: regions.map(regionModelId) },
      ...columns.map((column, at) => {
        return { name: column, type: 'number' as const, values: values.map((row) => row[at] ?? null) }
      }),
    ],
  }
}
