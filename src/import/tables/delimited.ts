/**
 * Tables of text: CSV and TSV in the wild, with and without a heading (BIDS, nilearn, neuroscientists), and the lists of MRIcron, AAL and
 * DSI Studio, whose columns stand between blanks.
 */
import { badSource, some } from '../errors.ts'
import type { RegionTable, TableFormat, TableReading, TableRow } from '../types.ts'
import { type ColumnContent, type Columns, findColumns, isHeading } from './columns.ts'
import { checkTree, isSideWord, parseColour, parseSide, parseWhole, toHex, toReading } from './rows.ts'
import { contentLines } from './text.ts'

/** A row of cells. */
export interface Record {
  /** null where a file has none that says anything. */
  line: number | null
  cells: string[]
}

/** undefined where the text is no table of regions. */
export function parseDelimited(text: string, file: string): RegionTable | undefined {
  const delimiter = findDelimiter(text)
  const records = delimiter === undefined ? splitByBlanks(text) : splitByDelimiter(text, delimiter)
  if (!records || records.length === 0) return undefined
  const first = records[0]!
  const hasHeading = records.length > 1 && looksLikeHeading(first, records)
  const table = tableOfRecords(records, hasHeading, file)
  const format = () =>
    formatOf(file, hasHeading ? first.cells : undefined, delimiter, hasHeading ? records.slice(1) : records)
  return table && { ...table, format: format() }
}

/** @param records  the first is the heading where there is one. undefined where no column has labels, or none names. */
export function tableOfRecords(records: readonly Record[], hasHeading: boolean, file: string): RegionTable | undefined {
  const first = records[0]!
  const body = hasHeading ? records.slice(1) : records
  const width = Math.max(...records.map(({ cells }) => cells.length))
  if (width < 2) return undefined
  const contents = Array.from({ length: width }, (_, column) => contentOf(body.map(({ cells }) => cells[column] ?? '')))
  const columns = findColumns(hasHeading ? first.cells : undefined, contents)
  if (!columns) return undefined
  const heading = hasHeading ? first.cells.map((cell) => cell.trim()) : undefined
  const isTree = columns.others.path !== undefined || columns.others.parent !== undefined
  const readings = columns.index.flatMap((index, at): TableReading[] => {
    try {
      return [toReading(heading?.[index] ?? `column ${index + 1}`, readRows(body, columns, index, isTree, file), file)]
    } catch (thrown) {
      // another column may be the one; a table with only one must be right
      if (columns.index.length === 1 || (at === 0 && heading)) throw thrown
      return []
    }
  })
  if (readings.length === 0) readRows(body, columns, columns.index[0]!, isTree, file)
  if (isTree) checkTree(readings[0]!.rows, file)
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

function formatOf(
  file: string,
  heading: string[] | undefined,
  delimiter: string | undefined,
  body: Record[],
): TableFormat {
  const words = heading?.map((word) => word.trim().toLowerCase()) ?? []
  if (words.includes('root_identifier_path') || words.includes('annotation_value')) return 'brainglobe-terminology'
  if (/(?:dseg|probseg)\.tsv$/i.test(file)) return 'bids-tsv'
  if (words.join(' ').startsWith('index name color')) return 'nilearn-lut'
  if (heading) return 'csv'
  if (body[0]!.cells.length === 3) return parseWhole(body[0]!.cells[0]!) === undefined ? 'aal-txt' : 'mricron'
  return delimiter === undefined ? 'dsi-studio' : 'csv'
}

/** The delimiter that parts all lines into the same number of columns, at least two; undefined: blanks. */
export function findDelimiter(text: string): string | undefined {
  const lines = contentLines(text).slice(0, 200)
  const scores = ['\t', ';', ',', '|'].map((delimiter) => {
    const counts = lines.map(({ text: line }) => splitLine(line, delimiter).length)
    const [first = 1] = counts
    const same = counts.filter((count) => count === first).length
    return { delimiter, columns: first, share: same / counts.length }
  })
  const fitting = scores.filter(({ columns, share }) => columns >= 2 && share >= 0.9)
  return fitting.sort((a, b) => b.share - a.share || b.columns - a.columns)[0]?.delimiter
}

/** One line without line breaks in its cells. */
function splitLine(line: string, delimiter: string): string[] {
  return parseCsv(line, delimiter)[0]?.cells ?? []
}

/** Cells in quotation marks may hold delimiters, line breaks and doubled marks. */
function parseCsv(text: string, delimiter: string): Record[] {
  const records: Record[] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  let wasQuoted = false
  /** Whether the cell has held blanks only so far: asking the cell itself would cost its length at each quotation mark. */
  let isBlank = true
  let line = 1
  let startLine = 1
  const endCell = () => {
    cells.push(wasQuoted ? cell : cell.trim())
    cell = ''
    wasQuoted = false
    isBlank = true
  }
  const endRecord = () => {
    endCell()
    if (cells.some((one) => one !== '')) records.push({ line: startLine, cells })
    cells = []
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (isQuoted) {
      if (char === '"' && text[at + 1] === '"') {
        cell += '"'
        isBlank = false
        at++
      } else if (char === '"') isQuoted = false
      else {
        if (char === '\n') line++
        if (!/\s/.test(char)) isBlank = false
        cell += char
      }
    } else if (char === '"' && isBlank) {
      isQuoted = true
      wasQuoted = true
      cell = ''
    } else if (char === delimiter) endCell()
    else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[at + 1] === '\n') at++
      endRecord()
      line++
      startLine = line
    } else if (!/\s/.test(char)) {
      cell += char
      isBlank = false
    } else if (!wasQuoted) cell += char
  }
  endRecord()
  return records
}

