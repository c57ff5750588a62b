import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { Worker } from 'bullmq'
import { JOB_REFUSED, type JobOutcome, jobFailed, RESULT_STORED, type TaskJob } from '../dispatch/queue/job.ts'
import { lanesOf } from '../dispatch/queue/names.ts'
import { announceWorker, HEARTBEAT_MS, type WorkerInfo, withdrawWorker } from '../dispatch/queue/workers/heartbeats.ts'
import { folderMarkersIn } from '../downloads/shared-folder.ts'
import { closeRedis, connectRedis } from '../platform/redis.ts'
import { evictionWarning } from '../platform/redis-state.ts'
import type { QueueName } from '../tasks/task.ts'
import { isAwaited } from './awaited.ts'
import { keepState } from './keep-state.ts'
import type { WorkerOptions } from './options.ts'
import { createJobRunner, type Running } from './run-job.ts'
import { untilTrue, withinMs } from './waiting.ts'

export interface RunningWorker {
  info(): WorkerInfo
  /** True when servers know of it, the broker and the result backend are connected and the queues are listened to. */
  isReady(): boolean
  /** Tells servers at once what they would hear with the next heartbeat: that the data are others. */
  announce(): void
  /** Takes no more tasks, lets those under way finish for `graceMs`, then hands the rest back to the queue. */
  close(graceMs: number): Promise<void>
}

/** A running task for which nobody waited at so many checks in a row is stopped. */
const UNAWAITED_TIMES = 3
/** How long a worker that closes takes for what is left after its grace period. */
const HAND_BACK_WITHIN_MS = 2_000

/** Takes tasks of some queues until it is closed. */
export function startWorker(options: WorkerOptions): RunningWorker {
  const { scope, executor, lockMs = 7_000, watchMs = 1_000, onProblem, onWarning } = options
  const id = randomUUID()
  const startedAtMs = Date.now()
  const shown = options.report ? { report: options.report } : {}
  const broker = connectRedis(options.brokerUrl, { name: 'siibra-api worker', retryForever: true, ...shown })
  const results = connectRedis(options.resultUrl, { name: 'siibra-api worker results', retryForever: true, ...shown })
  const running = new Map<string, Running>()
  const active: Partial<Record<QueueName, number>> = {}
  const queues = Object.keys(options.threads) as QueueName[]
  let handingBack = false
  let isClosing = false
  let isAnnounced = false

  const ends = { broker, results }
  const runner = createJobRunner(options, { ...ends, running, active, isHandingBack: () => handingBack })
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
    refusedJobs: runner.refusedJobs,
  })
  const beat = async () => {
    if (isClosing || broker.status !== 'ready') return
    folderMarkers = await folderMarkersIn(options.sharedDir)
    // a heartbeat behind the withdrawal would have servers count on it again
    if (isClosing) return
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
  const watcher = setInterval(() => void dropUnawaited().catch(() => undefined), watchMs)

  /** Stops tasks for which nobody waits any more: several checks in a row, for a broker that forgot and is told again. */
  async function dropUnawaited(): Promise<void> {
    if (broker.status !== 'ready') return
    for (const [jobId, task] of running) {
      if (Date.now() - task.startedAtMs < watchMs) continue
      task.unawaited = (await isAwaited({ broker, results, scope }, jobId, task.data)) ? 0 : task.unawaited + 1
      if (task.unawaited >= UNAWAITED_TIMES) task.controller.abort()
    }
  }

  const workers = queues.flatMap((queue) => lanesOf(scope, queue).map((name) => workOn(queue, name)))

  /** Heavy tasks have a queue of their own: one is taken beside the others, for each thread. */
  function workOn(queue: QueueName, name: string): Worker<TaskJob, JobOutcome> {
    const worker = new Worker<TaskJob, JobOutcome>(name, (job, token) => runner.take(queue, job, token), {
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
