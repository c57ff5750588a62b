import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { symbols } from 'pino'
import { redactCredentials } from '../siibra/index.ts'
import type { CacheOutcome } from './http/exchange.ts'
import type { Forwarded } from './http/forwarded.ts'
import type { LineStream, Logger } from './log/log.ts'
import type { Metrics } from './metrics/metrics.ts'

/** Routes that probes ask every few seconds; they are not logged unless something is wrong with them. */
const QUIET = new Set(['/ready', '/livez', '/readyz', '/metrics', '/about', '/status.json'])

export interface RequestLine {
  id: string
  method: string
  /** The raw URL; `pathJson` is what of it is logged, where that is at hand. */
  path: string
  pathJson?: string
  status: number
  ms: number
  cache: CacheOutcome
  message: IncomingMessage
}

/**
 * A URL as it stands in the log, without credentials. All else of a line is the service's own (an id that a proxy gave cannot hold any):
 * looking through whole lines for them takes as long as a fifth of a cached answer (docs/performance.md).
 */
export const loggedPath = (url: string): string => JSON.stringify(redactCredentials(url))

let nextId = 0
const idPrefix = `${process.pid.toString(36)}${Date.now().toString(36)}`

/** The id that a proxy gave to the request, or a new one. */
export function requestId(given: unknown): string {
  if (typeof given === 'string' && /^[\w.:/+=-]{1,128}$/.test(given)) return given
  nextId = (nextId + 1) >>> 0
  return `${idPrefix}-${nextId.toString(36)}`
}

/**
 * One line a request, in pino's form and into its stream, but put together here: pino's own way through its
 * serializers costs as much as all the rest of a cached answer.
 * Who asked is told where that is wanted: addresses are personal data.
 */
export function createRequestLog(
  logger: Logger,
  forwarded?: Pick<Forwarded, 'clientOf' | 'schemeOf'>,
): (line: RequestLine) => void {
  // pino keeps its stream under a symbol of its own, which its types leave out
  const stream = (logger as unknown as Record<symbol, LineStream>)[symbols.streamSym as symbol]
  const write = (stream?.writeHarmless ?? stream?.write)?.bind(stream)
  const isOn = (level: 'info' | 'warn') => logger.isLevelEnabled(level)
  const pid = process.pid

  return ({ id, method, path, pathJson, status, ms, cache, message }) => {
    if (QUIET.has(path) && (status < 400 || status === 503)) return
    const isProblem = status >= 500
    if (!isOn(isProblem ? 'warn' : 'info')) return
    const level = isProblem ? 40 : 30
    const text = pathJson ?? loggedPath(path)
    const from = forwarded ? `,"client":"${forwarded.clientOf(message)}","scheme":"${forwarded.schemeOf(message)}"` : ''
    write?.(
      `{"level":${level},"time":${Date.now()},"pid":${pid},"id":"${id}","method":"${method}","path":${text},"status":${status},"ms":${Math.round(ms * 100) / 100},"cache":"${cache}"${from}}\n`,
    )
  }
}

export type LogRequest = ReturnType<typeof createRequestLog>

/** Ids and log lines of what Fastify answers itself. */
export function registerRequestLog(app: FastifyInstance, logRequest: LogRequest, metrics: Metrics): void {
  app.addHook('onRequest', async (request, reply) => {
    request.id = requestId(request.headers['x-request-id'])
    reply.header('x-request-id', request.id)
  })
  app.addHook(
    'onResponse',
    async ({ id, method, url: path, isHandedOn, raw: message }, { statusCode: status, elapsedTime: ms }) => {
      if (isHandedOn) return
      metrics.observe(undefined, status, 'none', ms)
      logRequest({ id, method, path, status, ms, cache: 'none', message })
    },
  )
}
