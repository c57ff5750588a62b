/** Servers and workers beside a real Redis; who imports this has them closed after each test. */
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { createQueueDispatcher, type QueueDispatcher } from '../../../src/dispatch/queue/dispatcher.ts'
import type { QueueScope } from '../../../src/dispatch/queue/names.ts'
import { createInlineDispatcher } from '../../../src/dispatch/scheduling/inline.ts'
import type { Dispatcher } from '../../../src/tasks/dispatcher.ts'
import { QUEUE_NAMES, type QueueName, type Task, type TaskResult } from '../../../src/tasks/task.ts'
import { type RunningWorker, startWorker } from '../../../src/worker/worker.ts'
import { type RedisServer, startRedis } from '../../redis.ts'
import { createFakeHandlers, openGates } from '../fake-handlers.ts'

export let redis: RedisServer
/** Of the test that runs, as what ran in it. */
export let scope: QueueScope
export let runs: { name: string; params: Record<string, unknown> }[]
const dispatchers: QueueDispatcher[] = []
const workers: RunningWorker[] = []

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.close())
beforeEach(() => {
  scope = { version: `0.0.${Math.floor(Math.random() * 1e9)}`, namespace: 'test' }
  runs = []
})
afterEach(async () => {
  openGates()
  await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.close(0)))
  await Promise.all(workers.splice(0).map((worker) => worker.close(0)))
})

export function startServer(options: Partial<Parameters<typeof createQueueDispatcher>[0]> = {}): QueueDispatcher {
  const dispatcher = createQueueDispatcher({ brokerUrl: redis.url, resultUrl: redis.url, scope, ...options })
  dispatchers.push(dispatcher)
  return dispatcher
}

export async function addWorker(
  options: {
    queues?: readonly QueueName[]
    threads?: number
    scope?: QueueScope
    dataVersion?: string
    watchMs?: number
    around?: (executor: Dispatcher) => Dispatcher
  } = {},
) {
  const { queues = QUEUE_NAMES, threads = 2, around = (executor) => executor } = options
  const worker = startWorker({
    brokerUrl: redis.url,
    resultUrl: redis.url,
    scope: options.scope ?? scope,
    threads: Object.fromEntries(queues.map((queue) => [queue, threads])),
    executor: around(
      createInlineDispatcher({
        handlers: createFakeHandlers((name, params) => void runs.push({ name, params })),
        core: () => Promise.reject(new Error('no core here')),
        sharedDir: '/nonexistent',
      }),
    ),
    sharedDir: '/nonexistent',
    watchMs: options.watchMs ?? 1_000,
    dataVersion: () => options.dataVersion,
  })
  workers.push(worker)
  while (!worker.isReady()) await delay(5)
  return worker
}

export function task(name: string, params: Record<string, unknown> = {}, overrides: Partial<Task> = {}): Task {
  const queue = createFakeHandlers().get(name)?.queue ?? 'core'
  return { name, queue, params, criticality: 'normal', deadlineMs: Date.now() + 600_000, ...overrides }
}

export const jsonOf = (result: TaskResult) => (result.ok ? JSON.parse(Buffer.from(result.body).toString()) : result)
