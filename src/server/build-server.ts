import { createServer } from 'node:http'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import { registerApi, sendError } from './api.ts'
import { errorBody } from './errors.ts'
import { answerPreflight, baseHeaders } from './headers.ts'
import { registerHealth } from './health.ts'
import { registerRequestLog } from './request-log.ts'
import type { RouteRecord } from './routes/route.ts'
import { routeTable } from './routes/table.ts'
import type { ServerDeps } from './service.ts'

/** Longer request heads are refused by Node's parser. */
const MAX_HEADER_BYTES = 32 * 1024

/** Makes the HTTP service, for production, tests and benchmarks alike. It does not listen yet. */
export function buildServer(
  config: Config,
  deps: ServerDeps,
  routes: readonly RouteRecord[] = routeTable,
): FastifyInstance {
  const { logger, info, state } = deps
  const app = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: MAX_HEADER_BYTES, ignoreTrailingSlash: false, caseSensitive: true },
    serverFactory: (handler) => createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 75_000 }, handler),
    clientErrorHandler(error, socket) {
      if (!socket.writable || error.code === 'ECONNRESET') {
        socket.destroy()
        return
      }
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
      const detail = status === 431 ? `The request head is longer than ${MAX_HEADER_BYTES} bytes` : 'Bad request'
      socket.end(rawError(status, detail, info.apiVersion))
    },
    rewriteUrl: ({ url = '/' }) => repairUrl(url),
  })

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(baseHeaders(info.apiVersion, state.core?.isDemo ?? false))
    const asked = request.headers['access-control-request-method']
    if (request.method !== 'OPTIONS' || asked === undefined) return
    const preflight = answerPreflight(asked, request.headers['access-control-request-headers'])
    if (!preflight.ok) return sendError(reply, 400, preflight.reason)
    return reply.code(200).headers(preflight.headers).header('content-type', 'text/plain; charset=utf-8').send('OK')
  })
  registerRequestLog(app, logger)
  registerApi(app, { ...deps, config, routes })
  registerHealth(app, deps)

  app.setNotFoundHandler((request, reply) => {
    const isKnown =
      request.method !== 'GET' && app.hasRoute({ method: 'GET', url: request.url.split('?')[0] as string })
    if (!isKnown) return sendError(reply, 404, 'Not Found')
    reply.header('allow', 'GET, HEAD')
    return sendError(reply, 405, 'Method Not Allowed')
  })
  app.setErrorHandler((thrown, request, reply) => {
    const error = thrown as Error & { statusCode?: number }
    const status = error.statusCode ?? 500
    if (status >= 500) logger.error({ err: error, url: request.url }, 'A request failed')
    return sendError(reply, status, status >= 500 ? 'Internal Server Error' : error.message)
  })
  return app
}

/** Percent signs that encode nothing, or no UTF-8, stand for themselves or for U+FFFD, as in the original. */
function repairUrl(url: string): string {
  if (!url.includes('%')) return url
  try {
    decodeURIComponent(url)
    return url
  } catch {
    return url.replace(/(?:%[0-9a-f]{2})+/gi, decodeLeniently).replace(/%(?![0-9a-f]{2})/gi, '%25')
  }
}

function decodeLeniently(encoded: string): string {
  return encodeURIComponent(Buffer.from(encoded.replaceAll('%', ''), 'hex').toString('utf8'))
}

/** An answer for a request that could not even be parsed. */
function rawError(status: number, detail: string, version: string): string {
  const body = errorBody(status, detail)
  const headers = {
    ...baseHeaders(version, false),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return `HTTP/1.1 ${status} ${status === 431 ? 'Request Header Fields Too Large' : 'Bad Request'}\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}
