import type { Config } from '../config.ts'
import type { CoreSummary } from '../dispatch/threads/thread-messages.ts'

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
