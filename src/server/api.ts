/** The routes of the API: from a request to its answer. */
import type { Config } from '../config.ts'
import { PASS_ON, parseTraceparent } from '../platform/tracing.ts'
import { type CallerSignal, LightAbortSignal } from '../tasks/caller-signal.ts'
import type { Criticality, Task, TaskResult, TaskTiming } from '../tasks/task.ts'
import { joinParts } from '../tasks/task-key.ts'
import { type CacheEntry, isStale } from './cache/cache.ts'
import type { SpecialRoute } from './downloads.ts'
import { answerRequest, errorAnswer, failureAnswer, plainAnswer, prepareAnswer } from './http/answer.ts'
import type { Answer, ApiRequest, Call, HeaderList } from './http/exchange.ts'
import { CACHE_HEADER } from './http/headers.ts'
import { ignoredHeaders } from './http/ignored.ts'
import { createKeptAnswers, type KeptAnswersOptions } from './http/kept-answers.ts'
import { demands } from './http/kept-rules.ts'
import { type ParameterSpec, parameterSpecs, parseParams, parseQuery } from './http/params.ts'
import { PYTHON_MEDIA_TYPE, pythonSnippet } from './http/python-snippet.ts'
import type { Turns } from './http/yielding.ts'
import { createMatcher, type RouteMatch } from './routes/match.ts'
import { API_VERSIONS, type RouteRecord } from './routes/route.ts'
import type { ServerDeps } from './service.ts'

export interface ApiOptions extends Pick<ServerDeps, 'dispatcher' | 'cache' | 'logger' | 'info' | 'state' | 'tracing'> {
  config: Pick<Config, 'taskTimeoutS' | 'responseCacheTtlS' | 'responseCacheStaleS' | 'browserCacheS'>
  routes: readonly RouteRecord[]
  turns: Turns
  /** Answers of routes that are not simply a task whose result is sent, by the name of the route. */
  special?: Readonly<Record<string, SpecialRoute>>
  onCached?: KeptAnswersOptions['onCached']
}

export interface Api {
  /** The route of a URL; undefined where none fits. */
  match(url: string): RouteMatch | undefined
  /** The answer to a request whose route was found. Never rejects for what a client sent. */
  answer(request: ApiRequest, match: RouteMatch): Promise<Answer> | Answer
}

