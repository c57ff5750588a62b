import { readCsv } from '../../data-handlers/bodies/csv-body.ts'
import { CliError, EXIT } from '../exit-codes.ts'

export interface PointsFileOptions {
  /** Names or numbers (from 1) of the columns of x, y and z; default: those called x, y, z, else the first three. */
  columns?: readonly string[] | undefined
  /** Of the names of the points; default: one called id or name. */
  id?: string | undefined
  /** Of the uncertainties in mm; default: one called sigma_mm. */
  sigma?: string | undefined
}

/** A point as the service takes it: the cells of its line of CSV. */
export interface PointLine {
  id: string
  cells: readonly [string, string, string]
  sigma: string
}

/** Points of a table with commas, semicolons (where numbers may have decimal commas), tabs or blanks between its columns; mm, RAS. */
export function readPoints(text: string, file: string, options: PointsFileOptions = {}): PointLine[] {
  const rows = rowsOf(text)
  const first = rows[0]
  if (first === undefined) throw bad(`${file} is empty`)
  const hasHeader = first.cells.some((cell) => cell.trim() !== '' && Number.isNaN(toNumber(cell)))
  const names = hasHeader ? first.cells.map((cell) => cell.trim().toLowerCase()) : []
  const find = (wanted: string) => {
    const at = names.indexOf(wanted.trim().toLowerCase())
    const number = /^\d+$/.test(wanted.trim()) ? Number(wanted) - 1 : -1
    if (at >= 0) return at
    if (number >= 0 && number < first.cells.length) return number
    const there = hasHeader
      ? `its columns are ${names.join(', ')}`
      : `it has ${first.cells.length} columns and no header`
    throw bad(`${file} has no column '${wanted}': ${there}`)
  }
  const places = (
    options.columns ?? (['x', 'y', 'z'].every((name) => names.includes(name)) ? ['x', 'y', 'z'] : ['1', '2', '3'])
  ).map(find)
  if (places.length !== 3) throw bad(`--columns: three columns are needed, x, y and z, not ${places.length}`)
  const optional = (wanted: string | undefined, known: readonly string[]) =>
    wanted === undefined ? names.findIndex((name) => known.includes(name)) : find(wanted)
  const idAt = optional(options.id, ['id', 'name'])
  const sigmaAt = optional(options.sigma, ['sigma_mm'])
  return (hasHeader ? rows.slice(1) : rows).map(({ cells, line }, number) => ({
    id: idAt < 0 ? String(number) : plainId(cells[idAt] ?? ''),
    cells: places.map((at) => numberText(cells[at], file, line, at)) as [string, string, string],
    sigma: sigmaAt < 0 || (cells[sigmaAt] ?? '').trim() === '' ? '' : numberText(cells[sigmaAt], file, line, sigmaAt),
  }))
}

/** Points as the body of a request. */
export function csvOfPoints(points: readonly PointLine[]): Uint8Array {
  const lines = points.map(({ id, cells, sigma }) => [...cells, sigma, quoted(id)].join(','))
  return new TextEncoder().encode(`x,y,z,sigma_mm,id\n${lines.join('\n')}\n`)
}

function rowsOf(text: string): { cells: string[]; line: number }[] {
  const firstLine = text.slice(0, text.search(/\r?\n|$/))
  const sign = ['\t', ';', ','].find((one) => firstLine.includes(one))
  if (sign === ',') return [...readCsv(text)]
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, at) => ({ cells: sign ? line.split(sign) : line.trim().split(/\s+/), line: at + 1 }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
}

const toNumber = (cell: string): number => (cell.trim() === '' ? Number.NaN : Number(cell.trim().replace(',', '.')))

function numberText(cell: string | undefined, file: string, line: number, at: number): string {
  const value = toNumber(cell ?? '')
  if (!Number.isFinite(value))
    throw bad(`${file}, line ${line}, column ${at + 1}: '${cell ?? ''}' is not a number (mm)`)
  return String(value)
}

/** One line: what comes back is taken apart by lines. */
const plainId = (cell: string): string => cell.trim().replaceAll(/\s+/g, ' ')

const quoted = (cell: string): string => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

const bad = (message: string) => new CliError(EXIT.usage, 'INVALID_PARAMETER', message)
