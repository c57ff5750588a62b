/** The routes of the API: from a request to its answer. */

import type { Config } from '../config.ts'
import { PASS_ON, type Tracing } from '../platform/tracing.ts'
import { SiibraError, toPlainError } from '../siibra/index.ts'
import { type CallerSignal, LightAbortSignal } from '../tasks/caller-signal.ts'
import type { Dispatcher } from '../tasks/dispatcher.ts'
import type { Criticality, Task, TaskResult, TaskTiming } from '../tasks/task.ts'
import { joinParts } from '../tasks/task-key.ts'
import type { BodyPlaces } from './bodies/places.ts'
import { type CacheEntry, isStale, type ResponseCache } from './cache/cache.ts'
import { answerRequest, errorAnswer, failureAnswer, plainAnswer, prepareAnswer } from './http/answer.ts'
import { deprecationHeaders, linksBelow } from './http/deprecation.ts'
import type { Answer, ApiRequest, Call, HeaderList } from './http/exchange.ts'
import type { FileAnswers } from './http/file-answer.ts'
import { CACHE_HEADER } from './http/headers.ts'
import { createKeptAnswers, type KeptAnswersOptions } from './http/kept/kept-answers.ts'
import { demands, type PublicCaching, publicCacheControl } from './http/kept/kept-rules.ts'
import { createExpressionLimit } from './http/length-limits.ts'
import { applyForm } from './http/parameters/forms.ts'
import { ignoredHeaders } from './http/parameters/ignored.ts'
import { type ParameterSpec, parameterSpecs, parseParams, parseQuery } from './http/parameters/params.ts'
import { NO_PYTHON, PYTHON_MEDIA_TYPE, pythonSnippet } from './http/parameters/python-snippet.ts'
import type { SpecialRoute } from './http/special-route.ts'
import type { Yielder } from './http/yielding.ts'
import { type Later, prefersLater } from './later.ts'
import type { Logger } from './log/log.ts'
import { createMatcher, type RouteMatch } from './routes/match.ts'
import { type BodySpec, ROOTS, type RouteRecord } from './routes/route.ts'
import type { ServiceInfo, ServiceState } from './service.ts'

export interface ApiOptions {
  dispatcher: Dispatcher
  cache: ResponseCache
  logger: Logger
  info: ServiceInfo
  state: ServiceState
  tracing?: Tracing
  config: Pick<Config, 'taskTimeoutS' | 'responseCacheTtlS' | 'responseCacheStaleS' | 'maxExpressionChars'> &
    PublicCaching
  routes: readonly RouteRecord[]
  yielder: Yielder
  /** Sends answers that are files. */
  files: FileAnswers
  /** Where bodies lie while their tasks run; without, no route takes one. */
  bodies?: BodyPlaces
  /** Answers of routes that are not simply a task whose result is sent, by the name of the route. */
  special?: Readonly<Record<string, SpecialRoute>>
  /** Sends tasks whose answers are fetched later. */
  later?: Pick<Later, 'send'>
  onCached?: KeptAnswersOptions['onCached']
}

export interface Api {
  /** The route of a URL for a method (HEAD is GET); undefined where none fits. */
  match(url: string, method?: string): RouteMatch | undefined
  /** The methods that the path of a URL has, none where it is no route. */
  methods(url: string): string[]
  /** The answer to a request whose route was found. Never rejects for what a client sent. */
  answer(request: ApiRequest, match: RouteMatch): Promise<Answer> | Answer
}

