import type { ErrorDetails } from '../../siibra/index.ts'
import type { TaskResult } from '../../tasks/task.ts'
import type { CacheEntry } from '../cache/cache.ts'
import { negotiateEncoding } from '../cache/compress.ts'
import type { RouteRecord } from '../routes/route.ts'
import { errorBody, type ParameterProblem, retryAfterS, STATUS_OF } from './errors.ts'
import type { Answer, ApiRequest, HeaderList } from './exchange.ts'
import { isFile, keptHeaders, matchesEtag, VARY } from './kept/kept-rules.ts'

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
  const { status, etag, bodies } = entry
  const { identity } = bodies
  const isKnown = matchesEtag(request.ifNoneMatch, etag)
  const range = isFile(entry) && !isKnown ? parseRange(request, etag, identity.byteLength) : undefined
  if (range === 'unsatisfiable') return refuseRange(etag, identity.byteLength)
  const encoding = range === undefined ? negotiateEncoding(request.acceptEncoding, bodies) : 'identity'
  const headers = keptHeaders(entry, encoding, cacheControl)
  if (isKnown) return { status: 304, headers, body: undefined }
  if (range !== undefined) {
    headers.push('content-range', `bytes ${range.start}-${range.end}/${identity.byteLength}`)
    return withBody(206, headers, identity.subarray(range.start, range.end + 1), request.isHead)
  }
  return withBody(status, headers, bodies[encoding] ?? identity, request.isHead)
}

function refuseRange(etag: string, bytes: number): PreparedAnswer {
  const headers = ['etag', etag, 'vary', VARY, 'accept-ranges', 'bytes', 'content-range', `bytes */${bytes}`]
  const refusal = errorAnswer(416, rangeRefusal(bytes), {}, headers)
  return { ...refusal, body: Buffer.from(refusal.body as string) }
}

/** Why a range of a file is refused. */
export const rangeRefusal = (bytes: number) => `The header Range asks for bytes behind the end: there are ${bytes}`

function withBody(status: number, headers: HeaderList, body: Uint8Array, isHead: boolean): PreparedAnswer {
  headers.push('content-length', String(body.byteLength))
  return { status, headers, body: isHead ? undefined : body }
}

/** One range of bytes; several, or a form that is not understood, mean the whole. A range is for GET alone. */
export function parseRange(
  { isHead, range, ifRange }: AnswerRequest,
  etag: string,
  sizeBytes: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  if (isHead || range === undefined || (ifRange !== undefined && ifRange !== etag)) return undefined
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
export function jsonAnswer(status: number, body: unknown, headers: HeaderList = []): Answer {
  return textAnswer(status, JSON_TYPE, JSON.stringify(body), ['cache-control', 'no-store', ...headers])
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
