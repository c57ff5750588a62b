/** Tables and matrices, as pandas would hold them; the little of it that features need. */
import { formatPythonFloat, formatPythonFloat32 } from './python-format.ts'

/** How the values of a column are written into CSV files: `float32` has fewer digits, `int64` no decimal point. */
export type ColumnType = 'float64' | 'float32' | 'int64' | 'object'

/** A value of a table; `null` stands for a missing one (NaN). Coordinates are triples. */
export type Cell = number | string | null | readonly number[]

export interface Column {
  name: string
  type: ColumnType
  values: readonly Cell[]
}

/** Rows with labels; all columns are as long as the index. */
export interface Frame {
  /** Heading of the index in CSV files. */
  indexName: string | null
  /** How index values are written into CSV files. */
  indexType: ColumnType
  index: readonly (number | string)[]
  columns: readonly Column[]
}

/** A matrix of numbers in row-major order: value (r, c) is `values[r * columnCount + c]`; NaN where missing. */
export interface Matrix {
  rowCount: number
  columnCount: number
  values: Float64Array
  /** Whether all values were written without a decimal point. */
  integral: boolean
}

/** The row labels that pandas gives where a file has none: 0, 1, 2 ... */
export const rangeIndex = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

export function columnOf(frame: Frame, name: string): Column | undefined {
  return frame.columns.find((column) => column.name === name)
}

/** Row by row, as answers hold a table. */
export function rowsOf(frame: Frame): Cell[][] {
  return frame.index.map((_, row) => frame.columns.map((column) => column.values[row] ?? null))
}

/** Row by row, NaN as null. */
export function matrixRows(matrix: Matrix): (number | null)[][] {
  const { rowCount, columnCount, values } = matrix
  const rows: (number | null)[][] = []
  for (let r = 0; r < rowCount; r++) {
    const row: (number | null)[] = new Array(columnCount)
    for (let c = 0; c < columnCount; c++) {
      const value = values[r * columnCount + c]!
      row[c] = Number.isFinite(value) ? value : null
    }
    rows.push(row)
  }
  return rows
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

function formatCell(value: Cell | undefined, type: ColumnType): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'number') return quoted(`(${value.map(formatPythonFloat).join(', ')})`)
  if (Number.isNaN(value)) return ''
  if (type === 'int64') return String(value)
  return type === 'float32' ? formatPythonFloat32(value) : formatPythonFloat(value)
}

/** The table as pandas' `to_csv` writes it. */
export function formatFrameCsv(frame: Frame): string {
  const lines = [[frame.indexName ?? '', ...frame.columns.map((column) => column.name)].map(quoted).join(',')]
  frame.index.forEach((label, row) => {
    const cells = frame.columns.map((column) => formatCell(column.values[row], column.type))
    lines.push([formatCell(label, frame.indexType), ...cells].join(','))
  })
  return `${lines.join('\n')}\n`
}

/** A matrix with labelled rows and columns as pandas' `to_csv` writes it. */
export function formatMatrixCsv(matrix: Matrix, rowLabels: readonly string[], columnLabels: readonly string[]): string {
  const { rowCount, columnCount, values, integral } = matrix
  const format = (value: number) => (Number.isNaN(value) ? '' : integral ? String(value) : formatPythonFloat(value))
  const lines = [['', ...columnLabels].map(quoted).join(',')]
  for (let r = 0; r < rowCount; r++) {
    const cells = Array.from(values.subarray(r * columnCount, (r + 1) * columnCount), format)
    lines.push([quoted(rowLabels[r] ?? String(r)), ...cells].join(','))
  }
  return `${lines.join('\n')}\n`
}
