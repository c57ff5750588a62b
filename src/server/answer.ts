import type { TaskResult } from '../dispatch/task.ts'
import type { CacheEntry } from './cache/cache.ts'
import { negotiateEncoding } from './cache/compress.ts'
import { errorBody } from './errors.ts'

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

export interface PreparedAnswer {
  status: number
  headers: Record<string, string | number>
  body: Uint8Array | undefined
}

/** Chooses encoding, answers conditional requests and ranges (of files, not of JSON). */
export function prepareAnswer(entry: CacheEntry, request: AnswerRequest, cacheControl: string): PreparedAnswer {
  const { status, contentType, etag, bodies } = entry
  const isFile = !contentType.startsWith('application/json')
  const headers: Record<string, string | number> = {
    ...entry.headers,
    'content-type': contentType,
    etag,
    'cache-control': cacheControl,
    vary: 'Accept-Encoding, Accept',
  }
  if (matchesEtag(request.ifNoneMatch, etag)) return { status: 304, headers, body: undefined }
  if (isFile) {
    headers['accept-ranges'] = 'bytes'
    const range = parseRange(request, etag, bodies.identity.byteLength)
    if (range === 'unsatisfiable') return refuseRange(headers, bodies.identity.byteLength, request)
    if (range !== undefined) {
      headers['content-range'] = `bytes ${range.start}-${range.end}/${bodies.identity.byteLength}`
      return withBody(206, headers, bodies.identity.subarray(range.start, range.end + 1), request.isHead)
    }
  }
  const encoding = negotiateEncoding(request.acceptEncoding, bodies)
  if (encoding !== 'identity') headers['content-encoding'] = encoding
  return withBody(status, headers, bodies[encoding] ?? bodies.identity, request.isHead)
}

function refuseRange(headers: PreparedAnswer['headers'], bytes: number, { isHead }: AnswerRequest): PreparedAnswer {
  const { 'content-disposition': _, ...rest } = headers
  const refused = {
    ...rest,
    'cache-control': 'no-store',
    'content-type': 'application/json; charset=utf-8',
    'content-range': `bytes */${bytes}`,
  }
  return withBody(416, refused, Buffer.from(errorBody(416, rangeRefusal(bytes))), isHead)
}

/** Why a range of a file is refused. */
export const rangeRefusal = (bytes: number) => `The header Range asks for bytes behind the end: there are ${bytes}`

function withBody(
  status: number,
  headers: Record<string, string | number>,
  body: Uint8Array,
  isHead: boolean,
): PreparedAnswer {
  headers['content-length'] = body.byteLength
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
