/**
 * Delimited text, read as pandas' `read_csv` reads it with the options that configurations use:
 * one-character delimiters, regular expressions (`\s+`, two blanks), skipped rows, gzip, with or without a heading.
 */
import { SiibraError } from '../../errors.ts'
import { gunzipBounded, isGzip } from '../../volumes/inflate.ts'
import { splitRows } from './csv-rows.ts'
import type { Cell, Column, Frame, Matrix } from './frame.ts'
import { rangeIndex } from './frame.ts'
import { BLANK, DOT, MINUS, NEWLINE, PLUS, POWERS, parsePlainMatrix, RETURN, TAB, ZERO } from './plain-matrix.ts'

/** The `decoder` of a specification: `siibra/decoder/csv`, in pandas' words. */
export interface CsvOptions {
  delimiter: string
  /** `infer`: the first line holds the column names; null: there are none. */
  header: 'infer' | null
  skipRows: number
  compression: 'gzip' | null
}

/** Reads the `decoder` property of a feature specification. */
export function parseCsvOptions(decoder: unknown): CsvOptions {
  const spec = (decoder ?? {}) as Record<string, unknown>
  const type = String(spec['@type'] ?? '')
  if (!type.endsWith('csv')) throw new SiibraError('UNSUPPORTED', `decoder ${JSON.stringify(type)} is not supported`)
  const delimiter = spec.delimiter ?? spec.sep ?? ','
  return {
    delimiter: String(delimiter),
    header: spec.header === null ? null : 'infer',
    skipRows: typeof spec.skiprows === 'number' ? spec.skiprows : 0,
    compression: spec.compression === 'gzip' ? 'gzip' : null,
  }
}

const decompress = (bytes: Uint8Array, options: CsvOptions): Uint8Array =>
  options.compression === 'gzip' || isGzip(bytes) ? gunzipBounded(bytes) : bytes

/**
 * Reads a table of numbers without headings, quickly: matrices have up to 200 files of 500 kB each.
 * Every number is the double nearest to its text. Empty fields are NaN; rows may end in a delimiter.
 * With `isBorrowed` the values may be overwritten by the next call: for who only adds them up.
 * @throws BAD_DATA where a field is no number, or rows differ in length.
 */
export function parseCsvMatrix(compressed: Uint8Array, options: CsvOptions, isBorrowed = false): Matrix {
  const bytes = decompress(compressed, options)
  const end = bytes.length
  let at = 0
  for (let skipped = 0; skipped < options.skipRows && at < end; skipped++) {
    const newline = bytes.indexOf(NEWLINE, at)
    at = newline < 0 ? end : newline + 1
  }
  const blankRuns = /^(\\s\+|\\t\+|\s{2,}|\[.*\]\+)$/.test(options.delimiter)
  const delimiter = blankRuns ? BLANK : options.delimiter.charCodeAt(0)
  if (!blankRuns && options.delimiter.length > 1) {
    throw new SiibraError('UNSUPPORTED', `delimiter ${JSON.stringify(options.delimiter)} is not supported for matrices`)
  }
  const plain = blankRuns ? undefined : parsePlainMatrix(bytes, at, delimiter, isBorrowed)
  if (plain) return plain
  const isDelimiter = blankRuns
    ? (byte: number) => byte === BLANK || byte === TAB
    : (byte: number) => byte === delimiter
  let values = new Float64Array(Math.max(16, end >> 2))
  let count = 0
  let rowCount = 0
  let columnCount = -1
  let integral = true
  while (at < end) {
    const rowStart = count
    let pending = false
    let first = bytes[at]!
    if (blankRuns) while (at < end && isDelimiter(first)) first = bytes[++at]!
    while (at < end) {
      const byte = bytes[at]!
      if (byte === NEWLINE || byte === RETURN) break
      if (count === values.length) values = grown(values)
      if (isDelimiter(byte)) {
        if (blankRuns) {
          while (at < end && isDelimiter(bytes[at]!)) at++
        } else {
          if (pending || count === rowStart) {
            values[count++] = Number.NaN
            integral = false
          }
          at++
        }
        pending = true
        continue
      }
      pending = false
      const start = at
      let negative = false
      if (byte === MINUS || byte === PLUS) {
        negative = byte === MINUS
        at++
      }
      const begin = at
      let mantissa = 0
      let digits = 0
      let decimals = -1
      for (; at < end; at++) {
        const digit = bytes[at]! - ZERO
        if (digit >= 0 && digit <= 9) {
          mantissa = mantissa * 10 + digit
          if (mantissa > 0) digits++
          if (decimals >= 0) decimals++
        } else if (bytes[at] === DOT && decimals < 0) decimals = 0
        else break
      }
      const stop = bytes[at]
      const atEnd = at >= end || stop === NEWLINE || stop === RETURN || isDelimiter(stop!)
      // a sign or a point alone is no number
      if (atEnd && digits <= 15 && decimals <= 22 && at > begin + (decimals >= 0 ? 1 : 0)) {
        const size = decimals > 0 ? mantissa / POWERS[decimals]! : mantissa
        values[count++] = negative ? -size : size
        if (decimals >= 0) integral = false
      } else {
        while (at < end && bytes[at] !== NEWLINE && bytes[at] !== RETURN && !isDelimiter(bytes[at]!)) at++
        values[count++] = parseField(bytes, start, at)
        integral = false
      }
    }
    while (at < end && (bytes[at] === NEWLINE || bytes[at] === RETURN)) at++
    const length = count - rowStart
    if (length === 0) continue
    if (columnCount < 0) columnCount = length
    if (length !== columnCount) {
      throw new SiibraError('BAD_DATA', `row ${rowCount} of a matrix has ${length} values, row 0 has ${columnCount}`)
    }
    rowCount++
  }
  return { rowCount, columnCount: Math.max(columnCount, 0), values: values.slice(0, count), integral }
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}

