import type { FrozenFiles } from '../../siibra/index.ts'
import { createCosts, hasHeavyLane } from '../../tasks/costs.ts'
import type { Dispatcher, QueueStatus } from '../../tasks/dispatcher.ts'
import type { TaskLimits } from '../../tasks/limits.ts'
import { mapQueues } from '../../tasks/queues.ts'
import { QUEUE_NAMES, type QueueName, type Task } from '../../tasks/task.ts'
import { NO_OBSERVER, type TaskObserver } from '../../tasks/task-observer.ts'
import { createScheduler, type Scheduler } from '../scheduling/scheduler.ts'
import { withSingleFlight } from '../scheduling/single-flight.ts'
import { createReplyReceiver } from './reply-channel.ts'
import type { CacheBytes, CoreSettings, CoreSummary } from './thread-messages.ts'
import { createThreadPool, type ThreadPool } from './thread-pool.ts'
import { IDLE_NICENESS } from './thread-priority.ts'

export interface ThreadsOptions {
  entry: URL
  /** Of each queue; those with heavy tasks (tasks/costs.ts) have as many more for them, which start with the first one. */
  threads: Readonly<Record<QueueName, number>>
  /** Queues whose threads are started; the core is loaded in the first of them. Default: all. */
  queues?: readonly QueueName[]
  /** Queues whose threads start with their first task: there may never be one. Default: `compounds`, unless it is the first of `queues`. */
  lateQueues?: readonly QueueName[]
  /** Tasks that one thread interleaves; see `TASKS_PER_THREAD`. */
  tasksPerThread?: Readonly<Record<QueueName, number>>
  maxWaiting: number
  sharedDir: string
  /** What a task may take. Default: DEFAULT_LIMITS. */
  limits?: TaskLimits
  /** By how many steps the priority of threads, except those of the queue `core`, is below that of the event loop. Default 4. */
  niceness?: number
  /** Whether spans are wanted (tracing.ts). Default false. */
  isTraced?: boolean
  /** Asked when the first thread starts. */
  core: () => CoreSettings
  /** See thread-pool.ts. */
  stuckAfterMs?: number
  blockedAfterMs?: number
  onProblem?: (message: string) => void
  /** Hears how far something is that takes long. */
  onNotice?: (message: string) => void
  observer?: TaskObserver
}

export interface ThreadsDispatcher extends Dispatcher {
  /** Starts the threads of the first queue with the core loaded; resolves when they can answer. */
  start(): Promise<CoreSummary>
  /** Which version of the data its threads hold (data-version.ts); known some time after the start. */
  dataVersion: Promise<string>
  /** Starts all other threads, so that their first tasks need not wait for that: one after the other, to leave room for tasks, or at once. */
  startOthers(atOnce?: boolean): Promise<void>
}

/** Downloads are rare, and take longer than a thread needs to start (50 ms); 16 MB until then. */
const LATE_QUEUES: readonly QueueName[] = ['compounds']

/** Tasks that a thread interleaves: most wait for remote data now and then, few compute for long. */
const TASKS_PER_THREAD: Readonly<Record<QueueName, number>> = { core: 16, features: 8, volumes: 4, compounds: 2 }

/** What part of the budget for decoded volumes the threads of a queue may use. */
const VOLUME_SHARE: Readonly<Record<QueueName, number>> = { core: 0.15, features: 0.2, volumes: 0.5, compounds: 0.15 }

/** So many steps are threads for heavy tasks below the others: where four workers share two cores, clicks go first. */
const HEAVY_STEPS = 2

/** How a queue with heavy tasks divides its part. */
const HEAVY_SHARE = { others: 0.6, heavy: 0.4 } as const

/** Threads, and the tasks that wait for them. */
interface Lane {
  pool: ThreadPool
  scheduler: Scheduler
}

/**
 * Runs tasks in threads of this process, a pool per queue, so that none of them can starve another; and one more for the heavy
 * tasks of a queue, so that those who wait for a quick one do not wait for a long computation.
 */
