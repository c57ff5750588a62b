/** Longest line and most items that pandas writes of an index. */
const LINE_LENGTH = 80
const MAX_ITEMS = 100

/**
 * An index of whole numbers as pandas 2 writes it (`Index([37, 38], dtype='int64')`): ids of regional field potentials
 * are made of this text. Many numbers are wrapped into columns, more than a hundred cut to the first and last ten.
 */
export function formatIndex(rows: readonly number[]): string {
  const isCut = rows.length > MAX_ITEMS
  const attributes = [`dtype='int64'`, ...(isCut ? [`length=${rows.length}`] : [])]
  const shown = isCut ? [...rows.slice(0, 10), ...rows.slice(-10)] : [...rows]
  const texts = shown.map(String)
  const oneLine = `Index([${texts.join(', ')}], ${attributes.join(', ')})`
  if (!isCut && `[${texts.join(', ')}], `.length + 'Index('.length <= LINE_LENGTH) return oneLine
  const width = Math.max(...texts.map(({ length }) => length))
  const padded = texts.map((text) => text.padStart(width))
  const indent = ' '.repeat('Index(['.length)
  const lines: string[] = []
  let line = indent
  const add = (text: string) => {
    if (`${line}${text.trimEnd()}`.length >= LINE_LENGTH) {
      lines.push(line.trimEnd())
      line = indent
    }
    line += text
  }
  padded.forEach((text, i) => {
    const isLast = i === padded.length - 1
    add(isLast ? text : `${text}, `)
    if (isCut && i === 9) {
      lines.push(line.trimEnd(), `${indent}...`)
      line = indent
    }
  })
  lines.push(line)
  const body = lines.join('\n').slice(indent.length)
  return `Index([${body}],\n${' '.repeat('Index('.length)}${attributes.join(', ')})`
}
