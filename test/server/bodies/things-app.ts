/** A server with routes of its own that take bodies, for tests. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import Type from 'typebox'
import { type Config, parseConfig } from '../../../src/config.ts'
import { createInlineDispatcher } from '../../../src/dispatch/scheduling/inline.ts'
import { buildServer } from '../../../src/server/build-server.ts'
import { createMemoryCache } from '../../../src/server/cache/memory.ts'
import { NEVER, type RouteRecord } from '../../../src/server/routes/route.ts'
import { taskRoutes } from '../../../src/server/routes/tasks.ts'
import { createServiceState } from '../../../src/server/service.ts'
import { bodyOf, parseJsonBody } from '../../../src/tasks/answer/body.ts'
import type { AnyHandler } from '../../../src/tasks/task.ts'

const Points = Type.Object({ points: Type.Array(Type.Array(Type.Number())) }, { title: 'Points' })
export const MAX_BYTES = 2 * 2 ** 20

const common = {
  path: '/things/{thing_id}',
  versions: ['v3_0'],
  tag: 'maps',
  criticality: 'normal',
  cache: NEVER,
  response: { json: Type.Object({}) },
} as const
export const routes: readonly RouteRecord[] = [
  {
    ...common,
    name: 'get_thing',
    method: 'GET',
    summary: 'A thing',
    params: Type.Object({ thing_id: Type.String() }),
    task: { name: 'get_thing', queue: 'core' },
    python: 'thing',
  },
  {
    ...common,
    name: 'post_thing',
    method: 'POST',
    extension: true,
    summary: 'Points for a thing',
    params: Type.Object({ thing_id: Type.String(), size: Type.Integer({ default: 7, minimum: 1 }) }),
    body: {
      accepts: { 'application/json': { schema: Points }, 'text/csv': { description: 'x,y,z' } },
      maxBytes: MAX_BYTES,
    },
    task: { name: 'post_thing', queue: 'core' },
  },
  {
    ...common,
    name: 'get_other',
    method: 'GET',
    path: '/others',
    summary: 'Others',
    params: Type.Object({}),
    task: { name: 'get_thing', queue: 'core' },
    python: 'others',
  },
  ...taskRoutes,
]

export const URL_PATH = '/v3_0/things/one'
export const JSON_TYPE = { 'content-type': 'application/json' }
export const CSV_TYPE = { 'content-type': 'text/csv; charset=utf-8' }
export const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex')

/** What runs, and until when a task waits. */
interface Runs {
  count: number
  hold: Promise<void> | undefined
}

function handlersOf(runs: Runs): AnyHandler[] {
  return [
    { name: 'get_thing', queue: 'core', params: Type.Object({}), run: async (params) => ({ json: { params } }) },
    {
      name: 'post_thing',
      queue: 'core',
      params: Type.Object({}),
      async run(params, context) {
        runs.count++
        const body = await bodyOf(context)
        await runs.hold
        if (body.mediaType === 'application/json') {
          const { points } = parseJsonBody(body, Points)
          return { json: { params, points: points.length } }
        }
        return { json: { params, mediaType: body.mediaType, bytes: body.bytes.length, sha1: sha1(body.bytes) } }
      },
    },
  ]
}

/** The server, and the folder where its bodies lie. */
export function createThings(config: Partial<Config> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'siibra-api-test-'))
  const runs: Runs = { count: 0, hold: undefined }
  const lines: string[] = []
  const dispatcher = createInlineDispatcher({
    handlers: new Map(handlersOf(runs).map((handler) => [handler.name, handler])),
    core: () => Promise.reject(new Error('no core')),
    sharedDir: folder,
  })
  const cache = createMemoryCache({ maxBytes: 2 ** 24 })
  const state = { ...createServiceState(), phase: 'ready' as const, reason: '' }
  const info = { apiVersion: '9.9.9', packageVersion: '1.2.3', gitHash: 'abc', role: 'all' as const }
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const app = buildServer(
    { ...parseConfig({}), sharedDir: folder, ...config },
    { dispatcher, cache, logger, info, state },
    routes,
  )
  let base = ''
  return {
    app,
    cache,
    folder,
    lines,
    runs,
    async listen() {
      base = await app.listen({ host: '127.0.0.1', port: 0 })
      return base
    },
    async post(body: string | Uint8Array, headers: Record<string, string> = JSON_TYPE, path = URL_PATH) {
      const answer = await fetch(base + path, { method: 'POST', body, headers })
      return { status: answer.status, headers: answer.headers, text: await answer.text() }
    },
    /** Tasks wait from now on, until the function that it gives is called. */
    holdTasks() {
      let release = () => {}
      runs.hold = new Promise((resolve) => {
        release = resolve
      })
      return () => release()
    },
    bodiesOnDisk: () => readdirSync(folder).filter((name) => name.startsWith('siibra-api-body-')),
    async close() {
      await Promise.all([app.close(), dispatcher.close(), cache.close()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
