import type { Vector } from 'apache-arrow'
import { type Column, cellOf, indexOf, type Table } from './table.ts'

/**
 * A table as an Arrow stream: float64, int32 (float64 where that is too small), bool, utf8, fixed-size lists of three
 * float64; missing values are null. What is known of where the values come from is metadata of the schema. An index of
 * numbers from 0 is left out: readers make it anew; another one is the column `index`.
 */
export async function encodeArrow(table: Table): Promise<Uint8Array> {
  // 60 ms at its first use in a thread: only who asks for this form waits for that
  const arrow = await import('apache-arrow')
  const own: Column[] = table.index
    ? [
        {
          name: 'index',
          type: 'text',
          values: Array.from({ length: table.rows }, (_, row) => String(indexOf(table, row))),
        },
      ]
    : []
  const vectors: Record<string, Vector> = {}
  for (const column of [...own, ...table.columns]) vectors[column.name] = toVector(arrow, column, table.rows)
  const plain = new arrow.Table(vectors)
  const metadata = new Map(Object.entries(table.provenance ?? {}))
  const schema = new arrow.Schema(plain.schema.fields, metadata)
  return arrow.tableToIPC(new arrow.Table(schema, plain.batches), 'stream')
}

type Arrow = typeof import('apache-arrow')

function toVector(arrow: Arrow, column: Column, rows: number): Vector {
  const { type, values } = column
  const cells = () => Array.from({ length: rows }, (_, row) => cellOf(column, row))
  if (type === 'number')
    return values instanceof Float64Array && !values.some(Number.isNaN)
      ? arrow.makeVector(values.subarray(0, rows))
      : arrow.vectorFromArray(cells() as number[], new arrow.Float64())
  if (type === 'integer') {
    const numbers = cells() as (number | null)[]
    const isSmall = numbers.every((value) => value === null || value === (value | 0))
    return arrow.vectorFromArray(numbers, isSmall ? new arrow.Int32() : new arrow.Float64())
  }
  if (type === 'boolean') return arrow.vectorFromArray(cells() as boolean[], new arrow.Bool())
  if (type === 'point') {
    const item = new arrow.Field('item', new arrow.Float64(), true)
    return arrow.vectorFromArray(cells() as number[][], new arrow.FixedSizeList(3, item))
  }
  const texts = cells().map((value) => (value === null || typeof value === 'string' ? value : JSON.stringify(value)))
  return arrow.vectorFromArray(texts, new arrow.Utf8())
}
