import type { Api } from '../api.ts'
import type { ApiRequest } from '../http/exchange.ts'
import type { AskRoute } from './options.ts'

/** The largest answer that is read to be made short; of larger ones there is the link. */
const MAX_BYTES = 64 * 2 ** 20

/** Asks the routes of this service, with their criticality, their cache and their limits. */
export function askApi(api: Api): AskRoute {
  return async (path, accept, signal) => {
    const match = api.match(path)
    if (match === undefined) throw new Error(`${path} is no route`)
    const request: ApiRequest = {
      method: 'GET',
      url: path,
      headers: { accept },
      isInner: false,
      cacheOutcome: 'none',
      onGone(callback) {
        if (signal.aborted) callback()
        signal.addEventListener('abort', callback, { once: true })
        return () => signal.removeEventListener('abort', callback)
      },
    }
    const { status, headers, body = '' } = await api.answer(request, match)
    const at = headers.indexOf('content-type')
    const contentType = at < 0 ? '' : (headers[at + 1] as string)
    if (typeof body === 'string') return { status, contentType, bytes: Buffer.from(body) }
    if (body instanceof Uint8Array) return { status, contentType, bytes: body }
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      length += chunk.length
      if (length > MAX_BYTES) throw new Error(`The answer has more than ${MAX_BYTES} bytes: take the link`)
      chunks.push(chunk)
    }
    return { status, contentType, bytes: Buffer.concat(chunks) }
  }
}
