/** Node's HTTP server with our bounds, and with our form of the errors that node would answer itself. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { BaseHeaders } from './headers.ts'
import { KEEP_ALIVE_MS } from './kept/ready-answer.ts'
import { rawError, statusOfParseError } from './raw-requests.ts'
import { watchReaders } from './slow-readers.ts'

/** For the head of a request. */
const HEAD_WITHIN_MS = 20_000
/** For all of a request: bodies of tens of megabytes come by slow lines, too. */
const REQUEST_WITHIN_MS = 300_000

export interface HttpServerOptions {
  base: () => BaseHeaders
  /** A client that takes nothing of its answer for this time is disconnected. */
  readWithinMs: number
  /** Longer request heads are refused by node's parser. */
  maxHeadBytes: number
  onRequest(request: IncomingMessage, response: ServerResponse): void
}

export function createHttpServer({ base, readWithinMs, maxHeadBytes, onRequest }: HttpServerOptions): Server {
  const server = createServer({
    maxHeaderSize: maxHeadBytes,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEAD_WITHIN_MS,
    requestTimeout: REQUEST_WITHIN_MS,
    // checked below: node's own answer has no body
    requireHostHeader: false,
  })
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers.host === undefined && request.httpVersion === '1.1')
      return void request.socket.end(rawError(400, base().record, 'Bad request: it names no Host'))
    onRequest(request, response)
  }
  server.on('request', handle)
  // whoever reads the body says that it may come (receive-body.ts); a refusal comes instead of it
  server.on('checkContinue', handle)
  server.on('checkExpectation', (request) => void request.socket.end(rawError(417, base().record)))
  watchReaders(server, readWithinMs)
  return server
}

/** For what node's parser refuses. */
export function createClientErrorHandler(base: () => BaseHeaders) {
  return (error: Error & { code?: string }, socket: Duplex): void => {
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy()
    else socket.end(rawError(statusOfParseError(error.code), base().record))
  }
}
