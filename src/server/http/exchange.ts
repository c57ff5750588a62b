import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { TaskBody } from '../../tasks/answer/body.ts'
import type { BodyRefusal, ReceivedBody } from '../bodies/receive-body.ts'
import type { BodySpec, RouteRecord } from '../routes/route.ts'

export type CacheOutcome = 'hit' | 'miss' | 'bypass' | 'none'

/** A request to the API, as far as its answer depends on it. */
export interface ApiRequest {
  method: string
  /** Path and query, with every percent sign encoding something (raw-requests.ts). */
  url: string
  headers: IncomingHttpHeaders
  /** The path below which the client finds the service, for links. */
  prefix?: string
  /** W3C trace context: of the span of this request, where there is one; else as the client sent it. */
  traceparent?: string | undefined
  /** Asked by the service itself, to fill its caches: answered before it is ready, and after all that clients ask. */
  isInner: boolean
  /** Reads the body, where the request may have one. Rejects where the client goes meanwhile. */
  receiveBody?(spec: BodySpec): Promise<ReceivedBody | BodyRefusal>
  /** Calls back when the client disconnects before it has its answer. Returns a function that unsubscribes. */
  onGone(callback: () => void): () => void
  /** Set by whoever answers, for the log line and the metrics. */
  cacheOutcome: CacheOutcome
}

/**
 * Names and values in turn, as node's `writeHead` takes them. Lists on purpose: objects that are spread and added to get a
 * hidden class each, which costs V8 3 us and garbage that outlives collections of the young generation.
 */
export type HeaderList = string[]

/** What is sent. Headers that every answer has are not part of it. */
export interface Answer {
  status: number
  headers: HeaderList
  /** Undefined for HEAD and 304. */
  body: Uint8Array | string | Readable | undefined
}

/** A request whose route is known. */
export interface Call {
  request: ApiRequest
  route: RouteRecord
  params: Record<string, unknown>
  /** What the client sent, once it lies where its task can read it. */
  body?: TaskBody
  /** Headers that the URL alone asks for; whoever sends the answer adds them. */
  ofUrl: HeaderList
}
