import { SiibraError } from '../../errors.ts'
import { describeBytes } from '../../retrieval/what-came.ts'
import { isGzip } from '../../volumes/inflate.ts'
import { type CsvOptions, parseCsvFrame } from '../data/csv.ts'
import type { Frame } from '../data/frame.ts'

const NEWLINE = 10

/**
 * A table out of a remote file. Nearly everything can be read as a table, so what is none has to be told by its looks:
 * throws BAD_DATA for nothing, markup, a heading without rows, and a last line that breaks off.
 */
export function parseTable(
  bytes: Uint8Array,
  url: string,
  options: CsvOptions,
  indexColumn: number | null = null,
): Frame {
  const refuse = (what: string, cause?: unknown) =>
    new SiibraError('BAD_DATA', `${url} is no table: ${what}`, { url }, { cause })
  const isMarkup = bytes[0] === 0x3c || (bytes[0] === 0xef && bytes[3] === 0x3c)
  if (bytes.length === 0 || isMarkup) throw refuse(`it is ${describeBytes(bytes)}`)
  let frame: Frame
  try {
    frame = parseCsvFrame(bytes, options, indexColumn)
  } catch (thrown) {
    throw refuse(`${describeBytes(bytes)} cannot be read: ${(thrown as Error).message}`, thrown)
  }
  if (frame.index.length === 0) throw refuse('there is no row below its heading')
  if (breaksOff(bytes, options)) throw refuse(`it breaks off after ${bytes.length} bytes, in row ${frame.index.length}`)
  return frame
}

/** Whether the last line is not ended, and has fewer fields than the first one. */
function breaksOff(bytes: Uint8Array, { delimiter, skipRows }: CsvOptions): boolean {
  if (isGzip(bytes) || bytes.at(-1) === NEWLINE) return false
  const lines = new TextDecoder()
    .decode(bytes)
    .split(/\r\n|\n|\r/)
    .slice(skipRows)
  const fieldCount = (line = '') => line.trim().split(delimiter.length > 1 ? new RegExp(delimiter) : delimiter).length
  return fieldCount(lines.at(-1)) < fieldCount(lines[0])
}
