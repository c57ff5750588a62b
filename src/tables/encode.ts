import { encodeArrow } from './arrow.ts'
import { toChunks } from './chunks.ts'
import { encodeDelimited } from './delimited.ts'
import { MEDIA_TYPES, type TableForm } from './forms.ts'
import { cellOf, indexOf, type Table } from './table.ts'

/** An encoded table. Each chunk is made when it is asked for: whoever asks can pause between them. */
export interface EncodedTable {
  chunks: Iterable<Uint8Array>
  contentType: string
  headers: Record<string, string>
}

export interface EncodeOptions {
  /** Lines that tell of the origin before CSV and TSV. */
  withProvenance?: boolean
  /** The objects of a listing, for `ndjson`: one a line instead of one a row. */
  items?: Iterable<unknown> | undefined
}

/** A table in one of its forms but JSON, as a file. */
export async function encodeTable(
  given: Table,
  form: Exclude<TableForm, 'json'>,
  { withProvenance = false, items }: EncodeOptions = {},
): Promise<EncodedTable> {
  const table = (form === 'tsv' && given.asTsv) || given
  const isText = form === 'csv' || form === 'tsv'
  return {
    chunks: form === 'arrow' ? await encodeArrow(table) : toChunks(textsOf(table, form, withProvenance, items)),
    contentType: isText ? `${MEDIA_TYPES[form]}; charset=utf-8` : MEDIA_TYPES[form],
    headers: { 'content-disposition': `attachment; filename="${fileName(table.name, form)}"` },
  }
}

function textsOf(table: Table, form: 'csv' | 'tsv' | 'ndjson', withProvenance: boolean, items?: Iterable<unknown>) {
  if (form === 'ndjson') return encodeLines(items ?? rowsOf(table))
  return encodeDelimited(table, form === 'csv' ? ',' : '\t', withProvenance)
}

/** One JSON value a line. */
function* encodeLines(values: Iterable<unknown>): Generator<string> {
  for (const value of values) yield `${JSON.stringify(value)}\n`
}

/** The rows as objects by column. */
function* rowsOf(table: Table): Generator<Record<string, unknown>> {
  const { columns, rows, index } = table
  for (let row = 0; row < rows; row++) {
    const object: Record<string, unknown> = index ? { index: indexOf(table, row) } : {}
    for (const column of columns) object[column.name] = cellOf(column, row)
    yield object
  }
}

/** A table as siibra-api spells a data frame in JSON, made row by row. */
export function encodeDataFrame(table: Table): Iterable<Uint8Array> {
  return toChunks(dataFrameTexts(table))
}

function* dataFrameTexts(table: Table): Generator<string> {
  const { columns, rows } = table
  const names = columns.map(({ name }) => name)
  yield `{"@type":null,"columns":${JSON.stringify(names)},"index":[`
  for (let row = 0; row < rows; row++) yield (row === 0 ? '' : ',') + JSON.stringify(indexOf(table, row))
  yield '],"ndim":2,"data":['
  for (let row = 0; row < rows; row++)
    yield (row === 0 ? '' : ',') + JSON.stringify(columns.map((column) => jsonCell(cellOf(column, row))))
  yield ']}'
}

/** Typed arrays are lists in JSON. */
const jsonCell = (value: unknown): unknown => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value)

/** Plain letters only: no header needs to encode it. */
function fileName(name: string, form: TableForm): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/[^\w.+-]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 100)
  return `${plain || 'table'}.${form}`
}