export function createApi(options: ApiOptions): Api {
  const { tracing = PASS_ON, config, state, turns } = options
  const matchPath = createMatcher(options.routes)
  const specs = new Map(options.routes.map((route) => [route, parameterSpecs(route)]))
  const kept = createKeptAnswers(options)

  const answer: Api['answer'] = (request, { route, pathParams }) => {
    const queryAt = request.url.indexOf('?')
    const query = parseQuery(queryAt < 0 ? '' : request.url.slice(queryAt + 1))
    const raw = (spec: ParameterSpec) => (spec.in === 'path' ? pathParams[spec.name] : query.get(spec.name))
    const routeSpecs = specs.get(route) as ParameterSpec[]
    if (request.headers.accept === PYTHON_MEDIA_TYPE) return plainAnswer(200, pythonSnippet(route, routeSpecs, raw))
    const ofUrl = ignoredHeaders(routeSpecs, query)
    const parsed = parseParams(routeSpecs, raw)
    if (!parsed.ok) return withHeaders(errorAnswer(parsed.status, parsed.problems), ofUrl)
    const call = { request, route, params: parsed.params, ofUrl }
    const made = options.special?.[route.name]?.(call) ?? answerCall(call)
    return ofUrl.length === 0 ? made : made.then((ready) => withHeaders(ready, ofUrl))
  }

  async function answerCall(call: Call): Promise<Answer> {
    const { request, route, params, ofUrl } = call
    const mayStore = isCacheable(route, params) && !demands(request.headers, 'private')
    const mayRead = mayStore && !demands(request.headers, 'fresh')
    const key = mayStore ? joinParts(route.name, params) : ''
    const place = { url: request.url, key, route, ofUrl }
    const cached = mayRead ? await kept.get(key) : undefined
    request.cacheOutcome = cached ? 'hit' : mayRead ? 'miss' : mayStore ? 'bypass' : 'none'
    if (cached) {
      if (!isStale(cached)) kept.found(place, cached)
      else if (state.phase === 'ready') kept.refresh(place, cached, () => run(call, 'background'))
      return toAnswer(call, cached)
    }
    if (state.phase !== 'ready' && !request.isInner)
      return errorAnswer(503, `Not ready: ${state.reason}`, {}, ['retry-after', '1'])
    const result = await runWhileWaited(call)
    if (!result.ok) {
      if (result.code === 'INTERNAL')
        options.logger.error({ task: route.task.name, err: result.message }, 'A task failed')
      return withTiming(failureAnswer(result, route.statuses), result.timing)
    }
    const entry = kept.entryOf(result)
    if (mayStore && result.status === 200 && result.headers['cache-control'] !== 'no-store') kept.store(place, entry)
    return withTiming(toAnswer(call, entry), result.timing)
  }

  /** Runs the task of a call until the client goes. What is less than critical goes on when its turn has come. */
  async function runWhileWaited(call: Call): Promise<TaskResult> {
    const criticality = call.request.isInner ? 'background' : call.route.criticality
    const caller = new LightAbortSignal()
    const stay = call.request.onGone(() => caller.abort())
    const result = await run(call, criticality, caller)
    stay()
    if (criticality !== 'critical') await turns.wait(criticality)
    return result
  }

  function run({ request, route, params }: Call, criticality: Criticality, signal?: CallerSignal): Promise<TaskResult> {
    const { name, queue, fixed = {}, isHeavy } = route.task
    const deadlineMs = Date.now() + config.taskTimeoutS * 1000
    const task: Task = { name, queue, params: { ...params, ...fixed }, criticality, deadlineMs }
    if (isHeavy?.(params)) task.isHeavy = true
    const attributes = { 'siibra.queue': queue, 'siibra.criticality': criticality }
    return tracing.span(`task ${name}`, attributes, parseTraceparent(request.headers.traceparent), (own) =>
      options.dispatcher.run(own === undefined ? task : { ...task, traceparent: own }, signal ? { signal } : {}),
    )
  }

  function toAnswer({ request, route }: Call, entry: CacheEntry): Answer {
    const isNeverKept = route.cache.kind === 'never' || entry.headers['cache-control'] === 'no-store'
    const cacheControl = isNeverKept ? 'no-store' : `public, max-age=${config.browserCacheS}`
    const prepared = prepareAnswer(entry, answerRequest(request), cacheControl)
    if (request.cacheOutcome === 'hit') prepared.headers.push(CACHE_HEADER, 'hit')
    return prepared
  }

  return { match: (url) => matchUrl(matchPath, url), answer }
}

function withHeaders(answer: Answer, more: HeaderList): Answer {
  answer.headers.push(...more)
  return answer
}

/** What of the time went into waiting and into work, as developer tools of browsers show it. */
function withTiming(answer: Answer, timing: TaskTiming | undefined): Answer {
  if (timing)
    answer.headers.push('server-timing', `wait;dur=${timing.waitMs.toFixed(1)}, run;dur=${timing.runMs.toFixed(1)}`)
  return answer
}

/** The route of a URL; its path is taken as it is where it is not well-formed. */
function matchUrl(match: ReturnType<typeof createMatcher>, url: string): RouteMatch | undefined {
  const version = API_VERSIONS.find((candidate) => url.startsWith(candidate, 1) && url[candidate.length + 1] === '/')
  if (version === undefined) return undefined
  const queryAt = url.indexOf('?')
  const path = url.slice(version.length + 1, queryAt < 0 ? undefined : queryAt)
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
