import type { ErrorDetails } from '../../siibra/errors.ts'
import type { TaskResult } from '../../tasks/task.ts'
import type { CacheEntry } from '../cache/cache.ts'
import { negotiateEncoding } from '../cache/compress.ts'
import type { RouteRecord } from '../routes/route.ts'
import { errorBody, type ParameterProblem, retryAfterS, STATUS_OF } from './errors.ts'
import type { Answer, ApiRequest, HeaderList } from './exchange.ts'

/** The answer of a handler in the form in which it is kept and sent. */
export function toEntry(result: TaskResult & { ok: true }, staleAtMs: number, expiresAtMs: number): CacheEntry {
  const { status, contentType, headers, etag, body } = result
  return { status, contentType, headers, etag, bodies: { identity: body }, staleAtMs, expiresAtMs }
}

/** What of a request decides the form of its answer. */
export interface AnswerRequest {
  isHead: boolean
  acceptEncoding: string | undefined
  ifNoneMatch: string | undefined
  range: string | undefined
  ifRange: string | undefined
}

export function answerRequest({ method, headers }: Pick<ApiRequest, 'method' | 'headers'>): AnswerRequest {
  return {
    isHead: method === 'HEAD',
    acceptEncoding: headers['accept-encoding'] as string | undefined,
    ifNoneMatch: headers['if-none-match'],
    range: headers.range,
    ifRange: headers['if-range'] as string | undefined,
  }
}

export type PreparedAnswer = Answer & { body: Uint8Array | undefined }

/** Chooses encoding, answers conditional requests and ranges (of files, not of JSON). */
export function prepareAnswer(entry: CacheEntry, request: AnswerRequest, cacheControl: string): PreparedAnswer {
  const { status, contentType, etag, bodies } = entry
  const headers: HeaderList = ['etag', etag, 'vary', 'Accept-Encoding, Accept']
  const isFile = !contentType.startsWith('application/json')
  if (isFile) headers.push('accept-ranges', 'bytes')
  const range = isFile ? parseRange(request, etag, bodies.identity.byteLength) : undefined
  const isKnown = matchesEtag(request.ifNoneMatch, etag)
  if (range === 'unsatisfiable' && !isKnown) return refuseRange(headers, bodies.identity.byteLength)
  headers.push('content-type', contentType, 'cache-control', cacheControl)
  for (const name in entry.headers) if (name !== 'cache-control') headers.push(name, entry.headers[name] as string)
  if (isKnown) return { status: 304, headers, body: undefined }
  if (typeof range === 'object') {
    headers.push('content-range', `bytes ${range.start}-${range.end}/${bodies.identity.byteLength}`)
    return withBody(206, headers, bodies.identity.subarray(range.start, range.end + 1), request.isHead)
  }
  const encoding = negotiateEncoding(request.acceptEncoding, bodies)
  if (encoding !== 'identity') headers.push('content-encoding', encoding)
  return withBody(status, headers, bodies[encoding] ?? bodies.identity, request.isHead)
}

function refuseRange(headers: HeaderList, bytes: number): PreparedAnswer {
  const refusal = errorAnswer(416, rangeRefusal(bytes), {}, [...headers, 'content-range', `bytes */${bytes}`])
  return { ...refusal, body: Buffer.from(refusal.body as string) }
}

/** Why a range of a file is refused. */
export const rangeRefusal = (bytes: number) => `The header Range asks for bytes behind the end: there are ${bytes}`

function withBody(status: number, headers: HeaderList, body: Uint8Array, isHead: boolean): PreparedAnswer {
  headers.push('content-length', String(body.byteLength))
  return { status, headers, body: isHead ? undefined : body }
}

/** `If-None-Match`, weakly compared, as for GET and HEAD. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((candidate) => {
    const tag = candidate.trim()
    return tag === '*' || tag === etag || tag === `W/${etag}`
  })
}

/** One range of bytes; several, or a form that is not understood, mean the whole. */
export function parseRange(
  { range, ifRange }: AnswerRequest,
  etag: string,
  sizeBytes: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return undefined
  const match = /^bytes=(\d*)-(\d*)$/.exec(range.trim())
  if (match === null || (match[1] === '' && match[2] === '')) return undefined
  const last = sizeBytes - 1
  if (match[1] === '') {
    const length = Number(match[2])
    return length === 0 || sizeBytes === 0 ? 'unsatisfiable' : { start: Math.max(0, sizeBytes - length), end: last }
  }
  const start = Number(match[1])
  const end = match[2] === '' ? last : Math.min(last, Number(match[2]))
  if (start > last) return 'unsatisfiable'
  return end < start ? undefined : { start, end }
}

const JSON_TYPE = 'application/json'

/** An answer that nobody keeps. */
export function jsonAnswer(status: number, body: unknown): Answer {
  return textAnswer(status, JSON_TYPE, JSON.stringify(body), ['cache-control', 'no-store'])
}

export function errorAnswer(
  status: number,
  detail: string | ParameterProblem[],
  more?: ErrorDetails,
  headers: HeaderList = [],
): Answer {
  return textAnswer(status, JSON_TYPE, errorBody(status, detail, more), ['cache-control', 'no-store', ...headers])
}

/** A task that failed, with the status of its error, or the one that the route has for it. */
export function failureAnswer(
  { code, message, details }: TaskResult & { ok: false },
  statuses: RouteRecord['statuses'] = {},
): Answer {
  const retryS = retryAfterS(code, details)
  const headers = retryS === undefined ? [] : ['retry-after', String(retryS)]
  return errorAnswer(statuses[code] ?? STATUS_OF[code], message, { code, ...details }, headers)
}

export function plainAnswer(status: number, body: string): Answer {
  return textAnswer(status, 'text/plain; charset=utf-8', body, ['vary', 'Accept'])
}

function textAnswer(status: number, contentType: string, body: string, headers: HeaderList): Answer {
  const length = String(Buffer.byteLength(body))
  return { status, headers: ['content-type', contentType, ...headers, 'content-length', length], body }
}
