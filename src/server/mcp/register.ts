import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import type { Api } from '../api.ts'
import { sendError } from '../http/reply.ts'
import type { Logger } from '../log/log.ts'
import type { RouteRecord } from '../routes/route.ts'
import { askApi } from './ask-api.ts'
import { createGuard } from './guard.ts'
import type { McpOptions } from './options.ts'

export interface McpRouteOptions {
  api: Api
  routes: readonly RouteRecord[]
  config: Pick<Config, 'host' | 'mcpHosts' | 'mcpCallsPerMinute'>
  version: string
  logger: Logger
}

/** Calls are short texts. */
const MAX_BODY_BYTES = 2 ** 18

/**
 * `/mcp`: the Model Context Protocol over streamable HTTP. Every request stands for itself, so that any server of several can
 * answer it. What speaks the protocol is loaded with the first request.
 */
export function registerMcp(app: FastifyInstance, { api, routes, config, version, logger }: McpRouteOptions): void {
  const guard = createGuard({ host: config.host, hosts: config.mcpHosts, callsPerMinute: config.mcpCallsPerMinute })
  const ask = askApi(api)
  const loading = createOnce(() => Promise.all([import('@modelcontextprotocol/server'), import('./server.ts')]))

  async function answer(request: FastifyRequest, reply: FastifyReply) {
    const { host, prefix } = request
    const place = guard.checkPlace(host, request.headers.origin)
    const verdict = place.ok ? guard.checkRate(request.ip) : place
    reply.header('cache-control', 'no-store')
    if (!verdict.ok) {
      if (verdict.retryAfterS !== undefined) reply.header('retry-after', verdict.retryAfterS)
      return sendError(reply, verdict.status, verdict.detail)
    }
    const [{ createMcpHandler }, { createMcpServer }] = await loading()
    const base = `${request.protocol}://${host}${prefix}`
    const options: McpOptions = { routes, version, ask, linkOf: (path) => base + path }
    const handler = createMcpHandler(() => createMcpServer(options), {
      onerror: (error) => logger.debug({ err: error }, 'A request to /mcp was refused'),
    })
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const response = await handler.fetch(toRequest(request, base, gone.signal))
    reply.code(response.status).headers(Object.fromEntries(response.headers))
    if (response.body === null) return reply.send()
    // what ends a stream early is its client
    return reply.send(Readable.fromWeb(response.body as never).on('error', () => {}))
  }

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_BODY_BYTES }, (_, body, done) =>
      done(null, body),
    )
    scope.route({ method: ['GET', 'POST', 'DELETE'], url: '/mcp', exposeHeadRoute: false, handler: answer })
  })
}

function toRequest({ method, headers, body }: FastifyRequest, base: string, signal: AbortSignal): Request {
  const own = new Headers()
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') own.set(name, value)
  return new Request(`${base}/mcp`, { method, headers: own, signal, ...(typeof body === 'string' && { body }) })
}

function createOnce<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
