import { toPlainError } from '../siibra/errors.ts'
import type { Dispatcher, RunOptions } from './dispatcher.ts'
import { abortReason } from './give-up.ts'
import type { Task, TaskResult } from './task.ts'
import { taskKey } from './task-key.ts'
import { NO_OBSERVER, type TaskObserver } from './task-observer.ts'

interface Flight {
  result: Promise<TaskResult>
  stop: AbortController
  waiting: number
}

/** Identical tasks under way are run once. A task is dropped only when its last caller has gone. */
export function withSingleFlight(inner: Dispatcher, observer: TaskObserver = NO_OBSERVER): Dispatcher {
  const flights = new Map<string, Flight>()

  const start = (key: string, task: Task, options: RunOptions): Flight => {
    const stop = new AbortController()
    const result = inner.run(task, { ...options, signal: stop.signal }).finally(() => {
      if (flights.get(key)?.stop === stop) flights.delete(key)
    })
    return { result, stop, waiting: 0 }
  }

  return {
    ...inner,
    run(task, options = {}) {
      const { signal } = options
      if (signal?.aborted) return Promise.resolve({ ok: false, ...toPlainError(abortReason(signal)) })
      const key = taskKey(task)
      let flight = flights.get(key)
      if (flight === undefined) {
        flight = start(key, task, options)
        flights.set(key, flight)
      } else observer.shared(task)
      return join(flight, signal, () => {
        if (flights.get(key) === flight) flights.delete(key)
      })
    },
  }
}

/** Waits for a flight, or until the caller goes; the last one to go stops it. */
function join(flight: Flight, signal: AbortSignal | undefined, forget: () => void): Promise<TaskResult> {
  flight.waiting++
  if (signal === undefined) return flight.result
  return new Promise((resolve, reject) => {
    const leave = () => {
      if (--flight.waiting === 0) {
        forget()
        flight.stop.abort(signal.reason)
      }
      resolve({ ok: false, ...toPlainError(abortReason(signal)) })
    }
    signal.addEventListener('abort', leave, { once: true })
    flight.result.finally(() => signal.removeEventListener('abort', leave)).then(resolve, reject)
  })
}
