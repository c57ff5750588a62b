/** The routes of the API: from a request to the bytes of its answer. */
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import type { Criticality, Task, TaskResult, TaskTiming } from '../dispatch/task.ts'
import { joinParts } from '../dispatch/task-key.ts'
import { PASS_ON, parseTraceparent } from '../dispatch/tracing.ts'
import { type AnswerRequest, prepareAnswer, toEntry } from './answer.ts'
import { type CacheEntry, isStale } from './cache/cache.ts'
import { createCompressor } from './cache/compress.ts'
import type { SpecialRoute } from './downloads.ts'
import { errorBody, type ParameterProblem, retryAfterS, STATUS_OF } from './errors.ts'
import { CACHE_HEADER } from './headers.ts'
import { isInner } from './inner-requests.ts'
import { type ParameterSpec, parameterSpecs, parseParams, parseQuery } from './params.ts'
import { PYTHON_MEDIA_TYPE, pythonSnippet } from './python-snippet.ts'
import { createMatcher, type RouteMatch } from './routes/match.ts'
import { API_VERSIONS, type ApiVersion, type RouteRecord } from './routes/route.ts'
import type { ServerDeps } from './service.ts'

export interface ApiOptions extends Pick<ServerDeps, 'dispatcher' | 'cache' | 'logger' | 'info' | 'state' | 'tracing'> {
  config: Pick<Config, 'taskTimeoutS' | 'responseCacheTtlS' | 'responseCacheStaleS' | 'browserCacheS'>
  routes: readonly RouteRecord[]
  /** Answers of routes that are not simply a task whose result is sent, by the name of the route. */
  special?: Readonly<Record<string, SpecialRoute>>
  /** Hears which raw URL stands for which cached answer. */
  onCached?: (rawUrl: string, key: string, route: RouteRecord) => void
}

/** A stale answer that could not be made again is left alone for this time. */
const REFRESH_AGAIN_MS = 60_000

export type CacheOutcome = 'hit' | 'miss' | 'bypass' | 'none'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the log line and the metrics of a request say. */
    route: RouteRecord | undefined
    cacheOutcome: CacheOutcome
  }
}

