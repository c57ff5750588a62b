import type { Data, DataType, Float64, RecordBatch, Vector } from 'apache-arrow'
import { type Column, cellOf, indexOf, type Table } from './table.ts'

/** Rows of a record batch: some milliseconds of work. */
const BATCH_ROWS = 4096

/**
 * A table as an Arrow stream, a record batch at a time: float64, int32 (float64 where that is too small), bool, utf8, fixed-size
 * lists of three float64; missing values are null. What is known of where the values come from is metadata of the schema. An
 * index of numbers from 0 is left out: readers make it anew; another one is the column `index`.
 */
export async function encodeArrow(table: Table): Promise<Iterable<Uint8Array>> {
  // 60 ms at its first use in a thread: only who asks for this form waits for that
  return encodeBatches(await import('apache-arrow'), table)
}

type Arrow = typeof import('apache-arrow')

function* encodeBatches(arrow: Arrow, table: Table): Generator<Uint8Array> {
  const own: Column[] = table.index
    ? [
        {
          name: 'index',
          type: 'text',
          values: Array.from({ length: table.rows }, (_, row) => String(indexOf(table, row))),
        },
      ]
    : []
  const columns = [...own, ...table.columns]
  const types: DataType[] = []
  for (const column of columns) types.push(typeOf(arrow, column, table.rows))
  const metadata = new Map(Object.entries(table.provenance ?? {}))
  const fields = columns.map(({ name }, at) => new arrow.Field(name, types[at] as DataType, true))
  const schema = new arrow.Schema(fields, metadata)
  const written = createSink(arrow)
  const writer = new arrow.RecordBatchStreamWriter({ autoDestroy: false })
  writer.reset(written.sink, schema)
  for (let from = 0; from === 0 || from < table.rows; from += BATCH_ROWS) {
    const to = Math.min(table.rows, from + BATCH_ROWS)
    const children = columns.map(
      (column, at) => toVector(arrow, column, types[at] as DataType, from, to).data[0] as Data,
    )
    const data = arrow.makeData({ type: new arrow.Struct(fields), length: to - from, nullCount: 0, children })
    writer.write(new arrow.RecordBatch(schema, data) as RecordBatch)
    yield written.take()
  }
  writer.finish()
  yield written.take()
}

/** Takes what the writer writes at once: its own sink hands it on by promises, and keeps it all until then. */
function createSink(arrow: Arrow) {
  let parts: Uint8Array[] = []
  const sink = new arrow.AsyncByteQueue()
  sink.write = (bytes) => {
    parts.push(bytes as Uint8Array)
  }
  return {
    sink,
    take(): Uint8Array {
      const bytes = Buffer.concat(parts)
      parts = []
      return bytes
    },
  }
}

function typeOf(arrow: Arrow, column: Column, rows: number): DataType {
  if (column.type === 'number') return new arrow.Float64()
  if (column.type === 'integer') return isInt32(column, rows) ? new arrow.Int32() : new arrow.Float64()
  if (column.type === 'boolean') return new arrow.Bool()
  if (column.type === 'point') return new arrow.FixedSizeList(3, new arrow.Field('item', new arrow.Float64(), true))
  return new arrow.Utf8()
}

function isInt32(column: Column, rows: number): boolean {
  for (let row = 0; row < rows; row++) {
    const value = cellOf(column, row) as number | null
    if (value !== null && value !== (value | 0)) return false
  }
  return true
}

function toVector(arrow: Arrow, column: Column, type: DataType, from: number, to: number): Vector {
  if (column.type === 'number' || column.type === 'integer') return toNumbers(arrow, column, type, from, to)
  const cells = Array.from({ length: to - from }, (_, n) => cellOf(column, from + n))
  const isText = column.type === 'text' || column.type === 'json'
  const values = isText
    ? cells.map((value) => (value === null || typeof value === 'string' ? value : JSON.stringify(value)))
    : cells
  return arrow.vectorFromArray(values, type) as Vector
}

/** Without the builder that does it for any type: most columns are numbers, and it takes ten times as long. */
function toNumbers(arrow: Arrow, column: Column, type: DataType, from: number, to: number): Vector {
  const length = to - from
  const data = arrow.DataType.isInt(type) ? new Int32Array(length) : new Float64Array(length)
  // a bit for each value that is there
  const nullBitmap = new Uint8Array(Math.ceil(length / 8))
  let nullCount = 0
  for (let at = 0; at < length; at++) {
    const value = cellOf(column, from + at) as number | null
    if (value === null) nullCount++
    else {
      data[at] = value
      nullBitmap[at >> 3] = (nullBitmap[at >> 3] ?? 0) | (1 << (at & 7))
    }
  }
  return arrow.makeVector(
    arrow.makeData({ type: type as Float64, length, nullCount, nullBitmap, data: data as Float64Array }),
  )
}
