/** Requests that Fastify cannot take as they are: URLs with stray percent signs, heads that cannot be parsed. */
import { errorBody } from './errors.ts'
import type { BaseHeaders } from './headers.ts'

/** Percent signs that encode nothing, or no UTF-8, stand for themselves or for U+FFFD, as in the original. */
export function repairUrl(url: string): string {
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

const REASONS = { 400: 'Bad Request', 431: 'Request Header Fields Too Large' } as const

/** A whole HTTP answer for a request that could not even be parsed. */
export function rawError(status: keyof typeof REASONS, base: BaseHeaders['record']): string {
  const body = errorBody(status, status === 431 ? 'The head of the request is too long' : 'Bad request')
  const headers = {
    ...base,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines.join('')}\r\n${body}`
}
