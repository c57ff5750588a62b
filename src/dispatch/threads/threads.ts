import type { Dispatcher } from '../../tasks/dispatcher.ts'
import { mapQueues } from '../../tasks/queues.ts'
import { QUEUE_NAMES, type QueueName } from '../../tasks/task.ts'
import { NO_OBSERVER, type TaskObserver } from '../../tasks/task-observer.ts'
import { createScheduler } from '../scheduling/scheduler.ts'
import { withSingleFlight } from '../scheduling/single-flight.ts'
import { createReplyReceiver } from './reply-channel.ts'
import type { CacheBytes, CoreSettings, CoreSummary } from './thread-messages.ts'
import { createThreadPool } from './thread-pool.ts'

export interface ThreadsOptions {
  entry: URL
  threads: Readonly<Record<QueueName, number>>
  /** Queues whose threads are started; the core is loaded in the first of them. Default: all. */
  queues?: readonly QueueName[]
  /** Tasks that one thread interleaves; see `TASKS_PER_THREAD`. */
  tasksPerThread?: Readonly<Record<QueueName, number>>
  maxWaiting: number
  sharedDir: string
  /** By how many steps the priority of threads, except those of the queue `core`, is below that of the event loop. Default 10. */
  niceness?: number
  /** Whether spans are wanted (tracing.ts). Default false. */
  isTraced?: boolean
  /** Asked when the first thread starts. */
  core: () => CoreSettings
  stuckAfterMs?: number
  onProblem?: (message: string) => void
  observer?: TaskObserver
}

export interface ThreadsDispatcher extends Dispatcher {
  /** Starts the threads of the first queue with the core loaded; resolves when they can answer. */
  start(): Promise<CoreSummary>
  /** Which version of the data its threads hold (data-version.ts); known some time after the start. */
  dataVersion: Promise<string>
  /** Starts all other threads, so that their first tasks need not wait for that. */
  startOthers(): Promise<void>
}

/** Tasks that a thread interleaves: most wait for remote data now and then, few compute for long. */
const TASKS_PER_THREAD: Readonly<Record<QueueName, number>> = { core: 16, features: 8, volumes: 4, compounds: 2 }

/** What part of the budget for decoded volumes the threads of a queue may use. */
const VOLUME_SHARE: Readonly<Record<QueueName, number>> = { core: 0.15, features: 0.2, volumes: 0.5, compounds: 0.15 }

/** Runs tasks in threads of this process, a pool per queue, so that none of them can starve another. */
export function createThreadsDispatcher(options: ThreadsOptions): ThreadsDispatcher {
  const { queues = QUEUE_NAMES, entry, threads, maxWaiting, sharedDir, core, stuckAfterMs, onProblem } = options
  const { tasksPerThread = TASKS_PER_THREAD, niceness = 10, isTraced = false, observer = NO_OBSERVER } = options
  const [firstQueue = 'core', ...otherQueues] = queues
  const replies = createReplyReceiver()
  let onDataVersion = (_version: string) => {}
  const dataVersion = new Promise<string>((resolve) => {
    onDataVersion = resolve
  })
  const pools = mapQueues((queue) =>
    createThreadPool({
      entry,
      name: queue,
      size: threads[queue],
      tasksPerThread: tasksPerThread[queue],
      replies,
      onDataVersion,
      settings: () => ({
        queues: [queue],
        sharedDir,
        niceness: queue === 'core' ? 0 : niceness,
        isTraced,
        core: withShareOfVolumes(core(), VOLUME_SHARE[queue] / threads[queue]),
        loadsCoreAtStart: queue === firstQueue,
        loadsCoreBehind: queue === 'volumes',
      }),
      ...(stuckAfterMs === undefined ? {} : { stuckAfterMs }),
      ...(onProblem === undefined ? {} : { onProblem }),
    }),
  )
  const schedulers = mapQueues((queue) =>
    createScheduler({
      concurrency: threads[queue] * tasksPerThread[queue],
      maxWaiting,
      observer,
      workers: () => pools[queue].liveThreads(),
      start: pools[queue].run,
    }),
  )
  const dispatcher = withSingleFlight(
    {
      start: (task, onProgress) => schedulers[task.queue].run(task, onProgress),
      cacheBytes: () => sumBytes(QUEUE_NAMES.flatMap((queue) => pools[queue].cacheBytes())),
      status: async () => mapQueues((queue) => schedulers[queue].status()),
      async close(graceMs = 0) {
        await Promise.all(QUEUE_NAMES.map((queue) => schedulers[queue].close(graceMs)))
        await Promise.all(QUEUE_NAMES.map((queue) => pools[queue].close()))
        replies?.close()
      },
    },
    observer,
  )
  return {
    ...dispatcher,
    dataVersion,
    start: async () => (await pools[firstQueue].start(1)) as CoreSummary,
    startOthers: async () => {
      for (const queue of [...otherQueues, firstQueue]) await pools[queue].start()
    },
  }
}

function withShareOfVolumes(core: CoreSettings, share: number): CoreSettings {
  return { ...core, volumeCacheBytes: Math.floor(core.volumeCacheBytes * share) }
}

function sumBytes(all: readonly CacheBytes[]): CacheBytes {
  const sums: CacheBytes = {}
  for (const caches of all) for (const [name, bytes] of Object.entries(caches)) sums[name] = (sums[name] ?? 0) + bytes
  return sums
}
