/**
 * Values of headers that hold names from requests or data: percent-encoded, as headers carry ASCII alone, and bounded, as
 * proxies refuse long heads.
 */

/** Names what an answer lacks; where that may come back, the answer is not to be kept by anyone. */
export const GAPS_HEADER = 'x-siibra-gaps'
/** Its value where sources were away: asked for again, the answer is made anew. */
export const SOURCES_GAP = 'sources'

const MAX_NAME_LENGTH = 100
const MAX_VALUE_LENGTH = 512
/** Stands at the end of a list that was cut. */
const FURTHER = '...'

/**
 * Names for a header, percent-encoded and separated by `, `; at most 512 characters, names cut after 100 characters. A list
 * that is cut ends with `...`.
 */
export function headerList(names: Iterable<string>): string {
  let value = ''
  for (const name of names) {
    const next = value === '' ? encodeName(name) : `${value}, ${encodeName(name)}`
    if (next.length > MAX_VALUE_LENGTH - FURTHER.length - 2) return value === '' ? FURTHER : `${value}, ${FURTHER}`
    value = next
  }
  return value
}

/** Half of a surrogate pair, as a cut leaves it, cannot be encoded: by way of bytes it becomes U+FFFD. */
function encodeName(name: string): string {
  const text = Buffer.from(name.slice(0, MAX_NAME_LENGTH)).toString()
  return encodeURIComponent(text) + (name.length > MAX_NAME_LENGTH ? FURTHER : '')
}