/** Registers everything below `/v3_0` and `/v1_0`. */
export function registerApi(app: FastifyInstance, options: ApiOptions): void {
  const compress = createCompressor(options.cache)
  const { tracing = PASS_ON } = options
  const match = createMatcher(options.routes)
  const specs = new Map(options.routes.map((route) => [route, parameterSpecs(route)]))
  app.decorateRequest('route', undefined)
  app.decorateRequest('cacheOutcome', 'none')

  for (const version of API_VERSIONS) {
    app.route({
      method: ['GET', 'HEAD'],
      url: `/${version}/*`,
      handler: (request, reply) => answer(request, reply, version),
    })
  }

  // before bodies are read: no route takes one
  app.addHook('onRequest', async (request, reply) => {
    if (request.method === 'GET' || request.method === 'HEAD') return
    const version = API_VERSIONS.find((candidate) => request.url.startsWith(`/${candidate}/`))
    const found = version === undefined ? undefined : matchUrl(match, version, request.url)
    if (found === undefined) return
    if (request.headers.accept === PYTHON_MEDIA_TYPE) return sendPlain(reply, 404, 'There is no Python code for this')
    reply.header('allow', 'GET, HEAD')
    return sendError(reply, 405, 'Method Not Allowed')
  })

  async function answer(request: FastifyRequest, reply: FastifyReply, version: ApiVersion) {
    const found = matchUrl(match, version, request.url)
    const wantsPython = request.headers.accept === PYTHON_MEDIA_TYPE
    if (found === undefined)
      return wantsPython
        ? sendPlain(reply, 404, 'There is no Python code for this')
        : sendError(reply, 404, 'Not Found')
    const { route, pathParams } = found
    request.route = route
    const queryAt = request.url.indexOf('?')
    const query = parseQuery(queryAt < 0 ? '' : request.url.slice(queryAt + 1))
    const raw = (spec: ParameterSpec) => (spec.in === 'path' ? pathParams[spec.name] : query.get(spec.name))
    const routeSpecs = specs.get(route) as ParameterSpec[]
    if (wantsPython) return sendPlain(reply, 200, pythonSnippet(route, routeSpecs, raw))

    const parsed = parseParams(routeSpecs, raw)
    if (!parsed.ok) return sendError(reply, parsed.status, parsed.problems)
    return answerRoute(request, reply, route, parsed.params)
  }

  async function answerRoute(
    request: FastifyRequest,
    reply: FastifyReply,
    route: RouteRecord,
    params: Record<string, unknown>,
  ) {
    const special = options.special?.[route.name]
    if (special) return special(request, reply, route, params)
    const mayStore = isCacheable(route, params) && request.headers.authorization === undefined
    const mayRead = mayStore && !wantsFresh(request)
    const key = mayStore ? joinParts(`${options.info.apiVersion} ${route.name}`, params) : ''
    const cached = mayRead ? await options.cache.get(key) : undefined
    request.cacheOutcome = cached ? 'hit' : mayRead ? 'miss' : mayStore ? 'bypass' : 'none'
    if (cached) {
      if (isStale(cached)) refresh(request.url, key, route, params, cached)
      else {
        if (cached.bodies.gzip === undefined) compress(key, cached)
        options.onCached?.(request.url, key, route)
      }
      return sendEntry(request, reply, cached, route)
    }
    if (options.state.phase !== 'ready' && !isInner(request)) {
      reply.header('retry-after', 1)
      return sendError(reply, 503, `Not ready: ${options.state.reason}`)
    }
    const criticality = isInner(request) ? 'background' : route.criticality
    const traceparent = parseTraceparent(request.headers.traceparent)
    const result = await dispatch(route, params, criticality, { socket: request.raw.socket, traceparent })
    if (result.timing) reply.header('server-timing', serverTiming(result.timing))
    if (!result.ok) return sendFailure(reply, route, result)
    const entry = entryOf(result)
    if (mayStore && result.status === 200 && result.headers['cache-control'] !== 'no-store')
      store(request.url, key, route, entry)
    return sendEntry(request, reply, entry, route)
  }

  /**
   * Keeps an answer as it is. Its compressed forms follow; those of what is less than critical when it is asked again, as most
   * of it never is (points, boxes): compressing took a third of the event loop's time beside a flood of such answers.
   */
  function store(rawUrl: string, key: string, route: RouteRecord, entry: CacheEntry): void {
    const known = options.cache.peek?.(key)
    const isSame = known?.etag === entry.etag && known.bodies.gzip !== undefined
    const kept = isSame ? { ...entry, bodies: known.bodies } : entry
    const isSoonAgain = route.criticality === 'critical'
    if (!isSame && isSoonAgain) compress(key, entry)
    void options.cache.set(key, kept).then(() => {
      if (isSame || isSoonAgain) options.onCached?.(rawUrl, key, route)
    })
  }

  function entryOf(result: TaskResult & { ok: true }): CacheEntry {
    const staleAtMs = Date.now() + options.config.responseCacheTtlS * 1000
    return toEntry(result, staleAtMs, staleAtMs + options.config.responseCacheStaleS * 1000)
  }

  const refreshing = new Set<string>()

  /**
   * Makes a stale answer again, behind what people wait for. Where that fails, as when the remote data are away, the old
   * one goes on being served.
   */
  function refresh(
    rawUrl: string,
    key: string,
    route: RouteRecord,
    params: Record<string, unknown>,
    stale: CacheEntry,
  ): void {
    if (refreshing.has(key) || options.state.phase !== 'ready') return
    refreshing.add(key)
    void dispatch(route, params, 'background')
      .then((result) => {
        if (result.ok && result.status === 200) return store(rawUrl, key, route, entryOf(result))
        const isGone = !result.ok && STATUS_OF[result.code] < 500
        if (isGone) return options.cache.delete(key)
        return options.cache.set(key, { ...stale, staleAtMs: Date.now() + REFRESH_AGAIN_MS })
      })
      .finally(() => refreshing.delete(key))
  }

  async function dispatch(
    route: RouteRecord,
    params: Record<string, unknown>,
    criticality: Criticality,
    { socket, traceparent }: { socket?: Socket; traceparent?: string | undefined } = {},
  ): Promise<TaskResult> {
    const { name, queue, fixed = {} } = route.task
    const deadlineMs = Date.now() + options.config.taskTimeoutS * 1000
    const task: Task = { name, queue, params: { ...params, ...fixed }, criticality, deadlineMs }
    const left = new AbortController()
    const onClose = () => left.abort()
    socket?.once('close', onClose)
    try {
      return await tracing.span(
        `task ${name}`,
        { 'siibra.queue': queue, 'siibra.criticality': criticality },
        traceparent,
        (own) =>
          options.dispatcher.run(own === undefined ? task : { ...task, traceparent: own }, { signal: left.signal }),
      )
    } finally {
      socket?.removeListener('close', onClose)
    }
  }

  function sendEntry(request: FastifyRequest, reply: FastifyReply, entry: CacheEntry, route: RouteRecord) {
    const isNeverKept = route.cache.kind === 'never' || entry.headers['cache-control'] === 'no-store'
    const cacheControl = isNeverKept ? 'no-store' : `public, max-age=${options.config.browserCacheS}`
    const prepared = prepareAnswer(entry, answerRequest(request), cacheControl)
    if (request.cacheOutcome === 'hit') reply.header(CACHE_HEADER, 'hit')
    return reply.code(prepared.status).headers(prepared.headers).send(prepared.body)
  }

  function sendFailure(reply: FastifyReply, route: RouteRecord, result: TaskResult & { ok: false }) {
    const { code, message, details } = result
    if (code === 'INTERNAL') options.logger.error({ task: route.task.name, err: message }, 'A task failed')
    const retryS = retryAfterS(code, details)
    if (retryS !== undefined) reply.header('retry-after', retryS)
    return sendError(reply, route.statuses?.[code] ?? STATUS_OF[code], message, { code, ...details })
  }
}

