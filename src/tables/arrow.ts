import type { RecordBatch } from 'apache-arrow'
import { type ArrowColumn, arrowColumnOf } from './arrow-columns.ts'
import { type Column, ComputedValues, indexOf, type Table } from './table.ts'

/** Rows of a record batch: some milliseconds of work. */
const BATCH_ROWS = 8192

/**
 * A table as an Arrow stream, a record batch at a time: float64, int32 (float64 where that is too small), bool, utf8 (a dictionary where it
 * repeats in a thousand rows or more), fixed-size lists of three float64; missing values are null. What is known of where the values come from
 * is metadata of the schema. An index of numbers from 0 is left out: readers make it anew; another one is the column `index`.
 */
export async function encodeArrow(table: Table): Promise<Iterable<Uint8Array>> {
  // 60 ms at its first use in a thread: only who asks for this form waits for that
  return encodeBatches(await import('apache-arrow'), table)
}

type Arrow = typeof import('apache-arrow')

const NOTHING = new Uint8Array()

function* encodeBatches(arrow: Arrow, table: Table): Generator<Uint8Array> {
  const own: Column[] = table.index
    ? [{ name: 'index', type: 'text', values: new ComputedValues((row) => String(indexOf(table, row))) }]
    : []
  const named = [...own, ...table.columns]
  const columns: ArrowColumn[] = []
  for (const [at, column] of named.entries()) {
    const looking = arrowColumnOf(arrow, column, table.rows, at)
    let step = looking.next()
    // an empty piece: whoever asks may pause
    for (; !step.done; step = looking.next()) yield NOTHING
    columns.push(step.value)
  }
  const metadata = new Map(Object.entries(table.provenance ?? {}))
  const fields = columns.map(({ type }, at) => new arrow.Field((named[at] as Column).name, type, true))
  const schema = new arrow.Schema(fields, metadata)
  const written = createSink(arrow)
  const writer = new arrow.RecordBatchStreamWriter({ autoDestroy: false })
  writer.reset(written.sink, schema)
  for (let from = 0; from === 0 || from < table.rows; from += BATCH_ROWS) {
    const to = Math.min(table.rows, from + BATCH_ROWS)
    const children = columns.map((column) => column.slice(from, to))
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
