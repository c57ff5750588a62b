/** Requests that Fastify cannot take as they are: URLs with stray percent signs, heads that cannot be parsed. */
import { STATUS_CODES } from 'node:http'
import { errorBody } from './errors.ts'
import type { BaseHeaders } from './headers.ts'

/**
 * The path and query of a request target. Percent signs that encode nothing, or no UTF-8, stand for themselves or for U+FFFD,
 * as in the original. Of the absolute form (`GET http://host/path`, as proxies are asked) the host is left out.
 */
export function repairUrl(target: string): string {
  const url = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*\/?/i, '/')
  if (!url.includes('%')) return url
  try {
    decodeURIComponent(url)
    return url
  } catch {
    return url.replace(/(?:%[0-9a-f]{2})+/gi, decodeLeniently).replace(/%(?![0-9a-f]{2})/gi, '%25')
  }
}

function decodeLeniently(encoded: string): string {
  return encodeURIComponent(Buffer.from(encoded.replaceAll('%', ''), 'hex').toString('utf8'))
}

/** Why a request does not come to a route. */
const REFUSALS = {
  400: 'Bad request: it could not be parsed',
  408: 'The request did not come in time',
  413: 'The body of the request is too long',
  417: 'The only expectation that is met is 100-continue',
  431: 'The head of the request is too long',
} as const
type RefusedStatus = keyof typeof REFUSALS

/** The status of an error of node's parser. */
export function statusOfParseError(code: string | undefined): RefusedStatus {
  if (code === 'HPE_HEADER_OVERFLOW') return 431
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
}

/** A whole HTTP answer for a request that does not even come to a route; the connection is closed after it. */
export function rawError(
  status: RefusedStatus,
  base: BaseHeaders['record'],
  detail: string = REFUSALS[status],
): string {
  const body = errorBody(status, detail)
  const headers = {
    ...base,
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
    date: new Date().toUTCString(),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`
}
