import { pino } from 'pino'
import Type from 'typebox'
import { type ApiOptions, createApi } from '../../src/server/api.ts'
import type { CacheEntry, ResponseCache } from '../../src/server/cache/cache.ts'
import type { ApiRequest } from '../../src/server/http/exchange.ts'
import { toRecord } from '../../src/server/http/reply.ts'
import type { RouteRecord } from '../../src/server/routes/route.ts'
import { createServiceState } from '../../src/server/service.ts'
import type { RunOptions } from '../../src/tasks/dispatcher.ts'
import type { Task, TaskResult } from '../../src/tasks/task.ts'
import { routeOf } from './route-of.ts'

/** What a task gives. */
export const made = (more: object = {}) =>
  ({
    ok: true,
    status: 200,
    contentType: 'application/json',
    headers: {},
    body: Buffer.from('{}'),
    etag: '"e"',
    ...more,
  }) as TaskResult
/** Of the one route, where none are given. */
export const params = { size: Type.Optional(Type.Integer({ minimum: 1 })), name: Type.Optional(Type.String()) }

export interface FakeApiOptions extends Partial<Omit<ApiOptions, 'routes' | 'dispatcher' | 'cache'>> {
  routes?: RouteRecord[]
  result?: TaskResult
  onRun?: (options: RunOptions) => void
}

/** The way from a request to its answer, beside a dispatcher and a cache that tell what they are asked. */
export function createFakeApi({
  routes = [routeOf({ params, criticality: 'normal' })],
  result = made(),
  onRun,
  ...more
}: FakeApiOptions = {}) {
  const tasks: Task[] = []
  const entries = new Map<string, CacheEntry>()
  const waits: string[] = []
  const lines: string[] = []
  const state = { ...createServiceState(), phase: 'ready' as ReturnType<typeof createServiceState>['phase'] }
  const cache: Partial<ResponseCache> = {
    get: async (key) => entries.get(key),
    set: async (key, entry) => void entries.set(key, entry),
    delete: async (key) => void entries.delete(key),
  }
  const api = createApi({
    dispatcher: {
      async run(task, options = {}) {
        tasks.push(task)
        onRun?.(options)
        return result
      },
      status: () => Promise.reject(new Error('not asked for')),
      close: async () => {},
    },
    cache: cache as ResponseCache,
    logger: pino({}, { write: (line: string) => void lines.push(line) }),
    info: { apiVersion: '1', packageVersion: '1', gitHash: 'g', role: 'all' },
    state,
    config: {
      taskTimeoutS: 60,
      responseCacheTtlS: 10,
      responseCacheStaleS: 20,
      maxExpressionChars: 1000,
      browserCacheS: 5,
      edgeCacheS: 0,
      edgeStaleS: 0,
    },
    yielder: {
      take: (_, work) => work(),
      wait: async (criticality) => void waits.push(criticality),
    },
    files: { send: async () => ({ status: 200, headers: ['x-from', 'file'], body: 'file' }) },
    ...more,
    routes,
  })
  const ask = async (url: string, more: Partial<ApiRequest> = {}) => {
    const { method = 'GET' } = more
    const match = api.match(url, method)
    if (!match) throw new Error(`no route for ${method} ${url}`)
    const request: ApiRequest = {
      method,
      url,
      headers: {},
      isInner: false,
      cacheOutcome: 'none',
      onGone: () => () => {},
      ...more,
    }
    const { status, headers, body } = await api.answer(request, match)
    return { status, headers: toRecord(headers), body: String(body), outcome: request.cacheOutcome }
  }
  return { api, ask, tasks, entries, waits, lines, state }
}

/** A body that came, and where it lies. */
export const RECEIVED = {
  ok: true,
  mediaType: 'text/csv',
  sha256: 's',
  bytes: 1,
  content: { bytes: Buffer.from('x') },
} as const
export const BODY = { mediaType: 'text/csv', sha256: 's', bytes: 1, place: { kind: 'inline', base64: 'eA==' } } as const
