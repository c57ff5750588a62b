/**
 * Cached answers by the shortest way: a raw URL that was answered before leads straight to the bytes. Measured against a bare
 * `node:http` server by `npm run bench:server`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LRUCache } from 'lru-cache'
import { type CacheEntry, type Encoding, isStale, type ResponseCache } from '../../cache/cache.ts'
import { negotiateEncoding } from '../../cache/compress.ts'
import type { RouteRecord } from '../../routes/route.ts'
import { type BaseHeaders, CACHE_HEADER } from '../headers.ts'
import type { Yielder } from '../yielding.ts'
import type { Place } from './kept-answers.ts'
import { keptHeaders, matchesEtag } from './kept-rules.ts'
import { type PlainHead, plainHead } from './plain-head.ts'
import {
  type HeadersOfUrl,
  headerLines,
  makeReady,
  type ReadyAnswer,
  sendNotModified,
  sendReady,
} from './ready-answer.ts'

/** Spellings of queries that are remembered, and how long one may be. */
const MAX_URLS = 20_000
const MAX_URL_LENGTH = 2048

export interface HotPathOptions {
  cache: ResponseCache
  yielder: Yielder
  base: () => BaseHeaders
  cacheControl: string
  /** Answers to requests below another path have other links. */
  prefix: string
  nextId(given: string | undefined): string
  /** A URL as it stands in the log. */
  loggedPath(url: string): string
  onAnswer(answer: {
    message: IncomingMessage
    route: RouteRecord
    id: string
    url: string
    urlJson: string
    status: number
    ms: number
  }): void
}

export interface HotPath {
  /** A raw URL that stands for the entry under a key. */
  learn(place: Place): void
  /** Answers a request if it can do so at once. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
}

/** A form of the answer to a URL: where it is kept, and what it has beside that. */
interface Form extends HeadersOfUrl {
  key: string
}

interface Known {
  url: string
  urlJson: string
  route: RouteRecord
  /** By the header `Accept` where the route has several forms; else one, under the empty text. */
  forms: Map<string, Form>
}

/** Browsers and libraries send a handful of headers. */
const MAX_ACCEPTS = 16
const acceptOf = ({ response }: RouteRecord, accept: string | undefined): string =>
  'json' in response && response.forms !== undefined ? (accept ?? '') : ''

export function createHotPath(options: HotPathOptions): HotPath {
  const { cache, yielder, base, cacheControl, nextId, onAnswer } = options
  const urls = new LRUCache<string, Known>({ max: MAX_URLS })
  const readyAnswers = new WeakMap<CacheEntry, Partial<Record<Encoding, ReadyAnswer>>>()

  const make = (entry: CacheEntry, encoding: Encoding): ReadyAnswer | undefined => {
    const body = entry.bodies[encoding] ?? entry.bodies.identity
    const headers = [...base().list, ...keptHeaders(entry, encoding, cacheControl), CACHE_HEADER, 'hit']
    return makeReady({ status: entry.status, etag: entry.etag, headers, body })
  }

  const readyOf = (entry: CacheEntry, encoding: Encoding): ReadyAnswer | undefined => {
    let ofEntry = readyAnswers.get(entry)
    if (ofEntry === undefined) {
      ofEntry = {}
      readyAnswers.set(entry, ofEntry)
    }
    ofEntry[encoding] ??= make(entry, encoding)
    return ofEntry[encoding]
  }

  const send = (head: PlainHead, response: ServerResponse, known: Known, form: Form, answer: ReadyAnswer) => {
    const { route, url, urlJson } = known
    const startedMs = performance.now()
    const id = nextId(head.requestId)
    const isKnownToClient = matchesEtag(head.ifNoneMatch, answer.etag)
    if (isKnownToClient) sendNotModified(response, answer, id, form.ofUrl)
    else sendReady(response, answer, id, form)
    const status = isKnownToClient ? 304 : answer.status
    onAnswer({ message: response.req, route, id, url, urlJson, status, ms: performance.now() - startedMs })
  }

  return {
    learn({ url, prefix = '', accept, key, route, ofUrl }) {
      if (url.length > MAX_URL_LENGTH || cache.peek === undefined || prefix !== options.prefix) return
      const known = urls.get(url)
      const forms = known !== undefined && known.forms.size < MAX_ACCEPTS ? known.forms : new Map<string, Form>()
      forms.set(acceptOf(route, accept), { key, ofUrl, ofUrlText: headerLines(ofUrl) })
      if (known?.forms !== forms) urls.set(url, { route, url, urlJson: options.loggedPath(url), forms })
    },

    answer(request, response) {
      const known = request.method === 'GET' ? urls.get(request.url as string) : undefined
      if (known === undefined) return false
      const head = plainHead(request.rawHeaders)
      if (head === undefined) return false
      const form = known.forms.get(acceptOf(known.route, head.accept))
      const entry = form && cache.peek?.(form.key)
      if (form === undefined || entry === undefined || isStale(entry)) return false
      const ready = readyOf(entry, negotiateEncoding(head.acceptEncoding, entry.bodies))
      if (ready === undefined) return false
      cache.countHit?.()
      yielder.take(known.route.criticality, () => send(head, response, known, form, ready), true)
      return true
    },
  }
}
