/**
 * Tables of text: CSV and TSV in the wild, with and without a heading (BIDS, nilearn, neuroscientists), and the lists of MRIcron, AAL and
 * DSI Studio, whose columns stand between blanks.
 */
import { badSource, some } from '../errors.ts'
import type { RegionTable, TableFormat, TableReading, TableRow } from '../types.ts'
import { type ColumnContent, type Columns, findColumns, isHeading } from './columns.ts'
import { oneSideEach, withoutTitle } from './records.ts'
import { checkTree, isSideWord, parseColour, parseSide, parseWhole, toHex, toReading, withParents } from './rows.ts'
import { findDelimiter, type Record, splitByBlanks, splitByDelimiter } from './split.ts'

/** undefined where the text is no table of regions. */
export function parseDelimited(written: string, file: string): RegionTable | undefined {
  // what Excel reads of its own files; the line stays, so that lines keep their numbers
  const text = written.replace(/^sep=.\r?(?=\n)/i, '')
  const delimiter = findDelimiter(text)
  const split = delimiter === undefined ? splitByBlanks(text) : splitByDelimiter(text, delimiter)
  if (!split) return undefined
  const records = withoutTitle(split)
  const [first, ...others] = records
  if (!first) return undefined
  const hasHeading = others.length > 0 && looksLikeHeading(first, others)
  const table = hasHeading ? tableOfRecords(first, others, file) : tableOfRecords(undefined, records, file)
  return table && { ...table, format: formatOf(file, first, hasHeading, delimiter) }
}

/** undefined where no column has labels, or none names. */
export function tableOfRecords(
  writtenHeading: Record | undefined,
  writtenBody: readonly Record[],
  file: string,
): RegionTable | undefined {
  const { heading, body } = writtenHeading
    ? oneSideEach(writtenHeading, writtenBody)
    : { heading: undefined, body: writtenBody }
  const width = Math.max(heading?.cells.length ?? 0, ...body.map(({ cells }) => cells.length))
  if (width < 2) return undefined
  const contents = Array.from({ length: width }, (_, column) => contentOf(body.map(({ cells }) => cells[column] ?? '')))
  const columns = findColumns(heading?.cells, contents)
  if (!columns) return undefined
  const isTree = columns.others.path !== undefined || columns.others.parent !== undefined
  const readingOf = (index: number) => {
    const rows = readRows(body, columns, index, isTree, file)
    return toReading(heading?.cells[index]?.trim() ?? `column ${index + 1}`, isTree ? withParents(rows) : rows, file)
  }
  const [first, ...others] = columns.index.flatMap((index, at): TableReading[] => {
    try {
      return [readingOf(index)]
    } catch (thrown) {
      // another column may be the one; a table with only one must be right
      if (columns.index.length === 1 || (at === 0 && heading)) throw thrown
      return []
    }
  })
  // where none can be read, what is wrong with the first is told
  const readings: RegionTable['readings'] = first ? [first, ...others] : [readingOf(columns.index[0])]
  if (isTree) checkTree(readings[0].rows, file)
  return { file, format: 'csv', readings, isTree, isShared: false, notes: [] }
}

function contentOf(cells: readonly string[]): ColumnContent {
  const filled = cells.filter((cell) => cell.trim() !== '')
  const whole = filled.filter((cell) => parseWhole(cell) !== undefined)
  return {
    isWhole: filled.length > 0 && whole.length > 0.8 * filled.length,
    length: cells.reduce((sum, cell) => sum + cell.length, 0),
    distinct: new Set(cells).size,
    isSides: filled.length > 0 && filled.every(isSideWord) && filled.some((cell) => parseSide(cell) !== undefined),
  }
}

function formatOf(file: string, first: Record, hasHeading: boolean, delimiter: string | undefined): TableFormat {
  const words = hasHeading ? first.cells.map((word) => word.trim().toLowerCase()) : []
  if (words.includes('root_identifier_path') || words.includes('annotation_value')) return 'brainglobe-terminology'
  if (/(?:dseg|probseg)\.tsv$/i.test(file)) return 'bids-tsv'
  if (words.join(' ').startsWith('index name color')) return 'nilearn-lut'
  if (hasHeading) return 'csv'
  const [start = '', ...further] = first.cells
  if (further.length === 2) return parseWhole(start) === undefined ? 'aal-txt' : 'mricron'
  return delimiter === undefined ? 'dsi-studio' : 'csv'
}

/** Words where the other rows have numbers, or words that are used as headings. */
function looksLikeHeading(first: Record, others: readonly Record[]): boolean {
  const isNumber = (cell: string | undefined) => parseWhole(cell ?? '') !== undefined
  const differs = first.cells.some((cell, column) => {
    if (cell === '' || isNumber(cell)) return false
    const numbers = others.filter(({ cells }) => isNumber(cells[column])).length
    return numbers > 0.8 * others.length
  })
  return differs || (isHeading(first.cells) && !first.cells.some(isNumber))
}

function readRows(body: readonly Record[], columns: Columns, index: number, isTree: boolean, file: string): TableRow[] {
  const { name: nameColumn, others } = columns
  const rows: TableRow[] = []
  const nameless: number[] = []
  let namelessRecords = 0
  for (const { line, cells } of body) {
    const at = (column: number | undefined) => (column === undefined ? '' : (cells[column] ?? '').trim())
    const written = at(index)
    const label = parseWhole(written)
    if (label === undefined && !(isTree && written === '')) {
      throw badSource(file, `'${written}' is no label: a whole number is needed`, 'Correct or remove this line.', line)
    }
    if (label !== undefined && (label < 0 || label > 2 ** 32 - 1)) {
      throw badSource(
        file,
        `the label ${written} is not within 0 to ${2 ** 32 - 1}`,
        'Correct or remove this line.',
        line,
      )
    }
    const name = cells[nameColumn] ?? ''
    if (name.trim() === '') {
      if (line === null) namelessRecords++
      else nameless.push(line)
      continue
    }
    const path = at(others.path)
    const steps = path === '' ? [] : (path.match(/-?\d+/g) ?? [])
    const sideText = at(others.side)
    const [red, green, blue] = [Number(at(others.red)), Number(at(others.green)), Number(at(others.blue))]
    rows.push({
      label: label ?? null,
      name,
      line,
      acronym: at(others.acronym) || undefined,
      rgb:
        others.red !== undefined && at(others.red) !== ''
          ? toHex(
              red,
              green,
              blue,
              Math.max(red, green, blue) <= 1 && /\./.test(at(others.red) + at(others.green) + at(others.blue)),
            )
          : parseColour(at(others.colour)),
      side: parseSide(sideText),
      description: at(others.description) || undefined,
      ...(isTree && {
        key: steps.at(-1) ?? (at(others.key) || written),
        parent: others.path === undefined ? at(others.parent) || undefined : steps.at(-2),
      }),
    })
  }
  if (nameless.length + namelessRecords > 0) {
    const where = namelessRecords > 0 ? `of ${namelessRecords} records` : `(lines ${some(nameless)})`
    throw badSource(file, `there is no name ${where}`, 'Name these labels, or remove the lines.', nameless[0])
  }
  return rows
}
