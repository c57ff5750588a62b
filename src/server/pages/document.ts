import type { FastifyReply, FastifyRequest } from 'fastify'
import { etagOf } from '../../tasks/answer/etag.ts'
import type { CacheEntry } from '../cache/cache.ts'
import { isCompressible, withCompressedBodies } from '../cache/compress.ts'
import { answerRequest, prepareAnswer } from '../http/answer.ts'
import { toRecord } from '../http/reply.ts'

/** A text or file that is sent as it is, compressed once. */
export async function createDocument(contentType: string, content: string | Uint8Array): Promise<CacheEntry> {
  const identity = typeof content === 'string' ? Buffer.from(content) : content
  const expiresAtMs = Number.POSITIVE_INFINITY
  const entry = { status: 200, contentType, headers: {}, etag: etagOf(identity), bodies: { identity }, expiresAtMs }
  return isCompressible(entry) ? withCompressedBodies(entry) : entry
}

export function sendDocument(request: FastifyRequest, reply: FastifyReply, document: CacheEntry, cacheControl: string) {
  const { status, headers, body } = prepareAnswer(document, answerRequest(request), cacheControl)
  return reply.code(status).headers(toRecord(headers)).send(body)
}

/** Kinds of one thing: proxies name paths below which it is shown. */
const MAX_KEPT = 2_000

/** Makes something for a key when it is first asked for; all that was made is forgotten when `version` changes. */
export function createLazily<T>(
  make: (key: string) => Promise<T>,
  version: () => unknown,
): (key: string) => Promise<T> {
  let known = new Map<string, Promise<T>>()
  let knownVersion = version()
  return (key) => {
    if (knownVersion !== version() || known.size >= MAX_KEPT) {
      known = new Map()
      knownVersion = version()
    }
    let value = known.get(key)
    if (value === undefined) {
      value = make(key)
      known.set(key, value)
    }
    return value
  }
}
