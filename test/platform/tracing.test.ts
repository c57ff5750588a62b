/** With OpenTelemetry's own SDK, whose spans are collected. */
import * as api from '@opentelemetry/api'
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { createTracing, loadTracing, PASS_ON, parseTraceparent, type Tracing } from '../../src/platform/tracing.ts'
import { createRetrieval } from '../../src/siibra/index.ts'
import { startServer } from '../siibra/retrieval/http-stand-in.ts'

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const PARENT_ID = 'b7ad6b7169203331'
const PARENT = `00-${TRACE_ID}-${PARENT_ID}-01`
const OPTIONS = { kind: 'producer', attributes: { 'siibra.queue': 'core' } } as const

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
provider.register()
const tracing = createTracing(api)
beforeEach(() => exporter.reset())
afterAll(() => provider.shutdown())

/** What is asked of each span here; ids of parents are the names of their spans where these are known. */
function spans() {
  const all = exporter.getFinishedSpans()
  const names = new Map(all.map((span) => [span.spanContext().spanId, span.name]))
  return all.map(({ name, kind, attributes, status, parentSpanContext: parent }) => {
    const below = parent && (names.get(parent.spanId) ?? parent.spanId)
    return { name, kind: api.SpanKind[kind], below, attributes, isError: status.code === api.SpanStatusCode.ERROR }
  })
}

it('takes only well-formed trace contexts', () => {
  expect(parseTraceparent(PARENT)).toBe(PARENT)
  for (const bad of [undefined, '', 'x', `${PARENT}\n`, PARENT.toUpperCase(), [PARENT]])
    expect(parseTraceparent(bad)).toBeUndefined()
})

it('makes a span below the one that is named, and passes its own context on', async () => {
  const seen = await tracing.span('task x', OPTIONS, PARENT, async (own) => ({ ok: true, own }))
  expect(spans()).toEqual([
    {
      name: 'task x',
      kind: 'PRODUCER',
      below: PARENT_ID,
      attributes: { 'siibra.queue': 'core', 'siibra.ok': 'true' },
      isError: false,
    },
  ])
  const { spanId } = exporter.getFinishedSpans()[0]!.spanContext()
  expect(seen.own).toBe(`00-${TRACE_ID}-${spanId}-01`)
})

it('ends the span of work that throws', async () => {
  const work = () => Promise.reject(new Error('no'))
  await expect(tracing.span('run x', OPTIONS, undefined, work)).rejects.toThrow('no')
  expect(spans()).toMatchObject([{ name: 'run x', below: undefined, isError: true }])
})

it('tells of a request its route, its status and where the answer came from', () => {
  const began = tracing.serve({ method: 'GET', route: '/regions/{region_id}', id: 'r1', traceparent: PARENT })
  expect(began.traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`))
  began.end(503, 'miss')
  tracing.serve({ method: 'GET', route: '/atlases', id: 'r2', traceparent: undefined, beganMsAgo: 50 }).end(200, 'hit')
  const answer = { 'http.response.status_code': 503, 'siibra.cache': 'miss', 'siibra.request_id': 'r1' }
  const request = { 'http.request.method': 'GET', 'http.route': '/regions/{region_id}' }
  expect(spans()).toMatchObject([
    {
      name: 'GET /regions/{region_id}',
      kind: 'SERVER',
      below: PARENT_ID,
      attributes: { ...request, ...answer },
      isError: true,
    },
    { name: 'GET /atlases', below: undefined, isError: false },
  ])
  const [, { duration }] = exporter.getFinishedSpans() as [unknown, { duration: [number, number] }]
  expect(duration[0] * 1000 + duration[1] / 1e6).toBeGreaterThanOrEqual(49)
})

it('is below the span of an instrumentation of HTTP, which has the parent of the header already', () => {
  const instrumented = api.trace.getTracer('http').startSpan('GET')
  api.context.with(api.trace.setSpan(api.context.active(), instrumented), () =>
    tracing.serve({ method: 'GET', route: '/atlases', id: 'r', traceparent: PARENT }).end(200, 'none'),
  )
  instrumented.end()
  expect(spans()).toMatchObject([{ name: 'GET /atlases', below: 'GET' }, { name: 'GET' }])
})

it('has a span for each request to another service, below the task that wants it, which is told of it', async () => {
  const told = new Map<string, string>()
  const server = await startServer((request, response) => {
    told.set(String(request.url), String(request.headers.traceparent))
    if (request.url === '/moved') response.writeHead(302, { location: '/text?token=hidden' }).end()
    else if (request.url === '/failing') response.writeHead(404).end()
    else response.end(request.url)
  })
  const { aroundRequest } = tracing
  // one request at a time: others wait, and are begun where that one ends
  const retrieval = createRetrieval({ aroundRequest, concurrencyPerHost: 1 })
  const read = (path: string) => retrieval.bytes(server.base.replace('://', '://user:hidden@') + path)
  const task = (name: string, path: string) =>
    tracing.span(name, OPTIONS, undefined, async () => ({ ok: true, bytes: await read(path) }))
  await Promise.all([task('a', '/moved'), task('b', '/text?key=hidden'), task('c', '/failing'), task('d', '/text/1')])
  await retrieval.close()
  await server.close()

  const all = spans()
  const requests = all.filter(({ kind }) => kind === 'CLIENT')
  const ofServer = (path: string, status: number) => ({
    'url.full': server.base + path,
    'http.response.status_code': status,
    'http.request.method': 'GET',
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(server.base).port),
  })
  expect(requests.map(({ below, attributes, isError }) => [below, attributes, isError])).toEqual([
    ['a', ofServer('/moved', 302), false],
    ['a', ofServer('/text', 200), false],
    ['b', ofServer('/text', 200), false],
    ['c', ofServer('/failing', 404), true],
    ['d', ofServer('/text/1', 200), false],
  ])
  expect(JSON.stringify(all)).not.toContain('hidden')
  const contexts = exporter.getFinishedSpans().map((span) => span.spanContext())
  expect(told.size).toBe(5)
  for (const [path, header] of told)
    expect(
      contexts.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`),
      path,
    ).toContain(header)
})

it('tells of a request that failed what kind of failure it was', async () => {
  const server = await startServer((request) => request.socket.destroy())
  const retrieval = createRetrieval({ aroundRequest: tracing.aroundRequest, retry: { attempts: 1 } })
  await expect(retrieval.bytes(`${server.base}/x`)).rejects.toThrow()
  await retrieval.close()
  await server.close()
  expect(spans()).toMatchObject([{ attributes: { 'error.type': 'UPSTREAM_UNAVAILABLE' }, isError: true }])
})

it('passes the context on where spans are not wanted', async () => {
  const off: Tracing = await loadTracing(false, () => {})
  expect(off).toBe(PASS_ON)
  expect(await off.span('x', OPTIONS, PARENT, async (own) => ({ ok: true, own }))).toEqual({ ok: true, own: PARENT })
  expect(off.serve).toBeUndefined()
  expect(off.aroundRequest).toBeUndefined()
})
