import type { IncomingHttpHeaders } from 'node:http'
import { SiibraError } from '../../errors.ts'
import { tooLarge, upstreamUnavailable } from '../upstream-errors.ts'
import { cutRange } from './byte-range.ts'
import type { HttpAnswer, HttpClient } from './http-client.ts'
import type { ByteRange, ObjectStat, ReadOptions, Store } from './store.ts'

/** An answer to a range that turned out to be the whole object is read and cut up to this size. */
const WHOLE_BYTES = 4 * 1024 * 1024
const MISSING = new Set([404, 410])
const RETRYABLE = new Set([408, 425, 429])

/** Objects on HTTP servers; keys are absolute URLs. 404 and 410 are `undefined`. */
export function createHttpStore(client: HttpClient): Store {
  /** By a range of one byte: redirects to presigned URLs often refuse HEAD. */
  async function stat(url: string, options: ReadOptions = {}): Promise<ObjectStat | undefined> {
    const wantsBody = (status: number) => status === 206
    const answer = await client.request(url, { ...options, headers: { range: 'bytes=0-0' }, wantsBody })
    if (MISSING.has(answer.status)) return undefined
    if (answer.status === 206 || answer.status === 416) {
      const total = /\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1]
      if (total === undefined) throw upstreamUnavailable(url, 'the server does not tell the size')
      return { sizeBytes: Number(total) }
    }
    if (answer.status !== 200) throw unexpectedStatus(url, answer)
    const sizeBytes = sizeOf(answer.headers)
    if (!Number.isSafeInteger(sizeBytes)) throw upstreamUnavailable(url, 'the server does not tell the size')
    return { sizeBytes }
  }

  return {
    async get(url, options = {}) {
      const answer = await client.request(url, { ...options, wantsBody: (status) => status < 400 })
      if (MISSING.has(answer.status)) return undefined
      if (answer.status !== 200) throw unexpectedStatus(url, answer)
      return answer.body
    },

    async getRange(url, range, options = {}) {
      if ('offset' in range && range.length <= 0) return (await stat(url, options)) && new Uint8Array(0)
      const wantsBody = (status: number, headers: IncomingHttpHeaders) =>
        status === 206 || (status === 200 && sizeOf(headers) <= WHOLE_BYTES)
      const answer = await client.request(url, { ...options, headers: { range: toHeader(range) }, wantsBody })
      if (MISSING.has(answer.status)) return undefined
      if (answer.status === 416) return new Uint8Array(0)
      if (answer.status === 206) return checkPart(url, range, answer)
      if (answer.status !== 200) throw unexpectedStatus(url, answer)
      if (sizeOf(answer.headers) <= WHOLE_BYTES) return cutRange(answer.body, range)
      throw new SiibraError('UNSUPPORTED', `${url}: the server ignores byte ranges`, { url })
    },

    stat,
  }
}

/** UPSTREAM_UNAVAILABLE for a status that is no answer; says whether it may be retried. */
export function unexpectedStatus(url: string, answer: HttpAnswer): SiibraError {
  const { status, headers } = answer
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  return upstreamUnavailable(url, `the server answers ${status}`, {
    status,
    retryable: status >= 500 || RETRYABLE.has(status),
    ...(Number.isFinite(seconds) && { retryAfterMs: seconds * 1000 }),
  })
}

function toHeader(range: ByteRange): string {
  return 'offset' in range
    ? `bytes=${range.offset}-${range.offset + range.length - 1}`
    : `bytes=-${Math.max(1, range.suffixLength)}`
}

function sizeOf(headers: IncomingHttpHeaders): number {
  return Number(headers['content-length'] ?? Number.POSITIVE_INFINITY)
}

function checkPart(url: string, range: ByteRange, answer: HttpAnswer): Uint8Array {
  const start = /^bytes (\d+)-/.exec(answer.headers['content-range'] ?? '')?.[1]
  if ('offset' in range && start !== undefined && Number(start) !== range.offset) {
    throw upstreamUnavailable(url, `asked for bytes from ${range.offset}, got bytes from ${start}`)
  }
  const asked = 'offset' in range ? range.length : range.suffixLength
  // HTTP has no range of no bytes: one was asked for
  if (asked <= 0) return new Uint8Array(0)
  if (answer.body.length > asked) throw tooLarge(url, answer.body.length, asked)
  return answer.body
}
