/** Tasks that are asked for later, where this process runs them itself. */
import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { asHeavy } from '../../tasks/costs.ts'
import type { Dispatcher } from '../../tasks/dispatcher.ts'
import { abortReason } from '../../tasks/failures.ts'
import { LATER_RESULT_BOUNDS, type LaterTasks, LONG_TASK_KEPT_MS, type LongTaskState } from '../../tasks/long-tasks.ts'
import type { TaskResult } from '../../tasks/task.ts'

const bytesOf = (result: TaskResult): number => (result.ok ? result.body.byteLength : 0)

/** Finished ones are kept for a day, within bounds of bytes and number: the oldest go first. */
export function createLaterTasks(dispatcher: Pick<Dispatcher, 'run'>, bounds = LATER_RESULT_BOUNDS): LaterTasks {
  const running = new Map<string, { state: LongTaskState; stop: AbortController }>()
  const finished = new LRUCache<string, LongTaskState>({
    max: bounds.maxResults,
    maxSize: bounds.maxBytes,
    sizeCalculation: ({ result }) => 1024 + (result ? bytesOf(result) : 0),
    ttl: LONG_TASK_KEPT_MS,
  })

  return {
    async submit(task, onEnd = () => {}) {
      if (running.size >= bounds.maxResults) {
        onEnd()
        return { ok: false, code: 'OVERLOADED', message: 'Too many tasks are under way for who comes later' }
      }
      const id = randomUUID()
      const stop = new AbortController()
      const state: LongTaskState = { status: 'PENDING', fraction: 0, doing: 'waiting for a thread' }
      running.set(id, { state, stop })
      const onProgress = (fraction: number, doing: string) => {
        Object.assign(state, { status: 'STARTED', fraction, doing })
      }
      void dispatcher.run(asHeavy(task), { signal: stop.signal, onProgress }).then((given) => {
        onEnd()
        // one that was ended is known no more
        if (!running.delete(id)) return
        const result: TaskResult =
          bytesOf(given) < bounds.maxBytes
            ? given
            : { ok: false, code: 'OVERLOADED', message: `The result is larger than ${bounds.maxBytes} bytes` }
        const status = result.ok ? 'SUCCESS' : 'FAILURE'
        finished.set(id, { status, fraction: result.ok ? 1 : state.fraction, doing: '', result })
      })
      return { id }
    },
    inspect: async (id) => running.get(id)?.state ?? finished.get(id),
    async cancel(id) {
      const task = running.get(id)
      running.delete(id)
      task?.stop.abort(abortReason({ reason: undefined }))
      return finished.delete(id) || task !== undefined
    },
  }
}
