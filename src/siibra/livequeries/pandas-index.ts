/** Longest line and most items that pandas writes of an index. */
const LINE_LENGTH = 80
const MAX_ITEMS = 100

const INDENT = ' '.repeat('Index(['.length)

/**
 * An index of whole numbers as pandas 2 writes it (`Index([37, 38], dtype='int64')`): ids of regional field potentials
 * are made of this text. Many numbers are wrapped into lines, and into columns where they would fill a line without
 * brackets; of more than a hundred, the first and last ten are told.
 */
export function formatIndex(rows: readonly number[]): string {
  const isCut = rows.length > MAX_ITEMS
  const attributes = [`dtype='int64'`, ...(isCut ? [`length=${rows.length}`] : [])]
  const texts = (isCut ? [...rows.slice(0, 10), ...rows.slice(-10)] : rows).map(String)
  const isAligned = isCut || texts.join(', ').length >= LINE_LENGTH
  const width = isAligned ? Math.max(...texts.map(({ length }) => length)) : 0
  const lines: string[] = []
  let line = INDENT
  const endLine = () => {
    lines.push(line.trimEnd())
    line = INDENT
  }
  texts.forEach((text, i) => {
    const isLast = i === texts.length - 1
    const item = text.padStart(width) + (isLast ? '' : ',')
    // the last one has no comma, and leaves room for the bracket and another
    if (line.length + item.length >= (isLast ? LINE_LENGTH - 2 : LINE_LENGTH)) endLine()
    line += `${item} `
    if (isCut && i === 9) {
      endLine()
      lines.push(`${INDENT}...`)
    }
  })
  endLine()
  const body = lines.join('\n').slice(INDENT.length)
  const space = lines.length === 1 ? ' ' : `\n${INDENT.slice(1)}`
  return `Index([${body}],${space}${attributes.join(', ')})`
}
