/** Texts and bytes of a table, in pieces of a size that costs a fraction of a millisecond to make. */

/** How many characters are made before they become bytes. */
export const CHUNK_CHARS = 32 * 1024

/** Texts as UTF-8, a chunk at a time. */
export function* toChunks(texts: Iterable<string>): Generator<Uint8Array> {
  let text = ''
  for (const part of texts) {
    text += part
    if (text.length < CHUNK_CHARS) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}
