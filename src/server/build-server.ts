import Fastify, { type FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { QueueDispatcher } from '../dispatch/queue/dispatcher.ts'
import { createLaterTasks } from '../dispatch/scheduling/later-tasks.ts'
import type { ObjectStorage } from '../downloads/object-storage.ts'
import { keepPrivate } from '../platform/disclosure.ts'
import type { Tracing } from '../platform/tracing.ts'
import type { Dispatcher } from '../tasks/dispatcher.ts'
import { createApi } from './api.ts'
import { createLocalPlaces, createQueuePlaces } from './bodies/places.ts'
import type { ResponseCache } from './cache/cache.ts'
import { createDownloadRoutes } from './downloads.ts'
import { registerHealth } from './health.ts'
import { createClientLimits } from './http/client-limits.ts'
import { createFileAnswers } from './http/file-answer.ts'
import { createForwarded } from './http/forwarded.ts'
import { answerPreflight, type BaseHeaders, baseHeaders } from './http/headers.ts'
import { createClientErrorHandler, createHttpServer } from './http/http-server.ts'
import { withSpans } from './http/kept/hit-spans.ts'
import { createHotPath } from './http/kept/hot-path.ts'
import { publicCacheControl } from './http/kept/kept-rules.ts'
import { createUrlLimit } from './http/length-limits.ts'
import { repairUrl } from './http/raw-requests.ts'
import { pathOf, sendError, sendNoRoute } from './http/reply.ts'
import { createYielder } from './http/yielding.ts'
import { createHttpAdapter } from './http-adapter.ts'
import { createLater } from './later.ts'
import type { Logger } from './log/log.ts'
import { registerMcp } from './mcp/register.ts'
import { createMetrics, registerMetrics } from './metrics/metrics.ts'
import { createStatus } from './metrics/status.ts'
import type { TaskMetrics } from './metrics/task-metrics.ts'
import { wantPassword } from './pages/basic-auth.ts'
import { registerDashboard } from './pages/dashboard.ts'
import { registerPages } from './pages/register.ts'
import { registerApi } from './register-api.ts'
import { createRequestLog, loggedPath, registerRequestLog, requestId } from './request-log.ts'
import { withPageSize } from './routes/limit-settings.ts'
import { withPostSettings } from './routes/post-settings.ts'
import type { RouteRecord } from './routes/route.ts'
import { routeTable } from './routes/table.ts'
import type { ServiceInfo, ServiceState } from './service.ts'

/** Everything that the server is made of beside its routes. */
export interface ServerDeps {
  dispatcher: Dispatcher
  /** The same dispatcher where it is a queue (role server): what lies behind it, and tasks to be looked at later. */
  queue?: QueueDispatcher
  /** What became of the dispatcher's tasks, where somebody counts. */
  tasks?: TaskMetrics
  tracing?: Tracing
  /** Where workers bring finished downloads; without one, see downloads/shared-folder.ts. */
  storage?: ObjectStorage | undefined
  cache: ResponseCache
  logger: Logger
  info: ServiceInfo
  state: ServiceState
}

/** Makes the HTTP service, for production, tests and benchmarks alike. It does not listen yet. */
export function buildServer(
  config: Config,
  deps: ServerDeps,
  table: readonly RouteRecord[] = routeTable,
): FastifyInstance {
  keepPrivate(config)
  const routes = withPageSize(withPostSettings(table, config), config.maxPageSize)
  const { logger, cache, state, tracing } = deps
  const yielder = createYielder()
  const metrics = createMetrics(deps, config.weights, config.monitorDir)
  const forwarded = createForwarded(config)
  const logRequest = createRequestLog(logger, config.logsClients ? forwarded : undefined)
  const base = createBaseHeaders(deps)
  const refuseTooMany = createClientLimits(config, base)
  const refuseLong = createUrlLimit(config, base)
  const hotPath = createHotPath({
    cache,
    yielder,
    base,
    cacheControl: publicCacheControl(config),
    prefix: config.basePath,
    nextId: requestId,
    loggedPath,
    onAnswer: withSpans(({ message, route, id, url, urlJson, status, ms }) => {
      metrics.observe(route, status, 'hit', ms)
      logRequest({ id, method: 'GET', path: url, pathJson: urlJson, status, ms, cache: 'hit', message })
    }, tracing),
  })
  const later = createLater(deps.queue ?? createLaterTasks(deps.dispatcher))
  const special = { ...createDownloadRoutes({ ...deps, yielder, config }), ...later.routes }
  const bodies = deps.queue
    ? createQueuePlaces({ folder: config.sharedDir, queue: deps.queue, storage: deps.storage })
    : createLocalPlaces(config.sharedDir)
  const files = createFileAnswers(config.sharedDir, deps.storage)
  const api = createApi({ ...deps, yielder, config, routes, special, later, bodies, files, onCached: hotPath.learn })
  const answerApi = createHttpAdapter({
    api,
    yielder,
    base,
    metrics,
    logger,
    logRequest,
    tracing,
    prefixOf: forwarded.prefixOf,
    folder: config.sharedDir,
    maxFolderBytes: config.sharedBytes,
  })
  const app = Fastify({
    logger: false,
    exposeHeadRoutes: true,
    // Requests that still come are answered (or refused, with our envelope) by their routes.
    return503OnClosing: false,
    routerOptions: { maxParamLength: config.maxHeadBytes },
    // addresses of clients, and how they reached the service, for pages and /mcp
    trustProxy: config.trustedProxies.length > 0 && [...config.trustedProxies],
    rewriteUrl: ({ url = '/' }) => repairUrl(url),
    serverFactory: (handler) =>
      createHttpServer({
        base,
        readWithinMs: config.readTimeoutS * 1000,
        maxHeadBytes: config.maxHeadBytes,
        onRequest(request, response) {
          // Clients that keep their connections find another server with the next request.
          if (state.phase === 'stopping') response.shouldKeepAlive = false
          const prefix = forwarded.prefixOf(request)
          if (prefix !== '') request.url = forwarded.urlBelow(request, prefix)
          if (refuseTooMany?.(request, response) || refuseLong?.(request, response)) return
          if (prefix === config.basePath && hotPath.answer(request, response)) return
          if (!answerApi(request, response)) handler(request, response)
        },
      }),
    clientErrorHandler: createClientErrorHandler(base),
  })

  app.decorateRequest('prefix', {
    getter() {
      return forwarded.prefixOf(this.raw)
    },
  })
  // its pages have relative addresses, for which a folder ends with a slash
  if (config.basePath !== '') app.get(config.basePath, (_, reply) => reply.redirect(`${config.basePath}/`, 308))
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(base().record)
    const asked = request.headers['access-control-request-method']
    if (request.method !== 'OPTIONS' || asked === undefined) return
    const preflight = answerPreflight(
      asked,
      request.headers['access-control-request-headers'],
      api.methods(request.url),
    )
    if (!preflight.ok) return sendError(reply, 400, preflight.reason)
    return reply.code(200).headers(preflight.headers).header('content-type', 'text/plain; charset=utf-8').send('OK')
  })
  registerRequestLog(app, logRequest, metrics)
  registerApi(app, api, answerApi, routes)
  registerHealth(app, deps, config)
  registerMetrics(app, metrics, wantPassword(config.operatorPassword, 'metrics'))
  if (config.hasMcp) registerMcp(app, { api, routes, config, version: deps.info.packageVersion, logger })
  const { dashboardPath, dashboardPassword } = config
  if (deps.queue && dashboardPassword !== undefined)
    app.register((scope) =>
      registerDashboard(scope, {
        queue: deps.queue as QueueDispatcher,
        path: dashboardPath.replace(/\/+$/, ''),
        password: dashboardPassword,
      }),
    )
  registerPages(app, deps, routes, createStatus({ ...deps, windows: metrics.windows }), config.operatorPassword)

  app.setNotFoundHandler((request, reply) => {
    const url = request.url.split('?')[0] as string
    if (request.method === 'GET' || !app.hasRoute({ method: 'GET', url }))
      return sendNoRoute(reply, routes, pathOf(url), request.prefix)
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

declare module 'fastify' {
  interface FastifyRequest {
    /** The path below which the client finds the service: nothing, or `/atlas`. */
    readonly prefix: string
  }
}

function createBaseHeaders({ info, state }: ServerDeps): () => BaseHeaders {
  const normal = baseHeaders(info.apiVersion, false)
  const demo = baseHeaders(info.apiVersion, true)
  return () => (state.core?.isDemo ? demo : normal)
}
