import { PYTHON_MEDIA_TYPE } from './python-snippet.ts'

/** What of a request decides in which form it gets a cached answer. */
export interface PlainHead {
  acceptEncoding: string | undefined
  ifNoneMatch: string | undefined
  requestId: string | undefined
}

/** Lengths of the names below: other names need not be looked at. */
const LENGTHS = new Set([5, 6, 12, 13, 15, 22])

/**
 * Reads the head of a request, names and values in turn, unless something in it asks for more than the cached answer. Node's
 * `headers` makes an object of all of them first.
 */
export function plainHead(rawHeaders: readonly string[]): PlainHead | undefined {
  const head: PlainHead = { acceptEncoding: undefined, ifNoneMatch: undefined, requestId: undefined }
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    if (!LENGTHS.has(name.length)) continue
    const value = rawHeaders[i + 1] as string
    switch (name.toLowerCase()) {
      case 'authorization':
      case 'range':
      case 'x-bypass-fastapi-cache':
        return undefined
      case 'accept':
        if (value === PYTHON_MEDIA_TYPE) return undefined
        break
      case 'cache-control':
        if (value === 'no-cache') return undefined
        break
      // who says one of these twice is answered by node's rules
      case 'accept-encoding':
        if (head.acceptEncoding !== undefined) return undefined
        head.acceptEncoding = value
        break
      case 'if-none-match':
        if (head.ifNoneMatch !== undefined) return undefined
        head.ifNoneMatch = value
        break
      case 'x-request-id':
        if (head.requestId !== undefined) return undefined
        head.requestId = value
        break
    }
  }
  return head
}
