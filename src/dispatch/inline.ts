import type { Dispatcher } from './dispatcher.ts'
import { executeTask } from './execute.ts'
import { mapQueues } from './queues.ts'
import { createScheduler } from './scheduler.ts'
import { withSingleFlight } from './single-flight.ts'
import { type DataHandler, type HandlerContext, QUEUE_NAMES } from './task.ts'
import { NO_OBSERVER, type TaskObserver } from './task-observer.ts'

export interface InlineOptions {
  handlers: ReadonlyMap<string, DataHandler>
  core: HandlerContext['core']
  sharedDir: string
  concurrency?: number
  maxWaiting?: number
  observer?: TaskObserver
}

/** Runs tasks in the calling thread: for tests and scripts, where the event loop may be blocked. */
export function createInlineDispatcher(options: InlineOptions): Dispatcher {
  const { handlers, core, sharedDir, concurrency = 8, maxWaiting = 1000, observer = NO_OBSERVER } = options
  const schedulers = mapQueues(() =>
    createScheduler({
      concurrency,
      maxWaiting,
      observer,
      workers: () => 1,
      run: (task, { signal, onProgress = () => {} }) =>
        executeTask(task, handlers, { core, signal, sharedDir, progress: onProgress }),
    }),
  )
  return withSingleFlight(
    {
      run: (task, runOptions) => schedulers[task.queue].run(task, runOptions),
      status: async () => mapQueues((queue) => schedulers[queue].status()),
      close: async (graceMs = 0) => {
        await Promise.all(QUEUE_NAMES.map((queue) => schedulers[queue].close(graceMs)))
      },
    },
    observer,
  )
}
