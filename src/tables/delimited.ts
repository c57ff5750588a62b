import { CHUNK_CHARS } from './chunks.ts'
import { pythonFloat, pythonTuple } from './python-text.ts'
import { type ColumnType, cellOf, indexOf, type Table } from './table.ts'

/**
 * A table as pandas' `DataFrame.to_csv(sep=delimiter)` writes it: a header, the index first (without a name), missing values
 * empty (or `missing`), numbers and truth as Python writes them, quotes where they are needed. With `withProvenance` one line `# name: value`
 * for each thing that is known of where the values come from, before the header.
 */
export function* encodeDelimited(table: Table, delimiter: string, withProvenance: boolean): Generator<string> {
  const { columns, rows, index, missing = '' } = table
  const field = createQuoter(delimiter)
  const writers = columns.map((column) => ({ column, write: WRITERS[column.type] }))
  let text = ''
  if (withProvenance)
    for (const [name, value] of Object.entries(table.provenance ?? {}))
      text += `# ${name}: ${value.replaceAll(/[\r\n]+/g, ' ')}\n`
  const header = columns.map(({ name }) => field(name))
  text += `${(index === null ? header : ['', ...header]).join(delimiter)}\n`
  for (let row = 0; row < rows; row++) {
    let isFirst = true
    if (index !== null) {
      text += field(String(indexOf(table, row)))
      isFirst = false
    }
    for (const { column, write } of writers) {
      if (!isFirst) text += delimiter
      isFirst = false
      const value = cellOf(column, row)
      text += value === null ? missing : field(write(value))
    }
    text += '\n'
    if (text.length < CHUNK_CHARS) continue
    yield text
    text = ''
  }
  yield text
}

const WRITERS: Readonly<Record<ColumnType, (value: unknown) => string>> = {
  integer: String,
  number: (value) => pythonFloat(value as number),
  boolean: (value) => (value ? 'True' : 'False'),
  text: String,
  point: (value) => pythonTuple(value as number[]),
  json: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
}

/** Quotes a field that holds the delimiter, a quote or the end of a line. */
function createQuoter(delimiter: string): (text: string) => string {
  const special = new RegExp(`[${delimiter === '\t' ? '\\t' : delimiter}"\\r\\n]`)
  return (text) => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
}
