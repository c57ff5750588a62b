/**
 * Trace context (W3C `traceparent`) through server, queue and threads; spans where OpenTelemetry is there. It is no
 * dependency: whoever wants spans installs `@opentelemetry/api` and an SDK, and starts node with it (`--import`).
 */
import { isNotInstalled } from './optional-package.ts'

/** The part of `@opentelemetry/api` that is used. */
interface OpenTelemetry {
  context: { active(): unknown }
  propagation: {
    extract(context: unknown, carrier: Record<string, string>): unknown
    inject(context: unknown, carrier: Record<string, string>): void
  }
  trace: {
    getTracer(name: string): {
      startSpan(name: string, options: { attributes: Record<string, string> }, context: unknown): Span
    }
    setSpan(context: unknown, span: Span): unknown
  }
}

interface Span {
  setAttribute(name: string, value: string): unknown
  end(): void
}

export interface Tracing {
  /** Runs something within a span. `parent` is a traceparent; the work gets that of the span, to pass on. */
  span<T extends { ok: boolean }>(
    name: string,
    attributes: Record<string, string>,
    parent: string | undefined,
    work: (traceparent: string | undefined) => Promise<T>,
  ): Promise<T>
}

/** No spans; the context that came is passed on. */
export const PASS_ON: Tracing = { span: (_name, _attributes, parent, work) => work(parent) }

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

export function createTracing({ context, propagation, trace }: OpenTelemetry): Tracing {
  const tracer = trace.getTracer('siibra-api')
  return {
    async span(name, attributes, parent, work) {
      const outer = propagation.extract(context.active(), parent === undefined ? {} : { traceparent: parent })
      const span = tracer.startSpan(name, { attributes }, outer)
      const carrier: Record<string, string> = {}
      propagation.inject(trace.setSpan(outer, span), carrier)
      try {
        const result = await work(carrier.traceparent ?? parent)
        span.setAttribute('siibra.ok', String(result.ok))
        return result
      } finally {
        span.end()
      }
    },
  }
}
