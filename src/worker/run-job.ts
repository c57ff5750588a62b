/** Runs the jobs that a worker takes: whether they are wanted, their bodies, their results. */
import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq'
import type { Redis } from 'ioredis'
import { brokerNowMs } from '../dispatch/queue/broker-clock.ts'
import {
  JOB_REFUSED,
  type JobOutcome,
  RESULT_LOST,
  RESULT_STORED,
  TASK_LIMIT_MS,
  type TaskJob,
} from '../dispatch/queue/job.ts'
import { makeRoomForResult } from '../dispatch/queue/long-tasks/results.ts'
import { storeResult } from '../dispatch/queue/result.ts'
import { LATER, removeWaiter } from '../dispatch/queue/waiters.ts'
import { toPlainError } from '../siibra/index.ts'
import { deadlineExceeded, failureOf, refusalOf } from '../tasks/failures.ts'
import type { QueueName, TaskResult } from '../tasks/task.ts'
import { isAwaited } from './awaited.ts'
import { checkJob, JOB_REFUSALS, type JobRefusal, RefusedJob } from './check-job.ts'
import { deliverAnswer, discardAnswer } from './deliver-answer.ts'
import { deliverFile } from './deliver-file.ts'
import { type FetchedBody, fetchBody, forgetBody } from './fetch-body.ts'
import { keepState } from './keep-state.ts'
import type { WorkerOptions } from './options.ts'
import { withinMs } from './waiting.ts'

/** A task that waited for less than this in the queue is started without asking who waits. */
const FRESH_MS = 50
/**
 * Of tasks whose worker died, one runs in a process at a time: so that the one that ended it does not take others down
 * with it twice. The others come back after this time.
 */
const SUSPECT_LATER_MS = 500
/** A result that cannot be stored within this time is lost, and its task failed. */
const STORE_WITHIN_MS = 30_000

/** A task under way in this worker. */
export interface Running {
  data: TaskJob
  startedAtMs: number
  controller: AbortController
  /** Checks in a row that found nobody waiting. */
  unawaited: number
}

/** What the jobs of a worker share. */
export interface RunnerParts {
  broker: Redis
  results: Redis
  running: Map<string, Running>
  /** Tasks under way, by queue. */
  active: Partial<Record<QueueName, number>>
  /** True once the worker closes and its grace period is over: what is under way goes back to the queue. */
  isHandingBack(): boolean
}

export interface JobRunner {
  readonly refusedJobs: Readonly<Record<JobRefusal, number>>
  /** Runs a job of a queue; throws what tells BullMQ that it failed, waits or is delayed. */
  take(queue: QueueName, job: Job<TaskJob>, token: string | undefined): Promise<JobOutcome>
}