export function createApi(options: ApiOptions): Api {
  const { tracing = PASS_ON, config, state, yielder } = options
  const matchers = new Map(
    METHODS.map((method) => [method, createMatcher(options.routes.filter((route) => route.method === method))]),
  )
  const specs = new Map(options.routes.map((route) => [route, parameterSpecs(route)]))
  const deprecations = new Map(options.routes.map((route) => [route, deprecationHeaders(route)]))
  const refuseLong = createExpressionLimit(config)
  const publicControl = publicCacheControl(config)
  const kept = createKeptAnswers({ ...options, generation: () => options.state.generation })

  const answer: Api['answer'] = (request, { route, pathParams }) => {
    const queryAt = request.url.indexOf('?')
    const query = parseQuery(queryAt < 0 ? '' : request.url.slice(queryAt + 1))
    const raw = ({ in: place, name }: ParameterSpec) =>
      place === 'path' ? [pathParams[name] as string] : query.get(name)
    const routeSpecs = specs.get(route) as ParameterSpec[]
    const ofRoute = linksBelow(request.prefix, deprecations.get(route) as HeaderList)
    if (request.headers.accept === PYTHON_MEDIA_TYPE) return pythonAnswer(pythonSnippet(route, routeSpecs, raw))
    const parsed = parseParams(routeSpecs, raw)
    if (!parsed.ok) {
      const refusal = errorAnswer(parsed.status, parsed.problems)
      return withHeaders(refusal, [...ignoredHeaders(routeSpecs, query), ...ofRoute])
    }
    const refusal = refuseLong?.(parsed.params)
    if (refusal) return refusal
    const form = applyForm(route, parsed.params, request.headers.accept)
    if (!form.ok) return errorAnswer(form.status, form.detail, { allowed: form.allowed })
    const ignored = ignoredHeaders(routeSpecs, query, form.ignored)
    const ofUrl = ofRoute.length === 0 ? ignored : [...ignored, ...ofRoute]
    const call = { request, route, params: form.params, ofUrl }
    const made = options.special?.[route.name]?.(call) ?? answerCall(call)
    return ofUrl.length === 0 ? made : made.then((ready) => withHeaders(ready, ofUrl))
  }

  async function answerCall(call: Call): Promise<Answer> {
    const { request, route, params, ofUrl } = call
    const mayStore = isCacheable(route, params) && !demands(request.headers, 'private')
    const mayRead = mayStore && !demands(request.headers, 'fresh')
    const key = mayStore ? joinParts(route.name, params) : ''
    const place = { url: request.url, prefix: request.prefix, accept: request.headers.accept, key, route, ofUrl }
    const cached = mayRead ? await kept.get(key) : undefined
    request.cacheOutcome = cached ? 'hit' : mayRead ? 'miss' : mayStore ? 'bypass' : 'none'
    if (cached) {
      if (!isStale(cached)) kept.found(place, cached)
      else if (state.phase === 'ready') kept.refresh(place, cached, () => run(call, 'background'))
      return toAnswer(call, cached)
    }
    if (state.phase !== 'ready' && !request.isInner)
      return errorAnswer(503, `Not ready: ${state.reason}`, {}, ['retry-after', '1'])
    const { generation } = state
    const isLater = prefersLater(request) && route.criticality !== 'critical'
    const runCall = isLater && options.later ? sendLater(options.later) : runWhileWaited
    const result =
      route.body === undefined ? await runCall(call, () => {}) : await runWithBody(call, route.body, runCall)
    if (isAnswer(result)) return result
    if (!result.ok) {
      if (result.code === 'INTERNAL')
        options.logger.error({ task: route.task.name, err: result.message }, 'A task failed')
      return withTiming(failureAnswer(result, route.statuses), result.timing)
    }
    if (result.file) return withTiming(await options.files.send(result), result.timing)
    const entry = kept.entryOf(result)
    const isKept = mayStore && result.status === 200 && result.headers['cache-control'] !== 'no-store'
    if (isKept && generation === state.generation) kept.store(place, entry)
    return withTiming(toAnswer(call, entry), result.timing)
  }

  /** Receives the body and runs the task with it, or says why it is not taken. */
  async function runWithBody(call: Call, spec: BodySpec, runCall: RunCall): Promise<TaskResult | Answer> {
    const { request, route } = call
    const bound = options.bodies?.bound(route.task.queue)
    const isBounded = bound !== undefined && bound.maxBytes < spec.maxBytes
    const received = await request.receiveBody?.(isBounded ? { ...spec, maxBytes: bound.maxBytes } : spec)
    if (!options.bodies || !received) throw new Error(`${route.name} has nowhere to take its body from`)
    if (!received.ok) {
      const why = received.status === 413 && isBounded ? bound.why : ''
      return errorAnswer(received.status, received.detail + why, { parameter: 'body' }, received.headers)
    }
    const placed = await options.bodies.place(received, route.task.queue).catch(toFailure)
    if ('code' in placed) return placed
    const { body, release } = placed
    const result = await runCall({ ...call, body }, () => release(true))
    // an answer says where the task, which has the body, is looked at
    if (!isAnswer(result)) release(result.ok || !STOPPED_WAITING.has(result.code))
    return result
  }

  const sendLater =
    (later: Pick<Later, 'send'>): RunCall =>
    (call, onEnd) =>
      later.send(taskOf(call, call.route.criticality), onEnd, call.request.prefix)

  /** Runs the task of a call until the client goes. What is less than critical goes on when its turn has come. */
  async function runWhileWaited(call: Call): Promise<TaskResult> {
    const criticality = call.request.isInner ? 'background' : call.route.criticality
    const caller = new LightAbortSignal()
    const stay = call.request.onGone(() => caller.abort())
    const result = await run(call, criticality, caller)
    stay()
    if (criticality !== 'critical') await yielder.wait(criticality)
    return result
  }

  function taskOf({ request, route, params, body }: Call, criticality: Criticality): Task {
    const { name, queue, fixed = {}, isHeavy } = route.task
    const deadlineMs = Date.now() + config.taskTimeoutS * 1000
    const task: Task = { name, queue, params: { ...params, ...fixed }, criticality, deadlineMs }
    if (body !== undefined) task.body = body
    if (request.traceparent !== undefined) task.traceparent = request.traceparent
    if (isHeavy?.(params)) task.isHeavy = true
    return task
  }

  function run(call: Call, criticality: Criticality, signal?: CallerSignal): Promise<TaskResult> {
    const task = taskOf(call, criticality)
    if (isSentFromFile(call.route)) task.mayBeFile = true
    const { name, queue, traceparent } = task
    const attributes = { 'siibra.queue': queue, 'siibra.criticality': criticality }
    return tracing.span(`task ${name}`, { kind: 'producer', attributes }, traceparent, (own) =>
      options.dispatcher.run(own === undefined ? task : { ...task, traceparent: own }, signal ? { signal } : {}),
    )
  }

  function toAnswer({ request, route }: Call, entry: CacheEntry): Answer {
    const isNeverKept =
      route.method !== 'GET' || route.cache.kind === 'never' || entry.headers['cache-control'] === 'no-store'
    const cacheControl = isNeverKept ? 'no-store' : publicControl
    const prepared = prepareAnswer(entry, answerRequest(request), cacheControl)
    if (request.cacheOutcome === 'hit') prepared.headers.push(CACHE_HEADER, 'hit')
    return prepared
  }

  const match: Api['match'] = (url, method = 'GET') => {
    const matcher = matchers.get(method === 'HEAD' ? 'GET' : (method as Method))
    return matcher && matchUrl(matcher, url)
  }
  const methods: Api['methods'] = (url) =>
    METHODS.filter((method) => match(url, method)).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return { match, methods, answer }
}

