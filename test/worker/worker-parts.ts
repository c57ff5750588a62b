/** A worker with queues and Redis in memory. */
import type { EventEmitter } from 'node:events'
import type { WorkerOptions as BullOptions, Job } from 'bullmq'
import { afterEach, beforeEach, vi } from 'vitest'
import type { TaskJob } from '../../src/dispatch/queue/job.ts'
import { taskId } from '../../src/dispatch/queue/names.ts'
import { addWaiter } from '../../src/dispatch/queue/waiters.ts'
import type { RunOptions } from '../../src/tasks/dispatcher.ts'
import { aborted, failureOf } from '../../src/tasks/failures.ts'
import type { Task, TaskResult } from '../../src/tasks/task.ts'
import type { WorkerOptions } from '../../src/worker/options.ts'
import { startWorker } from '../../src/worker/worker.ts'
import { FakeRedis } from '../dispatch/fake-redis.ts'
import { aTask, scope } from '../dispatch/queue/pending/parts.ts'

type Take = (job: Job<TaskJob>, token: string) => Promise<unknown>
export interface FakeBull extends EventEmitter {
  queue: string
  take: Take
  options: BullOptions
  isRunning(): boolean
  running: boolean
  isClosed: boolean
}
const made = vi.hoisted(() => ({ workers: [] as unknown[], connections: new Map<string, unknown>(), closed: 0 }))

export { made }

vi.mock('node:timers/promises', () => import('../dispatch/timed-delay.ts'))
vi.mock('bullmq', async (original) => {
  const { EventEmitter: Emitter } = await import('node:events')
  class FakeWorker extends Emitter {
    running = false
    isClosed = false
    readonly queue: string
    readonly take: Take
    readonly options: BullOptions
    constructor(queue: string, take: Take, options: BullOptions) {
      super()
      this.queue = queue
      this.take = take
      this.options = options
      made.workers.push(this)
    }
    isRunning = () => this.running
    close = async () => {
      this.isClosed = true
    }
  }
  return { ...(await original<typeof import('bullmq')>()), Worker: FakeWorker }
})
vi.mock('../../src/platform/redis.ts', async (original) => ({
  ...(await original<typeof import('../../src/platform/redis.ts')>()),
  connectRedis: (_url: string, { name }: { name: string }) => made.connections.get(name),
  closeRedis: async () => void made.closed++,
}))

export const NOW_MS = 1_700_000_000_000
/** The tests of a file go by a clock that they move. */
export function useOwnClock() {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW_MS })
    made.workers.length = 0
    made.closed = 0
  })
  afterEach(() => void vi.useRealTimers())
}

export function start(more: Partial<WorkerOptions> = {}) {
  const [broker, results] = [new FakeRedis(), new FakeRedis()]
  made.connections.set('siibra-api worker', broker).set('siibra-api worker results', results)
  const ends = new Map<string, (result: TaskResult) => void>()
  const problems: string[] = []
  let executorClosed = 0
  const worker = startWorker({
    brokerUrl: '',
    resultUrl: '',
    scope,
    threads: { core: 2, volumes: 3 },
    sharedDir: '/nowhere',
    executor: {
      run: ({ name }: Task, { signal }: RunOptions = {}) =>
        new Promise((resolve) => {
          ends.set(name, resolve)
          signal?.addEventListener('abort', () => resolve(failureOf(aborted())))
        }),
      status: () => Promise.reject(new Error('not asked')),
      close: async () => void executorClosed++,
    },
    onProblem: (message) => void problems.push(message),
    onWarning: (message) => void problems.push(message),
    ...more,
  })
  const bulls = made.workers as FakeBull[]
  const at = (index: number) => bulls[index] as FakeBull
  /** A job that is taken; what comes of it. */
  const take = async (name: string, more: Partial<TaskJob> = {}) => {
    const task = aTask({ name })
    const id = taskId(more.isLong ? { ...task, name: `long ${name}` } : task)
    const moved: string[] = []
    const job = {
      id,
      name,
      data: { task, ...more },
      timestamp: Date.now(),
      attemptsStarted: 1,
      stalledCounter: 0,
      moveToWait: async (token: string) => void moved.push(token),
    } as unknown as Job<TaskJob>
    await addWaiter(broker.redis, scope, id, 'a server', NOW_MS + 3_600_000)
    const state = { outcome: undefined as unknown, moved, id, job }
    at(0)
      .take(job, 'token')
      .then(
        (outcome) => {
          state.outcome = outcome
        },
        (error) => {
          state.outcome = error.message
        },
      )
    await vi.advanceTimersByTimeAsync(0)
    return state
  }
  return { worker, broker, results, problems, bulls, at, take, ends, executorEnds: () => executorClosed }
}
