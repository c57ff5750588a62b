import { SiibraError } from '../../errors.ts'

/**
 * The fields of delimited text, row by row; lines with nothing but blanks are left out. A one-character delimiter may stand between
 * double quotes, as may line ends; a quote in a quoted field is written twice, and one in the middle of another field is a character
 * like others, as pandas reads them. Longer delimiters are regular expressions and know no quotes.
 * @throws BAD_DATA where a quoted field does not end.
 */
export function splitRows(text: string, delimiter: string): string[][] {
  if (delimiter.length === 1 && text.includes('"')) return splitQuoted(text, delimiter)
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '')
  if (delimiter.length === 1) return lines.map((line) => line.split(delimiter))
  const pattern = new RegExp(delimiter)
  return lines.map((line) => line.trim().split(pattern))
}

/** Up to the delimiter, the line end or the end of the text. */
function splitQuoted(text: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let wasQuoted = false
  let at = 0
  /** Nothing, as between the two signs of a line end, is no row. */
  const endRow = () => {
    row.push(field)
    if (row.length > 1 || wasQuoted || field.trim() !== '') rows.push(row)
    row = []
    field = ''
    wasQuoted = false
  }
  while (at < text.length) {
    const character = text[at] as string
    if (character === '"' && field === '' && !wasQuoted) {
      ;[field, at] = readQuoted(text, at + 1)
      wasQuoted = true
      continue
    }
    at++
    if (character === delimiter) {
      row.push(field)
      field = ''
      wasQuoted = false
    } else if (character === '\n' || character === '\r') endRow()
    else field += character
  }
  endRow()
  return rows
}

/** What stands between quotes, from behind the first of them, and where it goes on behind the last. */
function readQuoted(text: string, from: number): [field: string, at: number] {
  let field = ''
  let at = from
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) throw new SiibraError('BAD_DATA', `a quoted field that begins at character ${from - 1} does not end`)
    field += text.slice(at, quote)
    if (text[quote + 1] !== '"') return [field, quote + 1]
    field += '"'
    at = quote + 2
  }
}
