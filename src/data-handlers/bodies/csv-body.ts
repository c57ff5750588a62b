import { bodyError } from '../../tasks/answer/body.ts'

/** Lines of CSV with the number at which each begins; empty ones are left out. Fields in quotes may hold commas, quotes and line ends. */
export function* readCsv(text: string): Generator<{ cells: string[]; line: number }> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let line = 1
  while (at < text.length) {
    const end = endOfLine(text, at)
    const row = text.slice(at, end)
    if (!row.includes('"')) {
      if (row.trim() !== '') yield { cells: row.replace(/\r$/, '').split(','), line }
      line++
      at = end + 1
      continue
    }
    const quoted = readQuoted(text, at, line)
    yield { cells: quoted.cells, line }
    line += quoted.lines
    at = quoted.end
  }
}

/** The number in a cell, as people and JSON write numbers. Throws INVALID_PARAMETER with line and column. */
export function readNumber(text = '', column = '', line = 0, least = Number.NEGATIVE_INFINITY): number {
  const trimmed = text.trim()
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed) ? Number(trimmed) : Number.NaN
  if (Number.isFinite(value) && value >= least) return value
  const expected = least === 0 ? 'a number from 0 on' : 'a number'
  throw bodyError(`Line ${line}, column ${column}: '${trimmed.slice(0, 40)}' is not ${expected}`, { line, column })
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

function readQuoted(text: string, from: number, line: number): { cells: string[]; end: number; lines: number } {
  const cells: string[] = []
  let cell = ''
  let lines = 1
  let at = from
  for (; at < text.length && text[at] !== '\n'; at++) {
    const sign = text[at]
    if (sign === ',') {
      cells.push(cell)
      cell = ''
    } else if (sign !== '"') cell += sign
    else {
      const close = closingQuote(text, at + 1)
      if (close < 0) throw bodyError(`Line ${line}: a quote is not closed`, { line })
      const inner = text.slice(at + 1, close)
      lines += inner.split('\n').length - 1
      cell += inner.replaceAll('""', '"')
      at = close
    }
  }
  cells.push(cell.replace(/\r$/, ''))
  return { cells, end: at + 1, lines }
}

/** The quote that ends a field: one that no other follows. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at
  return -1
}
