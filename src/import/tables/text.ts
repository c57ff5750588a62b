/** Text of files in the wild: byte order marks, UTF-16, and the encodings of Europe. */

export interface DecodedText {
  text: string
  /** What was odd about it. */
  note?: string
}

/** undefined where the bytes are no text. */
export function decodeText(bytes: Uint8Array): DecodedText | undefined {
  const [a, b, c] = bytes
  if (a === 0xff && b === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes), note: 'it is written in UTF-16' }
  if (a === 0xfe && b === 0xff)
    return { text: new TextDecoder('utf-16be').decode(bytes), note: 'it is written in UTF-16' }
  const body = a === 0xef && b === 0xbb && c === 0xbf ? bytes.subarray(3) : bytes
  if (body.subarray(0, 64 * 1024).includes(0)) return undefined
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(body) }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(body), note: 'it is not written in UTF-8; read as Latin-1' }
  }
}

export interface Line {
  /** From 1. */
  number: number
  text: string
}

/** Lines that say something: neither blank nor a comment (`#`, or `//` at the start). */
export function contentLines(text: string): Line[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ number: i + 1, text: line }))
    .filter(({ text: line }) => line.trim() !== '' && !/^\s*(?:#|\/\/|%)/.test(line))
}
