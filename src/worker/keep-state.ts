import type { Redis } from 'ioredis'
import { storeState } from '../dispatch/queue/long-tasks/states.ts'
import type { QueueScope } from '../dispatch/queue/names.ts'
import type { TaskResult } from '../tasks/task.ts'

/** Progress is written at most this often: more than anybody looks. */
const EVERY_MS = 250

export interface StateKeeper {
  progress(fraction: number, doing: string): void
  end(result: TaskResult): Promise<void>
}

/** Writes down how a long task is doing, for servers to show. */
export function keepState(results: Redis, scope: QueueScope, id: string): StateKeeper {
  let writtenAtMs = 0
  let last = Promise.resolve()
  return {
    progress(fraction, doing) {
      if (Date.now() - writtenAtMs < EVERY_MS) return
      writtenAtMs = Date.now()
      last = storeState(results, scope, id, { status: 'STARTED', fraction, doing }).catch(() => undefined)
    },
    async end(result) {
      await last
      const status = result.ok ? 'SUCCESS' : 'FAILURE'
      await storeState(results, scope, id, { status, doing: '', result, ...(result.ok ? { fraction: 1 } : {}) })
    },
  }
}
