import { REGION_COLUMNS, type RegionColumn } from '../../models/region-tables.ts'
import type { RegionMeasures, RegionRow } from '../../siibra/index.ts'
import type { Column, ColumnType, Table } from '../../tables/table.ts'

/** A region with what was measured of it: nothing where it has no voxels, or nobody asked. */
export interface MeasuredRow {
  row: RegionRow
  measures: RegionMeasures | undefined
}

const axisOf = (name: string) => ['_x_', '_y_', '_z_'].findIndex((axis) => name.includes(axis))

const MEASURES = {
  voxels: ({ voxels }: RegionMeasures) => voxels,
  volume_mm3: ({ volumeMm3 }: RegionMeasures) => volumeMm3,
  components: ({ components }: RegionMeasures) => components,
}
const TYPES: Partial<Record<RegionColumn, ColumnType>> = {
  path: 'json',
  depth: 'integer',
  order: 'integer',
  is_leaf: 'boolean',
  label: 'integer',
  volume: 'integer',
  voxels: 'integer',
  volume_mm3: 'number',
  components: 'integer',
}

function cell({ row, measures }: MeasuredRow, column: RegionColumn): unknown {
  // a name that is empty is none
  if (column in row) return row[column as keyof RegionRow] === '' ? null : row[column as keyof RegionRow]
  if (measures === undefined) return null
  if (column in MEASURES) return MEASURES[column as keyof typeof MEASURES](measures)
  const { centroidMm, lowMm, highMm } = measures
  const point = column.startsWith('centroid') ? centroidMm : column.startsWith('bbox_min') ? lowMm : highMm
  return point[axisOf(column)]
}

/** Regions and what is known of them, one a row. As TSV it is a BIDS `dseg.tsv`: `index` (the label), `name` and `color` come first. */
export function regionsTable(rows: readonly MeasuredRow[], names: readonly RegionColumn[]): Table {
  const column = (name: RegionColumn, shown: string = name): Column => ({
    name: shown,
    type: TYPES[name] ?? (axisOf(name) >= 0 ? 'number' : 'text'),
    values: rows.map((row) => cell(row, name)),
  })
  const table = { name: 'regions', rows: rows.length, columns: names.map((name) => column(name)) }
  const first: readonly RegionColumn[] = ['name', 'color']
  const others = names.filter((name) => !first.includes(name))
  const asTsv: Table = {
    ...table,
    name: 'dseg',
    index: null,
    missing: 'n/a',
    columns: [column('label', 'index'), ...[...first, ...others].map((name) => column(name))],
  }
  return { ...table, asTsv }
}

/** The columns of a table, in which measures stand only where there is a space. */
export const columnsOf = (withMeasures: boolean, measureNames: readonly RegionColumn[]): RegionColumn[] =>
  REGION_COLUMNS.filter((name) => withMeasures || !measureNames.includes(name))
