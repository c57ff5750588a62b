/**
 * Cached answers before Fastify: a raw URL that was answered before leads straight to the bytes. Measured against a bare
 * `node:http` server by `npm run bench`; Fastify's way through hooks and replies costs more than all of the rest.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LRUCache } from 'lru-cache'
import { matchesEtag } from './answer.ts'
import { type CacheEntry, type Encoding, isStale, type ResponseCache } from './cache/cache.ts'
import { negotiateEncoding } from './cache/compress.ts'
import { type BaseHeaders, CACHE_HEADER } from './headers.ts'
import { PYTHON_MEDIA_TYPE } from './python-snippet.ts'
import type { RouteRecord } from './routes/route.ts'
import type { Turns } from './turns.ts'

/** Spellings of queries that are remembered, and how long one may be. */
const MAX_URLS = 20_000
const MAX_URL_LENGTH = 2048

export interface HotPathOptions {
  cache: ResponseCache
  turns: Turns
  base: () => BaseHeaders
  cacheControl: string
  nextId(given: string | string[] | undefined): string
  onAnswer(answer: { route: RouteRecord; id: string; url: string; urlJson: string; status: number; ms: number }): void
}

export interface HotPath {
  /** A raw URL that stands for the entry under `key`. */
  learn(url: string, key: string, route: RouteRecord): void
  /** Answers a request if it can do so at once. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
}

interface Prepared {
  /** Names and values, as `writeHead` takes them, without the length and the request id. */
  head: string[]
  length: string
  body: Uint8Array
}

interface Known {
  key: string
  urlJson: string
  route: RouteRecord
}

export function createHotPath(options: HotPathOptions): HotPath {
  const { cache, turns, base, cacheControl, nextId, onAnswer } = options
  const urls = new LRUCache<string, Known>({ max: MAX_URLS })
  const prepared = new WeakMap<CacheEntry, Partial<Record<Encoding, Prepared>>>()

  const prepare = (entry: CacheEntry, encoding: Encoding): Prepared => {
    const body = entry.bodies[encoding] ?? entry.bodies.identity
    const head = Object.entries({
      ...base().record,
      ...entry.headers,
      'content-type': entry.contentType,
      etag: entry.etag,
      'cache-control': cacheControl,
      vary: 'Accept-Encoding, Accept',
      [CACHE_HEADER]: 'hit',
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
      ...(entry.contentType.startsWith('application/json') ? {} : { 'accept-ranges': 'bytes' }),
    }).flat()
    return { head, length: String(body.byteLength), body }
  }

  const preparedOf = (entry: CacheEntry, encoding: Encoding): Prepared => {
    let known = prepared.get(entry)
    if (known === undefined) {
      known = {}
      prepared.set(entry, known)
    }
    known[encoding] ??= prepare(entry, encoding)
    return known[encoding]
  }

  const send = (request: IncomingMessage, response: ServerResponse, { route, urlJson }: Known, entry: CacheEntry) => {
    const startedMs = performance.now()
    const { headers } = request
    const id = nextId(headers['x-request-id'])
    const encoding = negotiateEncoding(headers['accept-encoding'] as string | undefined, entry.bodies)
    const { head, length, body } = preparedOf(entry, encoding)
    const isKnownToClient = matchesEtag(headers['if-none-match'], entry.etag)
    const status = isKnownToClient ? 304 : entry.status
    if (isKnownToClient) {
      response.writeHead(304, [...head, 'x-request-id', id])
      response.end()
    } else {
      response.writeHead(status, [...head, 'content-length', length, 'x-request-id', id])
      response.end(body)
    }
    onAnswer({ route, id, url: request.url as string, urlJson, status, ms: performance.now() - startedMs })
  }

  return {
    learn(url, key, route) {
      if (url.length <= MAX_URL_LENGTH && cache.peek !== undefined)
        urls.set(url, { key, route, urlJson: JSON.stringify(url) })
    },

    answer(request, response) {
      const known = request.method === 'GET' ? urls.get(request.url as string) : undefined
      if (known === undefined || !isPlain(request)) return false
      const entry = cache.peek?.(known.key)
      if (entry === undefined || isStale(entry)) return false
      if (known.route.criticality === 'critical') send(request, response, known, entry)
      else turns.take(known.route.criticality, () => send(request, response, known, entry))
      return true
    },
  }
}

/** Whether nothing in a request asks for more than the cached answer. */
function isPlain({ headers }: IncomingMessage): boolean {
  return (
    headers.authorization === undefined &&
    headers.range === undefined &&
    headers['x-bypass-fastapi-cache'] === undefined &&
    headers['cache-control'] !== 'no-cache' &&
    headers.accept !== PYTHON_MEDIA_TYPE
  )
}
