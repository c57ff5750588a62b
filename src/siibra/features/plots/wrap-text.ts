/**
 * Lines of at most `width` characters, broken as Python's `textwrap.wrap` breaks them: at blanks and behind the hyphens of
 * compound words, and where nothing else helps within words. Titles of figures depend on it.
 */
export function wrapText(text: string, width: number): string[] {
  const rest = splitChunks(text.replace(/\s/g, ' ')).reverse()
  const lines: string[] = []
  while (rest.length > 0) {
    if (lines.length > 0 && isBlank(rest.at(-1))) rest.pop()
    const line = takeLine(rest, width)
    if (line) lines.push(line)
  }
  return lines
}

const isBlank = (chunk: string | undefined): boolean => chunk?.trim() === ''

/** Blanks, dashes between words, and words, compound ones in parts that end with their hyphen. */
const CHUNK =
  /(\s+|(?<=[\p{L}\p{N}_!"'&.,?])-{2,}(?=[\p{L}\p{N}_])|\S+?(?:-(?:(?<=[\p{L}_]{2}-)|(?<=[\p{L}_]-[\p{L}\p{N}_!"'&.,?]-))(?=[\p{L}_]-?[\p{L}_])|(?=\s|$)|(?<=[\p{L}\p{N}_!"'&.,?])(?=-{2,}[\p{L}\p{N}_])))/u

const splitChunks = (text: string): string[] => text.split(CHUNK).filter(Boolean)

/** Takes chunks off the end of `rest` as long as they fit; a word longer than a line is cut. */
function takeLine(rest: string[], width: number): string {
  const line: string[] = []
  let length = 0
  let next = rest.at(-1)
  while (next !== undefined && length + next.length <= width) {
    line.push(next)
    length += next.length
    rest.pop()
    next = rest.at(-1)
  }
  if (next !== undefined && next.length > width) {
    const end = cutPosition(next, Math.max(1, width - length))
    line.push(next.slice(0, end))
    rest[rest.length - 1] = next.slice(end)
  }
  if (isBlank(line.at(-1))) line.pop()
  return line.join('')
}

/** Behind the last hyphen that fits, unless only hyphens come before it; else where the room ends. */
const cutPosition = (word: string, room: number): number => /^-*[^-].*-/.exec(word.slice(0, room))?.[0].length ?? room
