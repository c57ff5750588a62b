import type { Matrix } from './frame.ts'

export const NEWLINE = 10
export const RETURN = 13
export const BLANK = 32
export const TAB = 9
export const MINUS = 45
export const PLUS = 43
export const DOT = 46
export const ZERO = 48

/** Powers of ten that a double holds exactly: dividing by one of them rounds once, so the result is the nearest double. */
export const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i)

/** Where numbers are gathered before their count is known; clearing a new one for every file would cost as much again. */
let scratch = new Float64Array(0)

/**
 * Numbers with sign, digits and a point only, one delimiter between each two: nearly all matrices, at twice the speed.
 * `undefined` where anything else stands in the file.
 * @param start where the first line begins, in bytes
 * @param delimiter the character between two numbers
 * @param isBorrowed the values may be overwritten by the next call
 */
export function parsePlainMatrix(
  text: Uint8Array,
  start: number,
  delimiter: number,
  isBorrowed: boolean,
): Matrix | undefined {
  const bytes = withFinalNewline(text)
  const end = bytes.length
  const room = (end - start + 2) >> 1
  if (scratch.length < room) scratch = new Float64Array(room)
  const values = scratch
  let count = 0
  let rowStart = 0
  let rowCount = 0
  let columnCount = -1
  let hasPoint = false
  let at = start
  // Every number and line ends before the newline that ends the text, so no byte behind it is read.
  while (at < end) {
    let byte = bytes[at]!
    if (byte === NEWLINE && count === rowStart) {
      at++
      continue
    }
    const isNegative = byte === MINUS
    if (isNegative) byte = bytes[++at]!
    let mantissa = 0
    let digits = -at
    for (let digit = byte - ZERO; digit >= 0 && digit <= 9; digit = byte - ZERO) {
      mantissa = mantissa * 10 + digit
      byte = bytes[++at]!
    }
    digits += at
    let decimals = 0
    if (byte === DOT) {
      hasPoint = true
      byte = bytes[++at]!
      decimals = -at
      for (let digit = byte - ZERO; digit >= 0 && digit <= 9; digit = byte - ZERO) {
        mantissa = mantissa * 10 + digit
        byte = bytes[++at]!
      }
      decimals += at
      digits += decimals
    }
    if (digits === 0 || digits > 15) return undefined
    const size = decimals > 0 ? mantissa / POWERS[decimals]! : mantissa
    values[count++] = isNegative ? -size : size
    if (byte === RETURN) byte = bytes[++at]!
    at++
    if (byte === delimiter) continue
    if (byte !== NEWLINE) return undefined
    if (columnCount < 0) columnCount = count
    if (count - rowStart !== columnCount) return undefined
    rowStart = count
    rowCount++
  }
  const own = isBorrowed ? values.subarray(0, count) : values.slice(0, count)
  return { rowCount, columnCount: Math.max(columnCount, 0), values: own, integral: !hasPoint }
}

function withFinalNewline(text: Uint8Array): Uint8Array {
  if (text.at(-1) === NEWLINE) return text
  const longer = new Uint8Array(text.length + 1)
  longer.set(text)
  longer[text.length] = NEWLINE
  return longer
}
