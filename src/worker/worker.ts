import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq'
import type { Dispatcher } from '../dispatch/dispatcher.ts'
import { type JobOutcome, RESULT_STORED, TASK_LIMIT_MS, type TaskJob } from '../dispatch/queue-job.ts'
import { fullQueueName, type QueueScope } from '../dispatch/queue-names.ts'
import { storeResult } from '../dispatch/queue-result.ts'
import { hasWaiter } from '../dispatch/queue-waiters.ts'
import { announceWorker, HEARTBEAT_MS, type WorkerInfo, withdrawWorker } from '../dispatch/queue-workers.ts'
import { type ConnectionReport, closeRedis, connectRedis } from '../dispatch/redis.ts'
import type { QueueName, TaskResult } from '../dispatch/task.ts'

export interface WorkerOptions {
  brokerUrl: string
  resultUrl: string
  scope: QueueScope
  /** Queues to take tasks of, with the threads of each: one task is fetched at a time per thread. */
  threads: Partial<Record<QueueName, number>>
  /** Runs the tasks in threads of this process, so that nothing here ever blocks. */
  executor: Dispatcher
  /** A worker that does not renew its lock on a task for this time is taken for dead. Default 10 s. */
  lockMs?: number
  report?: ConnectionReport
  /** Told of every task that ended: for the log and the metrics. */
  onTask?: (name: string, queue: QueueName, result: TaskResult | 'dropped', elapsedMs: number) => void
}

export interface RunningWorker {
  info(): WorkerInfo
  /** True when servers know of it, the broker and the result backend are connected and the queues are listened to. */
  isReady(): boolean
  /** Takes no more tasks, lets those under way finish for `graceMs`, then hands the rest back to the queue. */
  close(graceMs: number): Promise<void>
}

/** How often a running task is checked for somebody who still waits for it. */
const WATCH_MS = 1_000
/** A task that waited for less than this in the queue is started without asking who waits. */
const FRESH_MS = 50
/** A result that cannot be stored within this time is lost, and its task failed. */
const STORE_WITHIN_MS = 30_000

/** A task under way in this worker. */
interface Running {
  startedAtMs: number
  controller: AbortController
  /** Checks in a row that found nobody waiting. */
  lonely: number
}

/** Takes tasks of some queues until it is closed. */
export function startWorker(options: WorkerOptions): RunningWorker {
  const { scope, executor, lockMs = 10_000, onTask } = options
  const id = randomUUID()
  const startedAtMs = Date.now()
  const shown = options.report ? { report: options.report } : {}
  const broker = connectRedis(options.brokerUrl, { name: 'siibra-api worker', patient: true, ...shown })
  const results = connectRedis(options.resultUrl, { name: 'siibra-api worker results', patient: true, ...shown })
  const running = new Map<string, Running>()
  const active: Partial<Record<QueueName, number>> = {}
  const queues = Object.keys(options.threads) as QueueName[]
  let handingBack = false
  let isClosing = false
  let isAnnounced = false

  const info = (): WorkerInfo => ({
    id,
    host: hostname(),
    pid: process.pid,
    startedAtMs,
    queues: Object.fromEntries(
      queues.map((queue) => [queue, { threads: options.threads[queue] ?? 1, active: active[queue] ?? 0 }]),
    ),
    rssBytes: process.memoryUsage.rss(),
  })
  const beat = () => {
    if (isClosing || broker.status !== 'ready') return
    announceWorker(broker, scope, info()).then(
      () => {
        isAnnounced = true
      },
      () => undefined,
    )
  }
  broker.on('ready', beat)
  const heart = setInterval(beat, HEARTBEAT_MS)
  const watcher = setInterval(() => void dropLonely().catch(() => undefined), WATCH_MS)

  /** Stops tasks for which nobody waits any more. Two checks in a row, for a broker that forgot and is told again. */
  async function dropLonely(): Promise<void> {
    if (broker.status !== 'ready') return
    for (const [jobId, task] of running) {
      if (Date.now() - task.startedAtMs < WATCH_MS) continue
      task.lonely = (await hasWaiter(broker, scope, jobId)) ? 0 : task.lonely + 1
      if (task.lonely >= 2) task.controller.abort()
    }
  }

  async function isWanted(job: Job<TaskJob>): Promise<boolean> {
    const nowMs = Date.now()
    const fresh = nowMs - job.timestamp < FRESH_MS && job.attemptsStarted <= 1 && job.data.task.deadlineMs > nowMs
    return fresh || hasWaiter(broker, scope, job.id as string)
  }

  async function runJob(job: Job<TaskJob>, token: string | undefined): Promise<JobOutcome> {
    const jobId = job.id as string
    const { task } = job.data
    if (!(await isWanted(job))) {
      onTask?.(task.name, task.queue, 'dropped', 0)
      return 'dropped'
    }
    const current: Running = { startedAtMs: Date.now(), controller: new AbortController(), lonely: 0 }
    running.set(jobId, current)
    active[task.queue] = (active[task.queue] ?? 0) + 1
    try {
      const result = await executor.run(
        { ...task, deadlineMs: current.startedAtMs + TASK_LIMIT_MS },
        { signal: current.controller.signal },
      )
      if (handingBack && current.controller.signal.aborted) {
        await job.moveToWait(token)
        throw new WaitingError()
      }
      if (current.controller.signal.aborted) {
        onTask?.(task.name, task.queue, 'dropped', Date.now() - current.startedAtMs)
        return 'dropped'
      }
      onTask?.(task.name, task.queue, result, Date.now() - current.startedAtMs)
      await withinMs(storeResult(results, scope, jobId, result), STORE_WITHIN_MS)
      if (!result.ok && result.code === 'INTERNAL') throw new UnrecoverableError(`${RESULT_STORED} ${result.message}`)
      return 'done'
    } finally {
      running.delete(jobId)
      active[task.queue] = (active[task.queue] ?? 1) - 1
    }
  }

  const workers = queues.map((queue) => {
    const worker = new Worker<TaskJob, JobOutcome>(fullQueueName(scope, queue), runJob, {
      connection: broker,
      name: id,
      concurrency: options.threads[queue] ?? 1,
      lockDuration: lockMs,
      lockRenewTime: lockMs / 3,
      stalledInterval: lockMs / 3,
      maxStalledCount: 1,
      runRetryDelay: 500,
      // A task handed back by a worker that closes does not wake the others: they look again after this time.
      drainDelay: 1,
      skipVersionCheck: true,
    })
    // What fails is told by its result; a connection that breaks is reported by its owner.
    worker.on('error', () => undefined)
    return worker
  })

  return {
    info,
    isReady: () =>
      isAnnounced && broker.status === 'ready' && results.status === 'ready' && workers.every((w) => w.isRunning()),
    async close(graceMs) {
      isClosing = true
      clearInterval(heart)
      await withinMs(withdrawWorker(broker, scope, id), 500).catch(() => undefined)
      const timer = setTimeout(() => {
        handingBack = true
        for (const task of running.values()) task.controller.abort()
      }, graceMs)
      await withinMs(Promise.all(workers.map((worker) => worker.close())), graceMs + 2_000).catch(() =>
        Promise.all(workers.map((worker) => worker.close(true))),
      )
      clearTimeout(timer)
      clearInterval(watcher)
      await executor.close(0)
      await Promise.all([closeRedis(broker), closeRedis(results)])
    },
  }
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
