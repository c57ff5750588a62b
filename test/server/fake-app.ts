import { pino } from 'pino'
import Type from 'typebox'
import { type Config, parseConfig } from '../../src/config.ts'
import { createInlineDispatcher } from '../../src/dispatch/scheduling/inline.ts'
import { buildServer } from '../../src/server/build-server.ts'
import { createMemoryCache } from '../../src/server/cache/memory.ts'
import type { RouteRecord } from '../../src/server/routes/route.ts'
import { routeTable } from '../../src/server/routes/table.ts'
import { createServiceState } from '../../src/server/service.ts'
import type { AnyHandler, HandlerAnswer, QueueName } from '../../src/tasks/task.ts'

export interface Call {
  task: string
  params: Record<string, unknown>
}

/** What a fake handler answers; by default the task and its parameters, as JSON. */
export type FakeAnswers = Record<
  string,
  (params: Record<string, unknown>, signal: AbortSignal) => HandlerAnswer | Promise<HandlerAnswer>
>

export interface FakeAppOptions {
  answers?: FakeAnswers
  /** Tasks that have no handler. */
  without?: string[]
  config?: Partial<Config>
  lines?: string[]
  routes?: readonly RouteRecord[]
}

/** The real service over handlers that only tell what they were asked. */
export function createFakeApp({
  answers = {},
  without = [],
  config = {},
  lines = [],
  routes = routeTable,
}: FakeAppOptions = {}) {
  const calls: Call[] = []
  const dispatcher = createInlineDispatcher({
    handlers: new Map(routes.filter(hasHandler).map((route) => [route.task.name, fakeHandler(route)])),
    core: () => Promise.reject(new Error('There is no core in these tests')),
    sharedDir: '/nonexistent',
  })
  const cache = createMemoryCache({ maxBytes: 2 ** 24 })
  const state = { ...createServiceState(), phase: 'ready' as const, reason: '' }
  const info = { apiVersion: '9.9.9', packageVersion: '1.2.3', gitHash: 'abc', role: 'all' as const }
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const deps = { dispatcher, cache, logger, info, state }
  const app = buildServer({ ...parseConfig({}), ...config }, deps, routes)
  return { app, calls, ...deps, close: () => Promise.all([app.close(), dispatcher.close(), cache.close()]) }

  function hasHandler(route: RouteRecord): boolean {
    return !without.includes(route.task.name)
  }

  function fakeHandler({ task }: RouteRecord): AnyHandler {
    return {
      name: task.name,
      queue: task.queue as QueueName,
      params: Type.Object({}),
      async run(params, { signal }) {
        calls.push({ task: task.name, params })
        return answers[task.name]?.(params, signal) ?? { json: { task: task.name, params } }
      },
    }
  }
}

/** The object that the `message` of an error body holds. */
export function errorOf(body: string): { detail: unknown; code?: string; [key: string]: unknown } {
  const { error, status_code, message } = JSON.parse(body)
  if (error !== true || !Number.isInteger(status_code)) throw new Error(`This is no error: ${body}`)
  return JSON.parse(message)
}