/** What of the time went into waiting and into work, as developer tools of browsers show it. */
function serverTiming({ waitMs, runMs }: TaskTiming): string {
  return `wait;dur=${waitMs.toFixed(1)}, run;dur=${runMs.toFixed(1)}`
}

/** The route of a raw URL; undefined also for a path that is not well-formed. */
function matchUrl(match: ReturnType<typeof createMatcher>, version: ApiVersion, url: string): RouteMatch | undefined {
  const queryAt = url.indexOf('?')
  const path = (queryAt < 0 ? url : url.slice(0, queryAt)).slice(version.length + 1)
  try {
    return match(version, decodeURIComponent(path))
  } catch {
    return match(version, path)
  }
}

export function isCacheable(route: RouteRecord, params: Record<string, unknown>): boolean {
  if (route.cache.kind === 'unless') return route.cache.parameters.every((name) => params[name] === undefined)
  return route.cache.kind === 'always'
}

/** Whether a client asks for an answer that does not come from the cache. */
export function wantsFresh(request: { headers: Record<string, unknown> }): boolean {
  return Boolean(request.headers['x-bypass-fastapi-cache']) || request.headers['cache-control'] === 'no-cache'
}

export function answerRequest(request: { method: string; headers: Record<string, unknown> }): AnswerRequest {
  const { headers } = request
  return {
    isHead: request.method === 'HEAD',
    acceptEncoding: headers['accept-encoding'] as string | undefined,
    ifNoneMatch: headers['if-none-match'] as string | undefined,
    range: headers.range as string | undefined,
    ifRange: headers['if-range'] as string | undefined,
  }
}

export function sendError(
  reply: FastifyReply,
  status: number,
  detail: string | ParameterProblem[],
  more?: Record<string, unknown>,
) {
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .header('cache-control', 'no-store')
    .send(errorBody(status, detail, more))
}

export function sendPlain(reply: FastifyReply, status: number, body: string) {
  return reply.code(status).header('content-type', 'text/plain; charset=utf-8').header('vary', 'Accept').send(body)
}
