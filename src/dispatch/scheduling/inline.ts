import type { Dispatcher } from '../../tasks/dispatcher.ts'
import { executeTask } from '../../tasks/execute.ts'
import { DEFAULT_LIMITS, type TaskLimits } from '../../tasks/limits.ts'
import { mapQueues } from '../../tasks/queues.ts'
import { type DataHandler, type HandlerContext, QUEUE_NAMES } from '../../tasks/task.ts'
import { NO_OBSERVER, type TaskObserver } from '../../tasks/task-observer.ts'
import { createScheduler } from './scheduler.ts'
import { withSingleFlight } from './single-flight.ts'

export interface InlineOptions {
  handlers: ReadonlyMap<string, DataHandler>
  core: HandlerContext['core']
  sharedDir: string
  limits?: TaskLimits | undefined
  concurrency?: number
  maxWaiting?: number
  observer?: TaskObserver
}

/** Runs tasks in the calling thread: for tests and scripts, where the event loop may be blocked. */
export function createInlineDispatcher(options: InlineOptions): Dispatcher {
  const {
    handlers,
    core,
    sharedDir,
    limits = DEFAULT_LIMITS,
    concurrency = 8,
    maxWaiting = 1000,
    observer = NO_OBSERVER,
  } = options
  const schedulers = mapQueues(() =>
    createScheduler({
      concurrency,
      maxWaiting,
      observer,
      workers: () => 1,
      start(task, settle, onProgress = () => {}) {
        const stop = new AbortController()
        const context = { core, signal: stop.signal, sharedDir, limits, progress: onProgress }
        void executeTask(task, handlers, context).then(settle)
        return (error) => stop.abort(error)
      },
    }),
  )
  return withSingleFlight(
    {
      start: (task, onProgress) => schedulers[task.queue].run(task, onProgress),
      status: async () => mapQueues((queue) => schedulers[queue].status()),
      close: async (graceMs = 0) => {
        await Promise.all(QUEUE_NAMES.map((queue) => schedulers[queue].close(graceMs)))
      },
    },
    observer,
  )
}
