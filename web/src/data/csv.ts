/** A table of text: the first line is its heading, where it has one. */
export interface TextTable {
  columns: string[]
  rows: string[][]
}

const SEPARATORS = ['\t', ';', ','] as const

/** Reads comma, semicolon or tab separated text; the separator is the one that the first line has most of. */
export function parseTable(text: string): TextTable {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const counts = SEPARATORS.map((sign) => (lines[0] ?? '').split(sign).length)
  const separator = SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ','
  const cells = lines.map((line) => splitLine(line, separator))
  const hasHeading = cells[0]?.every((cell) => !isNumber(cell)) ?? false
  return {
    columns: hasHeading ? (cells[0] ?? []) : (cells[0] ?? []).map((_, at) => `column ${at + 1}`),
    rows: hasHeading ? cells.slice(1) : cells,
  }
}

function splitLine(line: string, separator: string): string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    const sign = line[at] as string
    if (sign === '"' && isQuoted && line[at + 1] === '"') {
      cell += '"'
      at++
    } else if (sign === '"') isQuoted = !isQuoted
    else if (sign === separator && !isQuoted) {
      cells.push(cell.trim())
      cell = ''
    } else cell += sign
  }
  return [...cells, cell.trim()]
}

/** Decimal commas stand where something else separates the columns. */
export const toNumber = (text: string | undefined) =>
  text?.trim() ? Number(text.trim().replace(',', '.')) : Number.NaN
const isNumber = (text: string) => Number.isFinite(toNumber(text))

/** A number of columns is wanted by any of their usual names. */
const columnNamed = (table: TextTable, names: readonly string[]) =>
  table.columns.findIndex((column) => names.includes(column.toLowerCase().replaceAll(/[\s_()]+|mm/g, '')))

export type PointColumns = readonly [number, number, number]

/** Which columns are coordinates: those named x, y, z, else the only three, where all of them are numbers. */
export function pointColumns(table: TextTable): PointColumns | undefined {
  const named = (name: string) => columnNamed(table, [name, `${name}coord`, `mni${name}`])
  const columns: PointColumns = [named('x'), named('y'), named('z')]
  if (columns.every((at) => at >= 0)) return columns
  const isThree = table.columns.length === 3 && table.rows.every((row) => row.every(isNumber))
  return isThree ? [0, 1, 2] : undefined
}

/** Points as the service takes them; rows without three numbers are left out and counted. */
export function pointsCsv(table: TextTable, columns: PointColumns): { csv: string; count: number; left: number } {
  const rows = table.rows.map((row) => columns.map((at) => toNumber(row[at])))
  const whole = rows.filter((row) => row.every(Number.isFinite))
  return {
    csv: `x,y,z\n${whole.map((row) => row.join(',')).join('\n')}\n`,
    count: whole.length,
    left: rows.length - whole.length,
  }
}

/** Columns of numbers beside one of names. */
export function valueColumns(table: TextTable): { region: number; values: number[] } | undefined {
  const named = columnNamed(table, ['region', 'name', 'label', 'roi', 'area'])
  const region =
    named >= 0 ? named : table.columns.findIndex((_, at) => table.rows.every((row) => !isNumber(row[at] ?? '')))
  const values = table.columns.flatMap((_, at) =>
    at !== region && table.rows.some((row) => isNumber(row[at] ?? '')) ? [at] : [],
  )
  return region >= 0 && values.length > 0 ? { region, values } : undefined
}
