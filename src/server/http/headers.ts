/** Headers that every answer has, errors too: CORS, and the version that siibra-explorer checks. */
import type { HeaderList } from './exchange.ts'

/** Headers that scripts of other origins may read. */
export const EXPOSED_HEADERS = [
  'x-siibra-api-version',
  'x-siibra-api-configuration',
  'x-siibra-match',
  'x-siibra-ignored',
  'x-siibra-gaps',
  'x-siibra-note',
  'x-fastapi-cache',
  'x-request-id',
  'ETag',
  'Retry-After',
  'Content-Disposition',
  'Content-Length',
  'Content-Range',
  'Accept-Ranges',
] as const

/** Headers that a preflight may ask for beside those that are always allowed. */
const SAFE_REQUEST_HEADERS = ['Accept', 'Accept-Language', 'Content-Language', 'Content-Type'] as const
const FURTHER_REQUEST_HEADERS = ['Authorization', 'Cache-Control', 'If-None-Match', 'Range', 'x-bypass-fastapi-cache']
const ALLOWED_REQUEST_HEADERS = [...SAFE_REQUEST_HEADERS, ...FURTHER_REQUEST_HEADERS]
const ALLOWED_LOWER = new Set(ALLOWED_REQUEST_HEADERS.map((name) => name.toLowerCase()))

export const CACHE_HEADER = 'x-fastapi-cache'

/** The headers that every answer has, in both forms. */
export interface BaseHeaders {
  record: Readonly<Record<string, string>>
  list: Readonly<HeaderList>
}

export function baseHeaders(version: string, isDemo: boolean): BaseHeaders {
  const record = {
    'access-control-allow-origin': '*',
    'access-control-expose-headers': EXPOSED_HEADERS.join(', '),
    'x-siibra-api-version': version,
    ...(isDemo ? { 'x-siibra-api-configuration': 'demo' } : {}),
  }
  return { record, list: Object.entries(record).flat() }
}

export type Preflight = { ok: true; headers: Record<string, string> } | { ok: false; reason: string }

/** What a preflight request gets: GET and HEAD, and a closed list of headers. */
export function answerPreflight(method: string, requestedHeaders: string | undefined): Preflight {
  if (method !== 'GET' && method !== 'HEAD') return { ok: false, reason: 'Disallowed CORS method' }
  const asked = (requestedHeaders ?? '').split(',').map((name) => name.trim().toLowerCase())
  if (asked.some((name) => name !== '' && !ALLOWED_LOWER.has(name)))
    return { ok: false, reason: 'Disallowed CORS headers' }
  return {
    ok: true,
    headers: {
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': ALLOWED_REQUEST_HEADERS.join(', '),
      'access-control-max-age': '600',
    },
  }
}
