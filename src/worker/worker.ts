import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { DelayedError, type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq'
import { brokerNowMs } from '../dispatch/queue/broker-clock.ts'
import {
  JOB_REFUSED,
  type JobOutcome,
  jobFailed,
  RESULT_LOST,
  RESULT_STORED,
  TASK_LIMIT_MS,
  type TaskJob,
} from '../dispatch/queue/job.ts'
import type { FileBounds } from '../dispatch/queue/long-tasks/files.ts'
import { makeRoomForResult } from '../dispatch/queue/long-tasks/results.ts'
import { lanesOf, type QueueScope } from '../dispatch/queue/names.ts'
import { storeResult } from '../dispatch/queue/result.ts'
import { hasWaiter, LATER, removeWaiter } from '../dispatch/queue/waiters.ts'
import { announceWorker, HEARTBEAT_MS, type WorkerInfo, withdrawWorker } from '../dispatch/queue/workers/heartbeats.ts'
import type { ObjectStorage } from '../downloads/object-storage.ts'
import { folderMarkersIn } from '../downloads/shared-folder.ts'
import { type ConnectionReport, closeRedis, connectRedis } from '../platform/redis.ts'
import { evictionWarning } from '../platform/redis-state.ts'
import { toPlainError } from '../siibra/index.ts'
import type { Dispatcher } from '../tasks/dispatcher.ts'
import { deadlineExceeded, failureOf, refusalOf } from '../tasks/failures.ts'
import type { QueueName, TaskResult } from '../tasks/task.ts'
import { checkJob, JOB_REFUSALS, type JobRefusal, RefusedJob } from './check-job.ts'
import { deliverAnswer, discardAnswer } from './deliver-answer.ts'
import { deliverFile } from './deliver-file.ts'
import { type FetchedBody, fetchBody, forgetBody } from './fetch-body.ts'
import { keepState } from './keep-state.ts'

export interface WorkerOptions {
  brokerUrl: string
  resultUrl: string
  scope: QueueScope
  /** Queues to take tasks of, with the threads of each: one task is fetched at a time per thread. */
  threads: Partial<Record<QueueName, number>>
  /** Runs the tasks in threads of this process, so that nothing here ever blocks. */
  executor: Dispatcher
  /** Where tasks leave their files. */
  sharedDir: string
  /** Where files are brought; without one, servers get them from that folder or through the result backend. */
  storage?: ObjectStorage | undefined
  /** What files may take of the result backend. */
  fileBounds?: FileBounds
  /** A worker that does not renew its lock on a task for this time is taken for dead. Default 10 s. */
  lockMs?: number
  report?: ConnectionReport
  /** Which version of the data it holds, once that is known. */
  dataVersion?: () => string | undefined
  /** Told of faults of the queue itself, for the log. */
  onProblem?: (message: string) => void
  /** Told of settings of the broker under which tasks may be lost, for the log. */
  onWarning?: (message: string) => void
  /** Told of every task that ended: for the log and the metrics. */
  onTask?: (name: string, queue: QueueName, result: TaskResult | 'dropped', elapsedMs: number) => void
}

export interface RunningWorker {
  info(): WorkerInfo
  /** True when servers know of it, the broker and the result backend are connected and the queues are listened to. */
  isReady(): boolean
  /** Tells servers at once what they would hear with the next heartbeat: that the data are others. */
  announce(): void
  /** Takes no more tasks, lets those under way finish for `graceMs`, then hands the rest back to the queue. */
  close(graceMs: number): Promise<void>
}

/** How often a running task is checked for somebody who still waits for it. */
const WATCH_MS = 1_000
const UNAWAITED_TIMES = 3
/** A task that waited for less than this in the queue is started without asking who waits. */
const FRESH_MS = 50
/**
 * Of tasks whose worker died, one runs in a process at a time: so that the one that ended it does not take others down
 * with it twice. The others come back after this time.
 */
const SUSPECT_LATER_MS = 500
/** A result that cannot be stored within this time is lost, and its task failed. */
const STORE_WITHIN_MS = 30_000

/** How long a worker that closes takes for what is left after its grace period. */
const HAND_BACK_WITHIN_MS = 2_000

/** A task under way in this worker. */
interface Running {
  startedAtMs: number
  controller: AbortController
  /** Checks in a row that found nobody waiting. */
  unawaited: number
}

/** Takes tasks of some queues until it is closed. */
export function startWorker(options: WorkerOptions): RunningWorker {
  const { scope, executor, lockMs = 10_000, onTask, onProblem, onWarning } = options
  const id = randomUUID()
  const startedAtMs = Date.now()
  const shown = options.report ? { report: options.report } : {}
  const broker = connectRedis(options.brokerUrl, { name: 'siibra-api worker', retryForever: true, ...shown })
  const results = connectRedis(options.resultUrl, { name: 'siibra-api worker results', retryForever: true, ...shown })
  const running = new Map<string, Running>()
  const active: Partial<Record<QueueName, number>> = {}
  const queues = Object.keys(options.threads) as QueueName[]
  /** The one task under way here whose worker died before: it, or a neighbour of it, may have been the cause. */
  let suspect: string | undefined
  const refusedJobs = Object.fromEntries(JOB_REFUSALS.map((reason) => [reason, 0])) as Record<JobRefusal, number>
  let handingBack = false
  let isClosing = false
  let isAnnounced = false

  const bodySources = (queue: QueueName) => ({
    results,
    scope,
    queue,
    folder: options.sharedDir,
    storage: options.storage,
  })
  let folderMarkers: string[] = []
  const info = (): WorkerInfo => ({
    id,
    host: hostname(),
    pid: process.pid,
    startedAtMs,
    queues: Object.fromEntries(
      queues.map((queue) => [queue, { threads: options.threads[queue] ?? 1, active: active[queue] ?? 0 }]),
    ),
    rssBytes: process.memoryUsage.rss(),
    folderMarkers,
    dataVersion: options.dataVersion?.(),
    refusedJobs,
  })
  const beat = async () => {
    if (isClosing || broker.status !== 'ready') return
    folderMarkers = await folderMarkersIn(options.sharedDir)
    announceWorker(broker, scope, info()).then(
      () => {
        isAnnounced = true
      },
      () => undefined,
    )
  }
  broker.on('ready', beat)
  broker.once('ready', async () => {
    const warning = await evictionWarning(broker, 'The broker')
    if (warning !== undefined) onWarning?.(warning)
  })
  const heart = setInterval(beat, HEARTBEAT_MS)
  const watcher = setInterval(() => void dropUnawaited().catch(() => undefined), WATCH_MS)

  /** Stops tasks for which nobody waits any more: several checks in a row, for a broker that forgot and is told again. */
  async function dropUnawaited(): Promise<void> {
    if (broker.status !== 'ready') return
    for (const [jobId, task] of running) {
      if (Date.now() - task.startedAtMs < WATCH_MS) continue
      task.unawaited = (await hasWaiter(broker, scope, jobId)) ? 0 : task.unawaited + 1
      if (task.unawaited >= UNAWAITED_TIMES) task.controller.abort()
    }
  }

  async function isWanted(job: Job<TaskJob>): Promise<boolean> {
    const nowMs = brokerNowMs(broker)
    const fresh = nowMs - job.timestamp < FRESH_MS && job.attemptsStarted <= 1 && job.data.task.deadlineMs > nowMs
    return fresh || hasWaiter(broker, scope, job.id as string)
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
    if (suspect !== undefined) {
      await job.moveToDelayed(Date.now() + SUSPECT_LATER_MS, token)
      throw new DelayedError()
    }
    suspect = job.id
    try {
      return await runWanted(job, token)
    } finally {
      suspect = undefined
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
    const current: Running = { startedAtMs: Date.now(), controller: new AbortController(), unawaited: 0 }
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
      if (signal.aborted && handingBack) {
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

  const workers = queues.flatMap((queue) => lanesOf(scope, queue).map((name) => workOn(queue, name)))

  /** Heavy tasks have a queue of their own: one is taken beside the others, for each thread. */
  function workOn(queue: QueueName, name: string): Worker<TaskJob, JobOutcome> {
    const worker = new Worker<TaskJob, JobOutcome>(name, (job, token) => takeJob(queue, job, token), {
      connection: broker,
      name: id,
      concurrency: options.threads[queue] ?? 1,
      lockDuration: lockMs,
      lockRenewTime: Math.round(lockMs / 3),
      stalledInterval: Math.round(lockMs / 3),
      maxStalledCount: 1,
      runRetryDelay: 500,
      // A task handed back by a worker that closes does not wake the others: they look again after this time.
      drainDelay: 1,
      skipVersionCheck: true,
    })
    worker.on('error', (error) => {
      // A connection that breaks is reported where it is made.
      if (broker.status === 'ready' && !isClosing) onProblem?.(`${queue}: ${error.message}`)
    })
    worker.on('failed', (job, error) => {
      if (error.message.startsWith(RESULT_STORED) || error.message.startsWith(JOB_REFUSED)) return
      if (job?.data?.isLong)
        void keepState(results, scope, job.id as string)
          .end(jobFailed(job.name, error.message))
          .catch(() => undefined)
    })
    return worker
  }

  return {
    info,
    isReady: () =>
      isAnnounced && broker.status === 'ready' && results.status === 'ready' && workers.every((w) => w.isRunning()),
    announce: () => void beat().catch(() => undefined),
    async close(graceMs) {
      isClosing = true
      clearInterval(heart)
      await withinMs(withdrawWorker(broker, scope, id), 500).catch(() => undefined)
      const closed = Promise.allSettled(workers.map((worker) => worker.close()))
      const isIdle = () => running.size === 0
      await untilTrue(isIdle, graceMs)
      handingBack = true
      for (const task of running.values()) task.controller.abort()
      await untilTrue(isIdle, HAND_BACK_WITHIN_MS)
      // Tasks are waited for, a broker that is away is not.
      await withinMs(closed, broker.status === 'ready' ? HAND_BACK_WITHIN_MS : 100).catch(() => undefined)
      clearInterval(watcher)
      await executor.close(0)
      await Promise.all([closeRedis(broker), closeRedis(results)])
    },
  }
}

/** What a task waited for in the queue comes on top of what it waited for a thread. */
function withQueueWait(result: TaskResult, queueMs: number): TaskResult {
  const timing = result.timing ?? { waitMs: 0, runMs: 0 }
  return { ...result, timing: { ...timing, waitMs: timing.waitMs + Math.max(0, queueMs) } }
}

async function untilTrue(check: () => boolean, limitMs: number): Promise<void> {
  const giveUpMs = Date.now() + limitMs
  while (!check() && Date.now() < giveUpMs) await delay(10)
}

/** Rejects where a promise is not fulfilled in time. */
async function withinMs<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
