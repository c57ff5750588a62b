import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { DEMO } from '../src/atlas/choose-configuration.ts'
import { loadCore } from '../src/atlas/load-core.ts'
import { parseConfig } from '../src/config.ts'
import { loadHandlers } from '../src/data-handlers/index.ts'
import type { QueueDispatcher } from '../src/dispatch/queue/dispatcher.ts'
import { createInlineDispatcher } from '../src/dispatch/scheduling/inline.ts'
import type { CoreSettings } from '../src/dispatch/threads/thread-messages.ts'
import { taskLimits } from '../src/roles/settings.ts'
import { buildServer } from '../src/server/build-server.ts'
import { createMemoryCache } from '../src/server/cache/memory.ts'
import { createTaskMetrics } from '../src/server/metrics/task-metrics.ts'
import { createServiceState } from '../src/server/service.ts'
import type { AtlasCore } from '../src/siibra/index.ts'
import type { Dispatcher } from '../src/tasks/dispatcher.ts'
import type { LongTaskState } from '../src/tasks/long-tasks.ts'
import { QUEUE_NAMES } from '../src/tasks/task.ts'

export interface TestApp {
  get(url: string, headers?: Record<string, string>): Promise<Answer>
  /** A request with another method; an object as its body is sent as JSON. */
  send(method: 'POST' | 'DELETE', url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Listens on a free port of 127.0.0.1; gives the base URL. */
  listen(): Promise<string>
  close(): Promise<void>
}

export interface Answer {
  status: number
  contentType: string
  headers: Record<string, unknown>
  bytes: Uint8Array
  json<T = Record<string, unknown>>(): T
}

export interface TestAppOptions {
  hasWorkers?: boolean
  /** Further variables of the environment. */
  env?: Record<string, string>
  /** What stands for the loaded core, as one whose sources are away. */
  withCore?: (core: AtlasCore) => AtlasCore
  /** Hears of every line of the log. */
  onLog?: (line: Record<string, unknown>) => void
}

/**
 * The whole service over a configuration (the demo where none is given), offline, with handlers run in the same thread. `hasWorkers`:
 * long tasks are sent and followed, as where a queue is, but run here.
 */
export async function startTestApp(
  settings: Partial<CoreSettings> = { configuration: DEMO },
  { hasWorkers = false, env = {}, withCore = (core) => core, onLog }: TestAppOptions = {},
): Promise<TestApp> {
  const sharedDir = mkdtempSync(join(tmpdir(), 'siibra-api-test-'))
  const config = parseConfig({ SIIBRA_CACHEDIR: sharedDir, SIIBRA_API_OFFLINE: '1', ...env })
  const { core: loaded, summary } = await loadCore({ ...config, configuration: DEMO, ...settings })
  const core = withCore(loaded)
  const tasks = createTaskMetrics()
  const dispatcher = createInlineDispatcher({
    handlers: await loadHandlers(QUEUE_NAMES),
    core: async () => core,
    sharedDir,
    limits: taskLimits(config),
    observer: tasks,
  })
  const cache = createMemoryCache({ maxBytes: 2 ** 24 })
  const demoReason = summary.isDemo ? 'It is what this test serves.' : null
  const state = { ...createServiceState(), phase: 'ready' as const, reason: '', core: summary, demoReason }
  const info = { apiVersion: 'test', packageVersion: 'test', gitHash: 'test', role: 'all' as const }
  const logger = onLog ? pino({}, { write: (line) => onLog(JSON.parse(line)) }) : pino({ level: 'silent' })
  const queue = hasWorkers ? { queue: withLongTasks(dispatcher) } : {}
  const app = buildServer(config, { dispatcher, tasks, cache, logger, info, state, ...queue })
  return {
    get: async (url, headers = {}) => toAnswer(await app.inject({ method: 'GET', url, headers })),
    async send(method, url, body, headers = {}) {
      const isBytes = typeof body === 'string' || Buffer.isBuffer(body)
      const payload = body === undefined ? {} : { payload: isBytes ? body : JSON.stringify(body) }
      const type = body === undefined || isBytes ? {} : { 'content-type': 'application/json' }
      return toAnswer(await app.inject({ method, url, headers: { ...type, ...headers }, ...payload }))
    },
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    async close() {
      await app.close()
      await dispatcher.close()
      await cache.close()
      await core.retrieval.close()
      rmSync(sharedDir, { recursive: true, force: true })
    },
  }
}

function toAnswer(answer: LightMyRequestResponse): Answer {
  return {
    status: answer.statusCode,
    contentType: String(answer.headers['content-type'] ?? ''),
    headers: answer.headers,
    bytes: answer.rawPayload,
    json: () => answer.json(),
  }
}

/** A dispatcher that can also be sent tasks to be looked at later, as a queue can. */
function withLongTasks(dispatcher: Dispatcher): QueueDispatcher {
  const states = new Map<string, LongTaskState>()
  return {
    ...dispatcher,
    async submit(task) {
      const id = `task-${states.size + 1}`
      states.set(id, { status: 'STARTED', fraction: 0, doing: '' })
      void dispatcher.run(task).then((result) => {
        states.set(id, { status: result.ok ? 'SUCCESS' : 'FAILURE', fraction: 1, doing: '', result })
      })
      return { id }
    },
    inspect: async (id) => states.get(id),
    cancel: async (id) => states.delete(id),
    forget: async (id) => void states.delete(id),
    openFile: async () => undefined,
    refusals: () => [],
    health: () => ({
      awaited: [],
      queuesAway: [],
      problems: [],
      broker: true,
      results: true,
      workers: { core: 1, features: 1, volumes: 1, compounds: 1 },
    }),
    waitUntilConnected: async () => true,
    maxBodyBytes: 2 ** 25,
    sharesFolder: () => true,
    storeBody: async () => undefined,
    removeBody: async () => undefined,
    scope: { version: 'test', namespace: 'test' },
    bullQueues: () => [],
    workers: () => [],
    dataVersion: () => undefined,
  }
}
