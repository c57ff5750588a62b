/** Tables as columns. */

/** Numbers, where a column has nothing else (a missing one is NaN); else the values as they are, null where missing. */
export type Column = Float64Array | unknown[]

export interface Frame {
  /** Rows. */
  length: number
  /** In order. Labels of rows that are more than their number are the column `index`. */
  names: string[]
  columns: Record<string, Column>
}

/** As much of `apache-arrow`'s table as is read here. */
export interface ArrowTable {
  numRows: number
  schema: { fields: readonly { name: string }[] }
  getChildAt(index: number): (Iterable<unknown> & { nullCount: number; toArray(): unknown }) | null
}

export const ARROW = 'application/vnd.apache.arrow.stream'
export const LINES = 'application/x-ndjson'

/** Lines of JSON, an object a row. */
export function frameOfLines(bytes: Uint8Array): Frame {
  const lines = new TextDecoder().decode(bytes).split('\n')
  const rows = lines.flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]))
  const names = Object.keys(rows[0] ?? {})
  const columns = names.map((name) => [name, toColumn(rows.map((row) => row[name]))])
  return { length: rows.length, names, columns: Object.fromEntries(columns) }
}

/** Arrow's own arrays are taken over where nothing is missing; lists in it become arrays. */
export function frameOfArrow({ numRows, schema, getChildAt }: ArrowTable, table: ArrowTable): Frame {
  const names = schema.fields.map(({ name }) => name)
  const columns = names.map((name, at) => {
    const vector = getChildAt.call(table, at)
    const whole = vector?.nullCount === 0 ? vector.toArray() : undefined
    const values = whole instanceof Float64Array ? whole : toColumn([...(vector ?? [])].map(plain))
    return [name, values]
  })
  return { length: numRows, names, columns: Object.fromEntries(columns) }
}

const plain = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && Symbol.iterator in value ? [...(value as Iterable<unknown>)] : value

function toColumn(values: unknown[]): Column {
  const isNumber = (value: unknown) => typeof value === 'number'
  const areNumbers = values.some(isNumber) && values.every((value) => value === null || isNumber(value))
  return areNumbers ? Float64Array.from(values as number[], (value) => value ?? Number.NaN) : values
}