const METHODS = ['GET', 'POST', 'DELETE'] as const
type Method = (typeof METHODS)[number]

/** Runs the task of a call, or sends it; `onEnd` hears of the end of one that was sent, where this process runs it. */
type RunCall = (call: Call, onEnd: () => void) => Promise<TaskResult | Answer>

/** The caller no longer waits: the task may go on for others. */
const STOPPED_WAITING: ReadonlySet<string> = new Set(['ABORTED', 'DEADLINE_EXCEEDED'])

function toFailure(thrown: unknown): TaskResult & { ok: false } {
  if (!(thrown instanceof SiibraError)) throw thrown
  return { ok: false, ...toPlainError(thrown) }
}

const isAnswer = (value: TaskResult | Answer): value is Answer => !('ok' in value)

const pythonAnswer = (snippet: string | undefined): Answer =>
  snippet === undefined ? plainAnswer(404, NO_PYTHON) : plainAnswer(200, snippet)

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
  const root = ROOTS.find((candidate) => url.startsWith(candidate, 1) && url[candidate.length + 1] === '/')
  if (root === undefined) return undefined
  const queryAt = url.indexOf('?')
  const path = url.slice(root.length + 1, queryAt < 0 ? undefined : queryAt)
  try {
    return match(root, decodeURIComponent(path))
  } catch {
    return match(root, path)
  }
}

/** Tables about what a client has sent are in no cache, and may be large. */
const isSentFromFile = ({ body, response }: RouteRecord): boolean =>
  body !== undefined && 'json' in response && response.forms === 'table'

export function isCacheable(route: RouteRecord, params: Record<string, unknown>): boolean {
  if (route.method !== 'GET') return false
  if (route.cache.kind === 'unless') return route.cache.parameters.every((name) => params[name] === undefined)
  return route.cache.kind === 'always'
}
