import { DEMANDING_LENGTHS, demandOf } from './kept-rules.ts'

/** What of a request decides in which form it gets a cached answer. */
export interface PlainHead {
  accept: string | undefined
  acceptEncoding: string | undefined
  ifNoneMatch: string | undefined
  requestId: string | undefined
}

/** Names that are read, and the property that each goes to. */
const READ: Readonly<Record<string, keyof PlainHead>> = {
  accept: 'accept',
  'accept-encoding': 'acceptEncoding',
  'if-none-match': 'ifNoneMatch',
  'x-request-id': 'requestId',
}
/** Lengths of the names that matter: other names need not be looked at. */
const LENGTHS = new Set([...DEMANDING_LENGTHS, ...Object.keys(READ).map((name) => name.length)])

/**
 * Reads the head of a request, names and values in turn, unless something in it asks for more than the cached answer. Node's
 * `headers` makes an object of all of them first.
 */
export function plainHead(rawHeaders: readonly string[]): PlainHead | undefined {
  const head: PlainHead = { accept: undefined, acceptEncoding: undefined, ifNoneMatch: undefined, requestId: undefined }
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const given = rawHeaders[i] as string
    if (!LENGTHS.has(given.length)) continue
    const name = given.toLowerCase()
    const value = rawHeaders[i + 1] as string
    if (demandOf(name, value) !== undefined) return undefined
    const property = READ[name]
    if (property === undefined) continue
    // who says one of these twice is answered by node's rules
    if (head[property] !== undefined) return undefined
    head[property] = value
  }
  return head
}
