import type { FastifyInstance } from 'fastify'
import type { CacheOutcome } from './api.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'

/** Routes that probes ask every few seconds; they are not logged unless they fail. */
const QUIET = new Set(['/ready', '/livez', '/readyz', '/metrics', '/about'])

export interface RequestLine {
  id: string
  method: string
  path: string
  status: number
  ms: number
  cache: CacheOutcome
}

let nextId = 0
const idPrefix = `${process.pid.toString(36)}${Date.now().toString(36)}`

/** The id that a proxy gave to the request, or a new one. */
export function requestId(given: unknown): string {
  if (typeof given === 'string' && /^[\w.:/+=-]{1,128}$/.test(given)) return given
  nextId = (nextId + 1) >>> 0
  return `${idPrefix}-${nextId.toString(36)}`
}

/** One line a request. */
export function logRequest(logger: Logger, line: RequestLine): void {
  if (line.status < 400 && QUIET.has(line.path)) return
  if (line.status >= 500) logger.warn(line)
  else logger.info(line)
}

export function registerRequestLog(app: FastifyInstance, logger: Logger, metrics: Metrics): void {
  app.addHook('onRequest', async (request, reply) => {
    request.id = requestId(request.headers['x-request-id'])
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    metrics.observe(request.route, reply.statusCode, request.cacheOutcome, reply.elapsedTime)
    logRequest(logger, {
      id: request.id,
      method: request.method,
      path: request.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 100) / 100,
      cache: request.cacheOutcome,
    })
  })
}
