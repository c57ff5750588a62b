/** A server's side of the queue with Redis and jobs in memory: what it sends, takes, refuses, and tells. */
import { afterEach, beforeEach, vi } from 'vitest'
import { createQueueDispatcher, type QueueDispatcherOptions } from '../../../../src/dispatch/queue/dispatcher.ts'
import type { JobEventsOptions } from '../../../../src/dispatch/queue/job-events.ts'
import { taskId, taskKeyOf } from '../../../../src/dispatch/queue/names.ts'
import { storeResult } from '../../../../src/dispatch/queue/result.ts'
import { announceWorker } from '../../../../src/dispatch/queue/workers/heartbeats.ts'
import type { RunOptions } from '../../../../src/tasks/dispatcher.ts'
import type { Task } from '../../../../src/tasks/task.ts'
import { anAnswer } from '../../an-answer.ts'
import { FakeRedis } from '../../fake-redis.ts'
import { aTask, scope } from '../pending/parts.ts'

interface FakeConnections {
  broker: FakeRedis
  results: FakeRedis
  isReplaced: boolean
  isClosed: boolean
  close(): Promise<void>
}
const made = vi.hoisted(() => ({
  connections: undefined as unknown,
  events: undefined as unknown,
  onError: (_error: Error) => {},
  jobs: [] as { id: string; data: { task: Task }; priority: number }[],
  moved: [] as unknown[],
  closeEvents: async () => {},
}))

export { made }

vi.mock('node:timers/promises', () => import('../../timed-delay.ts'))
vi.mock('../../../../src/dispatch/queue/connections.ts', async (original) => ({
  ...(await original<object>()),
  connectQueue: () => made.connections,
}))
vi.mock('../../../../src/dispatch/queue/job-events.ts', () => ({
  createJobEvents(options: JobEventsOptions) {
    made.events = options
    return { listen: async () => {}, close: () => made.closeEvents() }
  },
}))
vi.mock('../../../../src/dispatch/queue/broker-queues.ts', () => ({
  createBrokerQueues(_broker: unknown, _scope: unknown, onError: (error: Error) => void) {
    made.onError = onError
    const queueFor = ({ queue }: Task) => ({
      name: queue,
      toKey: (id: string) => `job:${id}`,
      async add(_name: string, data: { task: Task }, { jobId, priority }: { jobId: string; priority: number }) {
        made.jobs.push({ id: jobId, data, priority })
        await (made.connections as FakeConnections).broker.set(`job:${jobId}`, 'waits')
      },
      getJob: async () => ({ priority: 9, changePriority: async (to: unknown) => void made.moved.push(to) }),
    })
    return { queuesOf: () => [], queueFor, close: async () => {} }
  },
}))

export const NOW_MS = 1_700_000_000_000
/** The tests of a file go by a clock that they move. */
export function useOwnClock() {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW_MS })
    Object.assign(made, { jobs: [], moved: [], closeEvents: async () => {} })
  })
  afterEach(() => void vi.useRealTimers())
}

export async function create(more: Partial<QueueDispatcherOptions> & { threads?: number; policy?: string } = {}) {
  const connections: FakeConnections = {
    broker: new FakeRedis(),
    results: new FakeRedis(),
    isReplaced: false,
    isClosed: false,
    close: async () => {
      connections.isClosed = true
    },
  }
  made.connections = connections
  const { broker, results } = connections
  const ended: unknown[][] = []
  const shared: string[] = []
  const told: string[] = []
  const { threads = 0, policy, ...options } = more
  if (policy !== undefined) broker.info = async () => `maxmemory_policy:${policy}`
  await announceWorker(broker.redis, scope, {
    id: 'w',
    host: 'h',
    pid: 1,
    startedAtMs: NOW_MS,
    queues: { core: { threads, active: 0 }, volumes: { threads: 0, active: 0 } },
    rssBytes: 1,
    dataVersion: 'v',
  })
  const dispatcher = createQueueDispatcher({
    brokerUrl: '',
    resultUrl: '',
    scope,
    observer: {
      ended: ({ task, outcome, waitMs, runMs }) => void ended.push([task.name, outcome, waitMs, runMs]),
      shared: ({ name }) => void shared.push(name),
    },
    onProblem: (message) => void told.push(message),
    onDataVersion: (version) => void told.push(version),
    ...options,
  })
  broker.emit('ready')
  results.emit('ready')
  await vi.advanceTimersByTimeAsync(0)
  /** Sends a task; the outcome is there once it is known. */
  const run = async (name: string, task: Partial<Task> = {}, runOptions: RunOptions = {}) => {
    const whole = aTask({ name, deadlineMs: NOW_MS + 600_000, ...task })
    const state = { id: taskId(whole), outcome: undefined as string | undefined }
    void dispatcher.run(whole, runOptions).then((result) => {
      state.outcome = result.ok ? Buffer.from(result.body).toString() : result.code
    })
    await vi.advanceTimersByTimeAsync(0)
    return state
  }
  const events = (made.events as JobEventsOptions).listener
  const complete = async (id: string, result = anAnswer('done')) => {
    await vi.advanceTimersByTimeAsync(1)
    await storeResult(results.redis, scope, id, result)
    events.onCompleted(id, 'done')
    await vi.advanceTimersByTimeAsync(0)
  }
  const waitersOf = (id: string) =>
    Object.fromEntries((broker.values.get(taskKeyOf(scope, id, 'waiters')) as Map<string, number> | undefined) ?? [])
  return { dispatcher, connections, broker, results, ended, shared, told, run, events, complete, waitersOf }
}
