/**
 * The API on node:http itself. Through Fastify's hooks and replies a request costs three times the garbage, and the
 * pauses of its collection are what a critical request waits for beside a flood of others (docs/performance.md).
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { parseTraceparent, type Tracing } from '../platform/tracing.ts'
import type { Api } from './api.ts'
import { receiveBody } from './bodies/receive-body.ts'
import { errorAnswer } from './http/answer.ts'
import type { Answer, ApiRequest, HeaderList } from './http/exchange.ts'
import type { BaseHeaders } from './http/headers.ts'
import { repairUrl } from './http/raw-requests.ts'
import { awaitAnswer, boundSending } from './http/slow-readers.ts'
import type { Yielder } from './http/yielding.ts'
import type { Logger } from './log/log.ts'
import type { Metrics } from './metrics/metrics.ts'
import { type LogRequest, requestId } from './request-log.ts'
import type { RouteMatch } from './routes/match.ts'

export interface HttpAdapterOptions {
  api: Api
  yielder: Yielder
  base: () => BaseHeaders
  metrics: Pick<Metrics, 'observe'>
  logger: Logger
  logRequest: LogRequest
  tracing?: Tracing | undefined
  prefixOf(request: IncomingMessage): string
  /** For bodies that are not small. */
  folder: string
  /** What all files there may have. */
  maxFolderBytes?: number
}

/** Answers a request if it is one of the API's: one of its routes, with its method (HEAD is GET). */
export type HttpAdapter = (request: IncomingMessage, response: ServerResponse) => boolean

/** The client went away before it had its answer. */
const CLIENT_GONE = 499

export function createHttpAdapter({
  api,
  yielder,
  base,
  metrics,
  logger,
  logRequest,
  tracing,
  prefixOf,
  folder,
  maxFolderBytes,
}: HttpAdapterOptions): HttpAdapter {
  return (request, response) => {
    const url = repairUrl(request.url as string)
    const match = api.match(url, request.method)
    if (match === undefined) return false
    const startedMs = performance.now()
    yielder.take(match.route.criticality, () => {
      void handle(request, response, url, match, startedMs)
    })
    return true
  }

  async function handle(
    message: IncomingMessage,
    response: ServerResponse,
    url: string,
    match: RouteMatch,
    startedMs: number,
  ): Promise<void> {
    const { route } = match
    const id = requestId(message.headers['x-request-id'])
    const traceparent = parseTraceparent(message.headers.traceparent)
    const { method = 'GET' } = message
    const span = tracing?.serve?.({ method, route: route.path, id, traceparent })
    let onGone = () => {}
    const request: ApiRequest = {
      method,
      url,
      headers: message.headers,
      prefix: prefixOf(message),
      traceparent: span?.traceparent ?? traceparent,
      isInner: false,
      cacheOutcome: 'none',
      receiveBody: (spec) =>
        receiveBody(message, {
          spec,
          folder,
          maxFolderBytes,
          onWanted: () => expectsContinue(message) && response.writeContinue(),
        }),
      onGone(callback) {
        if (response.closed) callback()
        onGone = callback
        return () => {
          onGone = () => {}
        }
      },
    }
    let isOver = false
    const ended = awaitAnswer(message.socket)
    const observe = (isAnswered: boolean) => {
      if (isOver) return
      isOver = true
      ended()
      onGone()
      const ms = performance.now() - startedMs
      const status = isAnswered ? response.statusCode : CLIENT_GONE
      metrics.observe(route, status, request.cacheOutcome, ms)
      span?.end(status, request.cacheOutcome)
      logRequest({ id, method: request.method, path: url, status, ms, cache: request.cacheOutcome, message })
    }
    response.once('finish', () => observe(true))
    response.once('close', () => observe(false))
    try {
      send(response, id, await api.answer(request, match))
    } catch (thrown) {
      // who goes while sending a body has no answer to wait for
      if (response.destroyed || message.readableAborted) return void response.destroy()
      logger.error({ err: thrown, url }, 'A request failed')
      if (response.headersSent) response.destroy()
      else send(response, id, errorAnswer(500, 'Internal Server Error'))
    }
  }

  function send(response: ServerResponse, id: string, { status, headers, body }: Answer): void {
    if (response.destroyed) {
      if (body instanceof Readable) body.destroy()
      return
    }
    // what is left of a refused body is read and forgotten by node, so that the client comes to read why; not for ever
    if (!response.req.complete) boundRest(response)
    headers.push(...base().list, 'x-request-id', id)
    response.writeHead(status, headers)
    boundSending(response, lengthOf(headers))
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) response.end(body)
    // what goes wrong on the way closes the connection: more cannot be said any more
    else pipeline(body, response, () => {})
  }
}

const expectsContinue = ({ headers }: IncomingMessage): boolean => headers.expect?.toLowerCase() === '100-continue'

const REST_WITHIN_MS = 10_000

/** Ends the connection of a client that goes on sending what nobody reads. */
function boundRest(response: ServerResponse): void {
  const { req, socket } = response
  const timer = setTimeout(() => req.complete || socket?.destroy(), REST_WITHIN_MS)
  timer.unref()
  req.once('close', () => clearTimeout(timer))
}

/** Bytes of an answer, where its headers tell: of an event stream nobody knows. */
function lengthOf(headers: HeaderList): number {
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === 'content-length') return Number(headers[i + 1])
  return 0
}
