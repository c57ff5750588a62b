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
  'Location',
  'Preference-Applied',
  'Content-Length',
  'Content-Range',
  'Accept-Ranges',
] as const

/** Headers that a preflight may ask for beside those that are always allowed. */
const SAFE_REQUEST_HEADERS = ['Accept', 'Accept-Language', 'Content-Language', 'Content-Type'] as const
const FURTHER_REQUEST_HEADERS = ['Authorization', 'Cache-Control', 'If-None-Match', 'Range', 'x-bypass-fastapi-cache']
const ALLOWED_REQUEST_HEADERS = [...SAFE_REQUEST_HEADERS, ...FURTHER_REQUEST_HEADERS]
/** What else a script may send to a route that does more than tell. */
const BODY_REQUEST_HEADERS = ['Content-Encoding', 'Prefer']

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
    // files of users and of other servers are what their type says, not what a browser makes of them
    'x-content-type-options': 'nosniff',
    ...(isDemo ? { 'x-siibra-api-configuration': 'demo' } : {}),
  }
  return { record, list: Object.entries(record).flat() }
}

export type Preflight = { ok: true; headers: Record<string, string> } | { ok: false; reason: string }

/**
 * What a preflight request gets: a closed list of headers, GET and HEAD, and what else the path has (`methods`). Where that is
 * nothing else, the answers are the recorded ones.
 */
export function answerPreflight(
  asked: string,
  requestedHeaders: string | undefined,
  methods: readonly string[] = [],
): Preflight {
  const further = methods.filter((method) => method !== 'GET' && method !== 'HEAD')
  if (asked !== 'GET' && asked !== 'HEAD' && !further.includes(asked))
    return { ok: false, reason: 'Disallowed CORS method' }
  const allowed = further.length === 0 ? ALLOWED_REQUEST_HEADERS : [...ALLOWED_REQUEST_HEADERS, ...BODY_REQUEST_HEADERS]
  const known = new Set(allowed.map((name) => name.toLowerCase()))
  const names = (requestedHeaders ?? '').split(',').map((name) => name.trim().toLowerCase())
  if (names.some((name) => name !== '' && !known.has(name))) return { ok: false, reason: 'Disallowed CORS headers' }
  return {
    ok: true,
    headers: {
      'access-control-allow-methods': ['GET', ...further].join(', '),
      'access-control-allow-headers': allowed.join(', '),
      'access-control-max-age': '600',
    },
  }
}