export function createThreadsDispatcher(options: ThreadsOptions): ThreadsDispatcher {
  const {
    queues = QUEUE_NAMES,
    lateQueues = LATE_QUEUES,
    entry,
    threads,
    maxWaiting,
    sharedDir,
    core,
    stuckAfterMs,
    blockedAfterMs,
    onProblem,
  } = options
  const { tasksPerThread = TASKS_PER_THREAD, niceness = 4, isTraced = false, observer = NO_OBSERVER } = options
  const [firstQueue = 'core', ...otherQueues] = queues
  const replies = createReplyReceiver()
  let onDataVersion = (_version: string) => {}
  const dataVersion = new Promise<string>((resolve) => {
    onDataVersion = resolve
  })
  const costs = createCosts()
  /** As the first thread has read the configuration: the others hold the same, whenever they start. */
  let files: readonly FrozenFiles[] | undefined

  /** Has threads from its first task on, so that it takes tasks before. */
  const isLate = (queue: QueueName) => queue !== firstQueue && queues.includes(queue) && lateQueues.includes(queue)

  const nicenessOf = (queue: QueueName, isHeavy: boolean): number => {
    if (queue === 'core') return 0
    const isLowered = isHeavy && niceness > 0 && niceness < IDLE_NICENESS
    return isLowered ? Math.min(IDLE_NICENESS - 1, niceness + HEAVY_STEPS) : niceness
  }

  const createLane = (queue: QueueName, isHeavy: boolean): Lane => {
    const share = VOLUME_SHARE[queue] * (hasHeavyLane(queue) ? HEAVY_SHARE[isHeavy ? 'heavy' : 'others'] : 1)
    const pool = createThreadPool({
      entry,
      name: isHeavy ? `${queue} (heavy)` : queue,
      size: threads[queue],
      tasksPerThread: tasksPerThread[queue],
      replies,
      onDataVersion,
      onFiles: (read) => {
        files ??= read
      },
      settings: () => ({
        queues: [queue],
        sharedDir,
        limits: options.limits,
        niceness: nicenessOf(queue, isHeavy),
        isTraced,
        core: { ...withShareOfVolumes(core(), share / threads[queue]), files },
        loadsCoreAtStart: queue === firstQueue && !isHeavy,
        loadsCoreBehind: queue === 'volumes',
      }),
      ...(stuckAfterMs === undefined ? {} : { stuckAfterMs }),
      ...(blockedAfterMs === undefined ? {} : { blockedAfterMs }),
      ...(onProblem === undefined ? {} : { onProblem }),
      onNotice: options.onNotice,
    })
    const scheduler = createScheduler({
      concurrency: threads[queue] * tasksPerThread[queue],
      maxWaiting,
      observer,
      workers: () => (isLate(queue) && !isHeavy ? threads[queue] : pool.liveThreads()),
      start: (task, settle, onProgress) =>
        pool.run(
          task,
          (result) => {
            costs.observeResult(task, result)
            settle(result)
          },
          onProgress,
        ),
    })
    return { pool, scheduler }
  }
  const lanes = mapQueues((queue) => ({
    others: createLane(queue, false),
    ...(hasHeavyLane(queue) ? { heavy: createLane(queue, true) } : {}),
  }))
  const all = QUEUE_NAMES.flatMap((queue): Lane[] => Object.values(lanes[queue]))
  const schedulerFor = (task: Task) => {
    const { others, heavy } = lanes[task.queue]
    return (costs.isHeavy(task) ? (heavy ?? others) : others).scheduler
  }
  const dispatcher = withSingleFlight(
    {
      start: (task, onProgress) => schedulerFor(task).run(task, onProgress),
      cacheBytes: () => sumBytes(all.flatMap(({ pool }) => pool.cacheBytes())),
      status: async () => mapQueues((queue) => sumStatus(Object.values(lanes[queue]))),
      async close(graceMs = 0) {
        await Promise.all(all.map(({ scheduler }) => scheduler.close(graceMs)))
        await Promise.all(all.map(({ pool }) => pool.close()))
        replies?.close()
      },
    },
    observer,
  )
  return {
    ...dispatcher,
    dataVersion,
    start: async () => (await lanes[firstQueue].others.pool.start(1)) as CoreSummary,
    startOthers: async (atOnce = false) => {
      const early = [...otherQueues.filter((queue) => !isLate(queue)), firstQueue]
      const pools = early.map((queue) => lanes[queue].others.pool)
      if (atOnce) await Promise.all(pools.map((pool) => pool.start()))
      else for (const pool of pools) await pool.start()
    },
  }
}

function withShareOfVolumes(core: CoreSettings, share: number): CoreSettings {
  return { ...core, volumeCacheBytes: Math.floor(core.volumeCacheBytes * share) }
}

function sumStatus(lanes: readonly Lane[]): QueueStatus {
  const sum = { waiting: 0, active: 0, workers: 0 }
  for (const { scheduler } of lanes) {
    const { waiting, active, workers } = scheduler.status()
    sum.waiting += waiting
    sum.active += active
    sum.workers += workers
  }
  return sum
}

function sumBytes(all: readonly CacheBytes[]): CacheBytes {
  const sums: CacheBytes = {}
  for (const caches of all) for (const [name, bytes] of Object.entries(caches)) sums[name] = (sums[name] ?? 0) + bytes
  return sums
}
