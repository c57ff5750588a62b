/** The tables among the files of a source. */
import { SiibraError } from '../../siibra/index.ts'
import { badFlag, badSource } from '../errors.ts'
import type { Journal } from '../journal.ts'
import { parseTable } from '../tables/parse-table.ts'
import type { RegionTable, TableFormat } from '../types.ts'
import { openFile, type SourceFile } from './files.ts'

export interface FoundTable {
  source: SourceFile
  table: RegionTable
  /** It was named by the flag. */
  isGiven: boolean
}

export interface FoundTables {
  tables: FoundTable[]
  /** Files that are meant as tables and are broken: told where no other table does. */
  broken: { source: SourceFile; error: SiibraError }[]
}

const MAX_TABLE_BYTES = 64 * 1024 ** 2
const FORMATS: readonly TableFormat[] = [
  'allen-json',
  'brainglobe-structures',
  'brainglobe-terminology',
  'bids-tsv',
  'csv',
  'dsi-studio',
  'freesurfer-lut',
  'fsl-xml',
  'fsleyes-lut',
  'gifti-labels',
  'annot',
  'itk-snap',
  'json',
  'mricrogl',
  'mricron',
  'neuroparc',
  'nilearn-lut',
  'aal-txt',
  'slicer-ctbl',
  'spm-xml',
]

export function parseFormat(format: string | undefined): TableFormat | undefined {
  if (format === undefined) return undefined
  const found = FORMATS.find((one) => one === format.toLowerCase())
  if (!found) throw badFlag('--format', `'${format}' is not known; there are ${FORMATS.join(', ')}`)
  return found
}

/** `given` is the file of `--table`, which must be one; then no other is looked at. */
export async function findTables(
  files: readonly SourceFile[],
  given: string | undefined,
  format: TableFormat | undefined,
  journal: Journal,
): Promise<FoundTables> {
  if (given !== undefined) {
    const source = await openFile(given, '--table')
    const table = await parseTable(await source.read(), source.file)
    if (!table)
      throw badSource(
        source.file,
        'it is no table of regions',
        'A table has a column of whole numbers and one of names.',
      )
    return { tables: [{ source, table: inFormat(table, format), isGiven: true }], broken: [] }
  }
  const tables: FoundTable[] = []
  const broken: FoundTables['broken'] = []
  for (const source of files) {
    if (source.kind !== 'text') continue
    if (source.sizeBytes > MAX_TABLE_BYTES) {
      journal.leftOut.push({
        file: source.file,
        why: `larger than ${MAX_TABLE_BYTES / 1024 ** 2} MB: no table of regions`,
      })
      continue
    }
    try {
      const table = await parseTable(await source.read(), source.file)
      if (table && (format === undefined || canBe(table, format)))
        tables.push({ source, table: inFormat(table, format), isGiven: false })
    } catch (thrown) {
      if (!(thrown instanceof SiibraError)) throw thrown
      broken.push({ source, error: thrown })
    }
  }
  return { tables, broken }
}

/** Lists of three columns are told apart by which one holds the values. */
const LISTS: readonly TableFormat[] = ['mricron', 'aal-txt', 'csv', 'dsi-studio']

const canBe = (table: RegionTable, format: TableFormat) =>
  table.format === format || (LISTS.includes(table.format) && LISTS.includes(format))

function inFormat(table: RegionTable, format: TableFormat | undefined): RegionTable {
  if (format === undefined || table.format === format) {
    return format === undefined ? table : onlyColumn(table, format)
  }
  if (canBe(table, format)) return onlyColumn({ ...table, format }, format)
  throw badFlag('--format', `${table.file} is no ${format}; it reads as ${table.format}`)
}

function onlyColumn(table: RegionTable, format: TableFormat): RegionTable {
  const [first, ...others] = table.readings
  if (format === 'mricron') return { ...table, readings: [first] }
  if (format === 'aal-txt') return { ...table, readings: [others.at(-1) ?? first] }
  return table
}
