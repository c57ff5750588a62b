import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Job } from 'bullmq'
import { afterEach, beforeEach, vi } from 'vitest'
import type { TaskJob } from '../../../src/dispatch/queue/job.ts'
import { taskId } from '../../../src/dispatch/queue/names.ts'
import type { RunOptions } from '../../../src/tasks/dispatcher.ts'
import type { Task, TaskResult } from '../../../src/tasks/task.ts'
import { createJobRunner, type Running } from '../../../src/worker/run-job.ts'
import { anAnswer } from '../../dispatch/an-answer.ts'
import { FakeRedis } from '../../dispatch/fake-redis.ts'

export const scope = { version: '1.2.3', namespace: 'test' }
export const NOW_MS = 1_700_000_000_000
/** Of the test that runs. */
export let folder: string
beforeEach(async () => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date', 'performance'] })
  folder = await mkdtemp(join(tmpdir(), 'siibra-api-run-job-'))
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(folder, { recursive: true })
})

/** A worker's runner with Redis in memory. */
export function createRunner(
  run: (task: Task, options: RunOptions) => TaskResult | Promise<TaskResult> = () => anAnswer('done'),
) {
  const [broker, results] = [new FakeRedis(), new FakeRedis()]
  const state = { isHandingBack: false }
  const ran: Task[] = []
  const told: unknown[][] = []
  const problems: string[] = []
  const running = new Map<string, Running>()
  const active: Record<string, number> = {}
  const runner = createJobRunner(
    {
      brokerUrl: '',
      resultUrl: '',
      scope,
      threads: { core: 1 },
      sharedDir: folder,
      executor: {
        run: async (task: Task, options: RunOptions = {}) => {
          ran.push(task)
          return run(task, options)
        },
        status: () => Promise.reject(new Error('not asked')),
        close: async () => {},
      },
      onTask: (name, queue, result, elapsedMs) =>
        void told.push([name, queue, result === 'dropped' ? result : result.ok, elapsedMs]),
      onProblem: (message) => void problems.push(message),
    },
    { broker: broker.redis, results: results.redis, running, active, isHandingBack: () => state.isHandingBack },
  )
  const moved: string[] = []
  const progress: unknown[] = []
  const jobOf = (task: Partial<Task> = {}, data: Partial<TaskJob> = {}, more: object = {}) => {
    const whole: Task = {
      name: 'echo',
      queue: 'core',
      params: {},
      criticality: 'normal',
      deadlineMs: NOW_MS + 60_000,
      ...task,
    }
    // of a job only these are used
    return {
      id: taskId(data.isLong ? { ...whole, name: `long ${whole.name}` } : whole),
      name: whole.name,
      data: { task: whole, ...data },
      timestamp: NOW_MS,
      attemptsStarted: 1,
      stalledCounter: 0,
      moveToDelayed: async (at: number, token: string) => void moved.push(`delayed ${at - NOW_MS} ${token}`),
      moveToWait: async (token: string) => void moved.push(`waits ${token}`),
      updateProgress: async (told: unknown) => void progress.push(told),
      ...more,
    } as unknown as Job<TaskJob> & { id: string }
  }
  const take = (job: Job<TaskJob>) => runner.take('core', job, 'token')
  return { broker, results, state, ran, told, problems, running, active, runner, moved, progress, jobOf, take }
}
