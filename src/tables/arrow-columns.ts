/** Columns as Arrow's vectors, a batch of rows at a time, without the library's builders: those take any type, and five times as long. */
import type { Data, DataType, Dictionary, Float64, Utf8, Vector } from 'apache-arrow'
import { type Column, cellOf } from './table.ts'

type Arrow = typeof import('apache-arrow')

/** A column in a form of Arrow's. */
export interface ArrowColumn {
  type: DataType
  /** The rows of a batch. */
  slice(from: number, to: number): Data
}

/** Rows that are looked at between two pauses. */
const STEP_ROWS = 8192
/** Text that repeats is written once in tables of so many rows or more: a region's name stands in thousands of them. */
const REPEATED_FROM_ROWS = 1000
/** How often each text has to come, on average. */
const REPEATED_TIMES = 4
const MAX_REPEATED = 2 ** 15 - 1

/**
 * Looks at all values of a column, with pauses (`yield`), and says how they are written: float64, int32 (float64 where that is too small),
 * bool, lists of three float64, utf8, or a dictionary of utf8 where texts repeat. `id` is that of its dictionary.
 */
export function* arrowColumnOf(arrow: Arrow, column: Column, rows: number, id: number): Generator<void, ArrowColumn> {
  if (column.type === 'boolean') return booleans(arrow, column)
  if (column.type === 'point') return points(arrow, column)
  if (column.type === 'number') return numbers(arrow, column, new arrow.Float64())
  if (column.type === 'integer') {
    const isSmall = yield* isInt32(column, rows)
    return numbers(arrow, column, isSmall ? new arrow.Int32() : new arrow.Float64())
  }
  return (yield* repeatedTexts(arrow, column, rows, id)) ?? texts(arrow, column)
}

function* isInt32(column: Column, rows: number): Generator<void, boolean> {
  for (let row = 0; row < rows; row++) {
    const value = cellOf(column, row) as number | null
    if (value !== null && value !== (value | 0)) return false
    if (row % STEP_ROWS === STEP_ROWS - 1) yield
  }
  return true
}

/** A bit for each value that is there; Arrow leaves the bits out where all are. */
function createValidity(length: number) {
  const bits = new Uint8Array(Math.ceil(length / 8))
  let count = 0
  return {
    set(at: number) {
      setBit(bits, at)
      count++
    },
    take: () => ({ length, nullCount: length - count, ...(count === length ? {} : { nullBitmap: bits }) }),
  }
}

function setBit(bits: Uint8Array, at: number): void {
  bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7))
}

function numbers(arrow: Arrow, column: Column, type: DataType): ArrowColumn {
  const isWhole = arrow.DataType.isInt(type)
  return {
    type,
    slice(from, to) {
      const data = isWhole ? new Int32Array(to - from) : new Float64Array(to - from)
      const validity = createValidity(to - from)
      for (let row = from; row < to; row++) {
        const value = cellOf(column, row) as number | null
        if (value === null) continue
        data[row - from] = value
        validity.set(row - from)
      }
      return arrow.makeData({ type: type as Float64, ...validity.take(), data: data as Float64Array })
    },
  }
}

function booleans(arrow: Arrow, column: Column): ArrowColumn {
  const type = new arrow.Bool()
  return {
    type,
    slice(from, to) {
      const data = new Uint8Array(Math.ceil((to - from) / 8))
      const validity = createValidity(to - from)
      for (let row = from; row < to; row++) {
        const value = cellOf(column, row)
        if (value === null) continue
        if (value) setBit(data, row - from)
        validity.set(row - from)
      }
      return arrow.makeData({ type, ...validity.take(), data })
    },
  }
}

function points(arrow: Arrow, column: Column): ArrowColumn {
  const number = new arrow.Float64()
  const type = new arrow.FixedSizeList(3, new arrow.Field('item', number, true))
  return {
    type,
    slice(from, to) {
      const data = new Float64Array(3 * (to - from))
      const validity = createValidity(to - from)
      for (let row = from; row < to; row++) {
        const value = cellOf(column, row) as ArrayLike<number> | null
        if (value === null) continue
        data.set(value, 3 * (row - from))
        validity.set(row - from)
      }
      const child = arrow.makeData({ type: number, length: data.length, nullCount: 0, data })
      return arrow.makeData({ type, ...validity.take(), child })
    },
  }
}

const textOf = (value: unknown): string | null =>
  value === null || typeof value === 'string' ? value : JSON.stringify(value)

function texts(arrow: Arrow, column: Column): ArrowColumn {
  return {
    type: new arrow.Utf8(),
    slice: (from, to) =>
      toUtf8(
        arrow,
        Array.from({ length: to - from }, (_, n) => textOf(cellOf(column, from + n))),
      ),
  }
}

function toUtf8(arrow: Arrow, values: readonly (string | null)[]): Data<Utf8> {
  const validity = createValidity(values.length)
  const valueOffsets = new Int32Array(values.length + 1)
  let bytes = 0
  for (const [at, value] of values.entries()) {
    if (value !== null) {
      validity.set(at)
      bytes += Buffer.byteLength(value)
    }
    valueOffsets[at + 1] = bytes
  }
  return arrow.makeData({
    type: new arrow.Utf8(),
    ...validity.take(),
    valueOffsets,
    data: Buffer.from(values.filter((value) => value !== null).join('')),
  })
}

/** Each text once, and its number in each row; undefined where they do not repeat enough for that. */
function* repeatedTexts(
  arrow: Arrow,
  column: Column,
  rows: number,
  id: number,
): Generator<void, ArrowColumn | undefined> {
  if (rows < REPEATED_FROM_ROWS) return undefined
  const most = Math.min(MAX_REPEATED, rows / REPEATED_TIMES)
  const numberOf = new Map<unknown, number>()
  const indices = new Int16Array(rows)
  let [last, lastNumber]: [unknown, number] = [undefined, -1]
  for (let row = 0; row < rows; row++) {
    const value = cellOf(column, row)
    if (value !== last) {
      if (value !== null && typeof value !== 'string') return undefined
      last = value
      lastNumber = value === null ? -1 : (numberOf.get(value) ?? -2)
      if (lastNumber === -2) {
        lastNumber = numberOf.size
        if (lastNumber >= most) return undefined
        numberOf.set(value, lastNumber)
      }
    }
    indices[row] = lastNumber
    if (row % STEP_ROWS === STEP_ROWS - 1) yield
  }
  const type: Dictionary<Utf8> = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int16(), id)
  const dictionary: Vector<Utf8> = arrow.makeVector(toUtf8(arrow, [...numberOf.keys()] as string[]))
  return {
    type,
    slice(from, to) {
      const validity = createValidity(to - from)
      for (let row = from; row < to; row++) if ((indices[row] as number) >= 0) validity.set(row - from)
      const data = indices.slice(from, to).map((index) => Math.max(0, index))
      return arrow.makeData({ type, ...validity.take(), data, dictionary })
    },
  }
}
