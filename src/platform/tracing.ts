/**
 * Trace context (W3C `traceparent`) through server, queue, threads and requests to other services; spans where OpenTelemetry is there.
 * It is no dependency: whoever wants spans installs `@opentelemetry/api` and an SDK, and starts node with it (`--import`).
 * Attributes hold names, numbers and addresses of servers; no parameters, no queries, no bodies.
 */
import type { AroundRequest } from '../siibra/index.ts'
import { isNotInstalled } from './optional-package.ts'

/** The part of `@opentelemetry/api` that is used. */
interface OpenTelemetry {
  context: { active(): unknown; with<T>(context: unknown, work: () => T): T }
  propagation: {
    extract(context: unknown, carrier: Record<string, string>): unknown
    inject(context: unknown, carrier: Record<string, string>): void
  }
  trace: {
    getTracer(name: string): { startSpan(name: string, options: SpanOptions, context: unknown): Span }
    getSpan(context: unknown): unknown
    setSpan(context: unknown, span: Span): unknown
  }
}

type Attributes = Record<string, string | number>

interface SpanOptions {
  kind: number
  attributes: Attributes
  /** ms since 1970. */
  startTime?: number
}

interface Span {
  setAttribute(name: string, value: string | number): unknown
  setStatus(status: { code: number }): unknown
  end(): void
}

/** `SpanKind` and `SpanStatusCode` of OpenTelemetry. */
const KINDS = { server: 1, client: 2, producer: 3, consumer: 4 } as const
const ERROR = 2

export interface Tracing {
  /** Runs something within a span. `parent` is a traceparent; the work gets that of the span, to pass on. */
  span<T extends { ok: boolean }>(
    name: string,
    options: { kind: 'producer' | 'consumer'; attributes: Record<string, string> },
    parent: string | undefined,
    work: (traceparent: string | undefined) => Promise<T>,
  ): Promise<T>
  /** Begins the span of a request that this service answers. Absent where there are no spans. */
  serve?(request: ServedRequest): ServedSpan
  /** Requests to other services have spans, and tell those of them. Absent where there are no spans. */
  aroundRequest?: AroundRequest
}

export interface ServedRequest {
  method: string
  /** The route as it is documented, without values of parameters. */
  route: string
  /** As in the log. */
  id: string
  traceparent: string | undefined
  /** How long ago it began. Default 0. */
  beganMsAgo?: number
}

export interface ServedSpan {
  traceparent: string | undefined
  end(status: number, cache: string): void
}

/** No spans; the context that came is passed on. */
export const PASS_ON: Tracing = { span: (_name, _options, parent, work) => work(parent) }

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

/** The value of a `traceparent` header, where it is one. */
export function parseTraceparent(header: unknown): string | undefined {
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : undefined
}

/** Spans with OpenTelemetry where that is wanted and installed. */
export async function loadTracing(isWanted: boolean, onMissing: (message: string) => void): Promise<Tracing> {
  if (!isWanted) return PASS_ON
  // a name in a variable is left alone by bundlers
  const name = '@opentelemetry/api'
  try {
    return createTracing((await import(name)) as OpenTelemetry)
  } catch (thrown) {
    const reason = isNotInstalled(thrown, name) ? 'is not installed' : `cannot be used (${(thrown as Error).message})`
    onMissing(`SIIBRA_API_TRACING is set, but ${name} ${reason}: trace context is passed on, without spans`)
    return PASS_ON
  }
}

export function createTracing({ context, propagation, trace }: OpenTelemetry): Required<Tracing> {
  const tracer = trace.getTracer('siibra-api')

  /** A span below the one that the caller named; below that of this process where it named none. */
  function begin(name: string, options: SpanOptions, parent: string | undefined) {
    const active = context.active()
    const outer = parent === undefined ? active : propagation.extract(active, { traceparent: parent })
    const span = tracer.startSpan(name, options, outer)
    const inner = trace.setSpan(outer, span)
    const headers: Record<string, string> = {}
    propagation.inject(inner, headers)
    return { span, inner, headers, traceparent: headers.traceparent ?? parent }
  }

  return {
    async span(name, { kind, attributes }, parent, work) {
      const { span, inner, traceparent } = begin(name, { kind: KINDS[kind], attributes }, parent)
      try {
        const result = await context.with(inner, () => work(traceparent))
        span.setAttribute('siibra.ok', String(result.ok))
        return result
      } catch (thrown) {
        span.setStatus({ code: ERROR })
        throw thrown
      } finally {
        span.end()
      }
    },

    serve({ method, route, id, traceparent: parent, beganMsAgo = 0 }) {
      const attributes = { 'http.request.method': method, 'http.route': route, 'siibra.request_id': id }
      const options = { kind: KINDS.server, attributes, startTime: Date.now() - beganMsAgo }
      // an instrumentation of HTTP has begun one, to whose parent the header belongs
      const isBegun = trace.getSpan(context.active()) !== undefined
      const { span, traceparent } = begin(`${method} ${route}`, options, isBegun ? undefined : parent)
      return {
        traceparent,
        end(status, cache) {
          span.setAttribute('http.response.status_code', status)
          span.setAttribute('siibra.cache', cache)
          if (status >= 500) span.setStatus({ code: ERROR })
          span.end()
        },
      }
    },

    async aroundRequest({ method, url }, send) {
      const { protocol, hostname, port, origin, pathname } = url
      const attributes = {
        'http.request.method': method,
        'server.address': hostname,
        'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
        'url.full': origin + pathname,
      }
      const { span, headers } = begin(method, { kind: KINDS.client, attributes }, undefined)
      try {
        const attempt = await send(headers)
        const { status } = attempt.answer
        span.setAttribute('http.response.status_code', status)
        if (status >= 400) span.setStatus({ code: ERROR })
        return attempt
      } catch (thrown) {
        const { code } = thrown as { code?: unknown }
        span.setAttribute('error.type', typeof code === 'string' ? code : 'unknown')
        span.setStatus({ code: ERROR })
        throw thrown
      } finally {
        span.end()
      }
    },
  }
}
