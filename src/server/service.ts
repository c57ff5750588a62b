import type { Config } from '../config.ts'
import type { QueueDispatcher } from '../dispatch/queue/dispatcher.ts'
import type { CoreSummary } from '../dispatch/threads/thread-messages.ts'
import type { ObjectStorage } from '../downloads/object-storage.ts'
import type { Tracing } from '../platform/tracing.ts'
import type { Dispatcher } from '../tasks/dispatcher.ts'
import type { ResponseCache } from './cache/cache.ts'
import type { Logger } from './log/log.ts'
import type { TaskMetrics } from './metrics/task-metrics.ts'

/** What this process is, as far as answers tell of it. */
export interface ServiceInfo {
  /** Value of `x-siibra-api-version`. */
  apiVersion: string
  /** Version of this package. */
  packageVersion: string
  gitHash: string
  role: Config['role']
}

/** Whether the service can answer; set by whoever starts it. */
export interface ServiceState {
  phase: 'starting' | 'ready' | 'failed' | 'stopping'
  /** Why it is not ready. */
  reason: string
  /** The loaded configuration; null in role server, where workers hold it. */
  core: CoreSummary | null
  /** Which version of the data is served (dispatch/data-version.ts), once that is known. */
  dataVersion: string | undefined
  /** Counts how often the data have been replaced: what was made of older ones is not kept. */
  generation: number
  /** Why the embedded demo atlas is served; null where it is not. */
  demoReason: string | null
  startedAtMs: number
}

/** Everything that the server is made of beside its routes. */
export interface ServerDeps {
  dispatcher: Dispatcher
  /** The same dispatcher where it is a queue (role server): what lies behind it, and tasks to be looked at later. */
  queue?: QueueDispatcher
  /** What became of the dispatcher's tasks, where somebody counts. */
  tasks?: TaskMetrics
  tracing?: Tracing
  /** Where workers bring finished downloads; without one, see dispatch/shared-folder.ts. */
  storage?: ObjectStorage | undefined
  cache: ResponseCache
  logger: Logger
  info: ServiceInfo
  state: ServiceState
}

export function createServiceState(): ServiceState {
  return {
    phase: 'starting',
    reason: 'The configuration is being loaded',
    core: null,
    dataVersion: undefined,
    generation: 0,
    demoReason: null,
    startedAtMs: Date.now(),
  }
}