export function splitByDelimiter(text: string, delimiter: string): Record[] {
  const comments = new Set<number>()
  const kept = new Set(contentLines(text).map(({ number }) => number))
  const lines = text.split(/\r\n|\n|\r/)
  lines.forEach((_, i) => {
    if (!kept.has(i + 1)) comments.add(i + 1)
  })
  return parseCsv(text, delimiter).filter(
    ({ line, cells }) => !(line !== null && comments.has(line) && /^\s*[#%]/.test(cells[0] ?? '')),
  )
}

/** `index name`, `index name code`, `code name value`: a name may hold blanks where numbers stand around it. */
function splitByBlanks(text: string): Record[] | undefined {
  const lines = contentLines(text)
  const numberFirst = lines.filter(({ text: line }) => /^\s*-?\d+\s+\S/.test(line)).length
  const numberLast = lines.filter(({ text: line }) => /\S\s+-?\d+\s*$/.test(line)).length
  // `index name code` where the third column of nearly all lines is a number
  const hasBoth =
    lines.filter(({ text: line }) => /^\s*-?\d+\s+\S.*\s-?\d+\s*$/.test(line)).length >= 0.9 * lines.length
  if (numberFirst >= 0.9 * lines.length) {
    return lines.map(({ number, text: line }) => {
      // some lines may lack the third column (AAL3's names without voxels)
      const whole = hasBoth ? /^\s*(-?\d+)\s+(.*\S)\s+(-?\d+)\s*$/.exec(line) : null
      const match = whole ?? /^\s*(-?\d+)\s+(.*\S)\s*$/.exec(line)
      return {
        line: number,
        cells: match ? match.slice(1).map((cell) => cell.replace(/^"(.*)"$/, '$1')) : [line.trim()],
      }
    })
  }
  if (numberLast >= 0.9 * lines.length) {
    return lines.map(({ number, text: line }) => {
      const match = /^\s*(\S+)\s+(\S.*?)\s+(-?\d+)\s*$/.exec(line) ?? /^\s*()(\S.*?)\s+(-?\d+)\s*$/.exec(line)
      return { line: number, cells: match ? match.slice(1) : [line.trim()] }
    })
  }
  const records = lines.map(({ number, text: line }) => ({ line: number, cells: line.trim().split(/\s+/) }))
  const width = records[0]?.cells.length ?? 0
  return width >= 2 && records.every(({ cells }) => cells.length === width) ? records : undefined
}

/** Words where the other rows have numbers, or words that are used as headings. */
function looksLikeHeading(first: Record, records: readonly Record[]): boolean {
  const others = records.slice(1)
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
    const [red, green, blue] = [at(others.red), at(others.green), at(others.blue)].map(Number) as [
      number,
      number,
      number,
    ]
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