/** A runner for all queues of one worker. */
export function createJobRunner(options: WorkerOptions, parts: RunnerParts): JobRunner {
  const { scope, executor, suspect = { id: undefined }, onTask, onProblem } = options
  const { broker, results, running, active, isHandingBack } = parts
  const refusedJobs = Object.fromEntries(JOB_REFUSALS.map((reason) => [reason, 0])) as Record<JobRefusal, number>
  const bodySources = (queue: QueueName) => ({
    results,
    scope,
    queue,
    folder: options.sharedDir,
    storage: options.storage,
  })

  async function isWanted(job: Job<TaskJob>): Promise<boolean> {
    const nowMs = brokerNowMs(broker)
    const fresh = nowMs - job.timestamp < FRESH_MS && job.attemptsStarted <= 1 && job.data.task.deadlineMs > nowMs
    return fresh || isAwaited({ broker, results, scope }, job.id as string, job.data)
  }

  /** A result that is kept for who comes later fits among the others, or is a failure that says that it does not. */
  async function withRoom(result: TaskResult, { id: jobId = '', data }: Job<TaskJob>): Promise<TaskResult> {
    if (data.task.token === undefined || !result.ok) return result
    try {
      await makeRoomForResult(results, scope, jobId, result.body.byteLength)
      return result
    } catch (thrown) {
      return { ok: false, ...toPlainError(thrown) }
    }
  }

  function noteRefusal(reason: JobRefusal, job: Pick<Job, 'id'>, why: string): void {
    refusedJobs[reason]++
    onProblem?.(`The job ${job.id} is not run (${reason}): ${why}`)
  }

  /** Nothing is written under the id of what is refused: it may be that of another task. */
  async function takeJob(queue: QueueName, job: Job<TaskJob>, token: string | undefined): Promise<JobOutcome> {
    try {
      checkJob(job, queue)
      return await runJob(job, token)
    } catch (thrown) {
      if (!(thrown instanceof RefusedJob)) throw thrown
      noteRefusal(thrown.reason, job, thrown.message)
      throw new UnrecoverableError(`${JOB_REFUSED} ${thrown.message}`)
    }
  }

  async function runJob(job: Job<TaskJob>, token: string | undefined): Promise<JobOutcome> {
    if (job.stalledCounter === 0) return runWanted(job, token)
    if (suspect.id !== undefined) {
      await job.moveToDelayed(Date.now() + SUSPECT_LATER_MS, token)
      throw new DelayedError()
    }
    suspect.id = job.id
    try {
      return await runWanted(job, token)
    } finally {
      suspect.id = undefined
    }
  }

  async function runWanted(job: Job<TaskJob>, token: string | undefined): Promise<JobOutcome> {
    const jobId = job.id as string
    const { task, isLong, tellsProgress } = job.data
    const states = isLong ? keepState(results, scope, jobId) : undefined
    if (!(await isWanted(job))) {
      onTask?.(task.name, task.queue, 'dropped', 0)
      if (task.body) await forgetBody(task.body, bodySources(task.queue))
      await states?.end(failureOf(deadlineExceeded()))
      return 'dropped'
    }
    states?.progress(0, 'started')
    let told: Promise<unknown> = Promise.resolve()
    const tell = (fraction: number, doing: string) => {
      // a pair goes through as it is; BullMQ's types allow objects, and arrays are none to them
      told = told.then(() => job.updateProgress([fraction, doing] as unknown as object)).catch(() => undefined)
    }
    const waitedMs = brokerNowMs(broker) - job.timestamp
    const current: Running = {
      data: job.data,
      startedAtMs: Date.now(),
      controller: new AbortController(),
      unawaited: 0,
    }
    running.set(jobId, current)
    active[task.queue] = (active[task.queue] ?? 0) + 1
    let fetched: FetchedBody | undefined
    let isHandedBack = false
    try {
      const { signal } = current.controller
      const onProgress = states ? states.progress : tellsProgress ? tell : undefined
      const execute = async (): Promise<TaskResult> => {
        try {
          fetched = task.body && (await fetchBody(task.body, bodySources(task.queue)))
        } catch (thrown) {
          if (thrown instanceof RefusedJob) throw thrown
          return { ok: false, ...toPlainError(thrown) }
        }
        const own = { ...task, ...(fetched ? { body: fetched.body } : {}) }
        const deadlineMs = current.startedAtMs + TASK_LIMIT_MS
        return executor.run({ ...own, deadlineMs }, { signal, ...(onProgress ? { onProgress } : {}) })
      }
      const ended = await execute()
      const refusal = refusalOf(ended)
      if (refusal !== undefined) noteRefusal(refusal, job, ended.ok ? '' : ended.message)
      await told
      const timed = withQueueWait(ended, waitedMs)
      const delivery = { folder: options.sharedDir, folderMarker: job.data.folderMarker, storage: options.storage }
      const result = await withRoom(signal.aborted ? timed : await deliverAnswer(timed, delivery), job)
      if (signal.aborted && isHandingBack()) {
        isHandedBack = true
        await discardAnswer(result, options.sharedDir)
        await job.moveToWait(token)
        throw new WaitingError()
      }
      onTask?.(task.name, task.queue, signal.aborted ? 'dropped' : result, Date.now() - current.startedAtMs)
      if (signal.aborted) {
        await discardAnswer(result, options.sharedDir)
        return 'dropped'
      }
      if (isLong)
        await deliverFile(
          results,
          scope,
          { id: jobId, folderMarker: job.data.folderMarker, folder: options.sharedDir, result },
          { storage: options.storage, bounds: options.fileBounds },
        )
      const stored = states ? states.end(result) : storeResult(results, scope, jobId, result)
      await withinMs(stored, STORE_WITHIN_MS).catch((thrown: Error) => {
        throw new UnrecoverableError(`${RESULT_LOST} ${thrown.message}`)
      })
      // its client comes back for what is kept; nobody waits for the task itself any more
      if (isLong) await removeWaiter(broker, scope, jobId, LATER).catch(() => undefined)
      if (!result.ok && result.code === 'INTERNAL') throw new UnrecoverableError(`${RESULT_STORED} ${result.message}`)
      return 'done'
    } finally {
      await fetched?.remove(!isHandedBack).catch(() => undefined)
      running.delete(jobId)
      active[task.queue] = (active[task.queue] ?? 1) - 1
    }
  }

  return { refusedJobs, take: takeJob }
}

/** What a task waited for in the queue comes on top of what it waited for a thread. */
function withQueueWait(result: TaskResult, queueMs: number): TaskResult {
  const timing = result.timing ?? { waitMs: 0, runMs: 0 }
  return { ...result, timing: { ...timing, waitMs: timing.waitMs + Math.max(0, queueMs) } }
}
