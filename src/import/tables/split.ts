/** Text parted into records and cells: by a delimiter, or by blanks. */
import { contentLines } from './text.ts'

/** A row of cells. */
export interface Record {
  /** null where a file has none that says anything. */
  line: number | null
  cells: string[]
}

/** The delimiter that parts all lines into the same number of columns, at least two; undefined: blanks. */
export function findDelimiter(text: string): string | undefined {
  const lines = contentLines(text)
    .slice(0, 200)
    .map((line) => line.text)
  return (
    bestDelimiter((delimiter) => lines.map((line) => splitLine(line, delimiter).length)) ??
    // a cell of several lines parts none of them evenly
    bestDelimiter((delimiter) => parseCsv(lines.join('\n'), delimiter).map(({ cells }) => cells.length))
  )
}

function bestDelimiter(widthsOf: (delimiter: string) => number[]): string | undefined {
  const scores = ['\t', ';', ',', '|'].map((delimiter) => {
    const widths = widthsOf(delimiter)
    // a title above the heading has a width of its own
    const body = widths.length > 3 && widths[0] === 1 ? widths.slice(1) : widths
    const [first = 1] = body
    const same = body.filter((count) => count === first).length
    return { delimiter, columns: first, share: same / body.length }
  })
  const fitting = scores.filter(({ columns, share }) => columns >= 2 && share >= 0.9)
  return fitting.sort((a, b) => b.share - a.share || b.columns - a.columns)[0]?.delimiter
}

/** One line without line breaks in its cells. */
function splitLine(line: string, delimiter: string): string[] {
  return parseCsv(line, delimiter)[0]?.cells ?? []
}

/** Cells in quotation marks may hold delimiters, line breaks and doubled marks. */
function parseCsv(text: string, delimiter: string): Record[] {
  const records: Record[] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  let wasQuoted = false
  /** Whether the cell has held blanks only so far: asking the cell itself would cost its length at each quotation mark. */
  let isBlank = true
  let line = 1
  let startLine = 1
  const endCell = () => {
    cells.push(wasQuoted ? cell : cell.trim())
    cell = ''
    wasQuoted = false
    isBlank = true
  }
  const endRecord = () => {
    endCell()
    if (cells.some((one) => one !== '')) records.push({ line: startLine, cells })
    cells = []
  }
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (isQuoted) {
      if (char === '"' && text[at + 1] === '"') {
        cell += '"'
        isBlank = false
        at++
      } else if (char === '"') isQuoted = false
      else {
        if (char === '\n') line++
        if (!/\s/.test(char)) isBlank = false
        cell += char
      }
    } else if (char === '"' && isBlank) {
      isQuoted = true
      wasQuoted = true
      cell = ''
    } else if (char === delimiter) endCell()
    else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[at + 1] === '\n') at++
      endRecord()
      line++
      startLine = line
    } else if (!/\s/.test(char)) {
      cell += char
      isBlank = false
    } else if (!wasQuoted) cell += char
  }
  endRecord()
  return records
}

export function splitByDelimiter(text: string, delimiter: string): Record[] {
  const comments = new Set<number>()
  const kept = new Set(contentLines(text).map(({ number }) => number))
  const lines = text.split(/\r\n|\n|\r/)
  lines.forEach((_, i) => {
    if (!kept.has(i + 1)) comments.add(i + 1)
  })
  return parseCsv(text, delimiter).filter(
    ({ line, cells }) => !(line !== null && comments.has(line) && /^\s*[#%]/.test(cells[0] ?? '')),
  )
}

/** `index name`, `index name code`, `code name value`: a name may hold blanks where numbers stand around it. */
export function splitByBlanks(text: string): Record[] | undefined {
  const lines = contentLines(text)
  const numberFirst = lines.filter(({ text: line }) => /^\s*-?\d+\s+\S/.test(line)).length
  const numberLast = lines.filter(({ text: line }) => /\S\s+-?\d+\s*$/.test(line)).length
  // `index name code` where the third column of nearly all lines is a number
  const hasBoth =
    lines.filter(({ text: line }) => /^\s*-?\d+\s+\S.*\s-?\d+\s*$/.test(line)).length >= 0.9 * lines.length
  if (numberFirst >= 0.9 * lines.length) {
    return lines.map(({ number, text: line }) => {
      // some lines may lack the third column (AAL3's names without voxels)
      const whole = hasBoth ? /^\s*(-?\d+)\s+(.*\S)\s+(-?\d+)\s*$/.exec(line) : null
      const match = whole ?? /^\s*(-?\d+)\s+(.*\S)\s*$/.exec(line)
      return {
        line: number,
        cells: match ? match.slice(1).map((cell) => cell.replace(/^"(.*)"$/, '$1')) : [line.trim()],
      }
    })
  }
  if (numberLast >= 0.9 * lines.length) {
    return lines.map(({ number, text: line }) => {
      const match = /^\s*(\S+)\s+(\S.*?)\s+(-?\d+)\s*$/.exec(line) ?? /^\s*()(\S.*?)\s+(-?\d+)\s*$/.exec(line)
      return { line: number, cells: match ? match.slice(1) : [line.trim()] }
    })
  }
  const records = lines.map(({ number, text: line }) => ({ line: number, cells: line.trim().split(/\s+/) }))
  const width = records[0]?.cells.length ?? 0
  return width >= 2 && records.every(({ cells }) => cells.length === width) ? records : undefined
}
