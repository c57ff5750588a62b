/** Requests that the service sends to itself, to fill its caches: not counted, not logged, of the lowest priority. */
import type { Api } from './api.ts'
import type { ApiRequest } from './http/exchange.ts'

export interface InnerAnswer {
  status: number
  body: string
}

export async function askInside(api: Api, url: string): Promise<InnerAnswer> {
  const match = api.match(url)
  if (match === undefined) return { status: 404, body: '' }
  const request: ApiRequest = {
    method: 'GET',
    url,
    headers: {},
    isInner: true,
    cacheOutcome: 'none',
    onGone: () => () => {},
  }
  const { status, body = '' } = await api.answer(request, match)
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) throw new Error(`${url} is a stream`)
  return { status, body: typeof body === 'string' ? body : Buffer.from(body).toString() }
}