const MISSING = new Set(['', 'nan', 'NaN', 'NA', 'N/A', 'n/a', 'null', 'NULL', 'None', '<NA>', '#N/A', '-nan', '-NaN'])

function parseField(bytes: Uint8Array, start: number, end: number): number {
  const text = new TextDecoder().decode(bytes.subarray(start, end)).trim()
  if (MISSING.has(text)) return Number.NaN
  const value = parseNumber(text)
  if (value === null)
    throw new SiibraError(
      'BAD_DATA',
      `a field of ${text.length} characters at byte ${start} of a matrix is not a number`,
    )
  return value
}

function parseNumber(text: string): number | null {
  if (/^[-+]?(inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (!/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) return null
  return Number(text)
}

/** Whole number column, decimal column, or texts, as pandas infers it. */
function inferColumn(name: string, texts: readonly (string | undefined)[]): Column {
  const numbers = texts.map((text) =>
    text === undefined || MISSING.has(text.trim()) ? null : parseNumber(text.trim()),
  )
  const isNumeric = texts.every((text, i) => text === undefined || MISSING.has(text.trim()) || numbers[i] !== null)
  if (!isNumeric) {
    const values: Cell[] = texts.map((text) => (text === undefined || MISSING.has(text) ? null : text))
    return { name, type: 'object', values }
  }
  const integral = texts.every((text) => text !== undefined && /^\s*[-+]?\d+\s*$/.test(text))
  return { name, type: integral ? 'int64' : 'float64', values: numbers }
}

function skipLines(text: string, count: number): string {
  const lineEnd = /\r\n|\n|\r/g
  for (let skipped = 0; skipped < count; skipped++) if (lineEnd.exec(text) === null) return ''
  return text.slice(lineEnd.lastIndex)
}

/**
 * Reads a table with column names in its first line.
 * @param indexColumn number of the column that holds the row labels; null: rows are counted from 0.
 */
export function parseCsvFrame(
  compressed: Uint8Array,
  options: CsvOptions,
  indexColumn: number | null = null,
  encoding: 'utf-8' | 'latin1' = 'utf-8',
): Frame {
  const text = new TextDecoder(encoding).decode(decompress(compressed, options))
  const rows = splitRows(skipLines(text, options.skipRows), options.delimiter)
  const names = options.header === null ? (rows[0] ?? []).map((_, i) => String(i)) : (rows.shift() ?? [])
  const columns = names.map((name, c) =>
    inferColumn(
      name,
      rows.map((row) => row[c]),
    ),
  )
  const labels = indexColumn === null ? undefined : columns[indexColumn]
  if (!labels) return { indexName: null, indexType: 'int64', index: rangeIndex(rows.length), columns }
  return {
    indexName: labels.name,
    indexType: labels.type,
    index: labels.values.map((value) => (typeof value === 'number' ? value : String(value ?? ''))),
    columns: columns.filter((column) => column !== labels),
  }
}

/** Tab-separated values with a heading, as receptor densities and power spectra come. */
export const TSV: CsvOptions = { delimiter: '\t', header: 'infer', skipRows: 0, compression: null }

/** Values between single blanks with a heading, as cell segmentations come. */
export const BLANK_SEPARATED: CsvOptions = { delimiter: ' ', header: 'infer', skipRows: 0, compression: null }
