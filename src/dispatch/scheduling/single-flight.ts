import type { Dispatcher, RunOptions } from '../../tasks/dispatcher.ts'
import { abortReason, failureOf } from '../../tasks/failures.ts'
import type { Task, TaskResult } from '../../tasks/task.ts'
import { taskKey } from '../../tasks/task-key.ts'
import { NO_OBSERVER, type TaskObserver } from '../../tasks/task-observer.ts'
import type { TaskRun } from './scheduler.ts'

/** A dispatcher whose tasks are handles, not yet shared. */
export interface TaskStarter extends Omit<Dispatcher, 'run'> {
  start(task: Task, onProgress?: RunOptions['onProgress']): TaskRun
}

interface Flight {
  run: TaskRun
  waiting: number
}

/**
 * Identical tasks under way are run once, as critically as the most critical of those who wait. A task is given up only when
 * the last of them has gone.
 */
export function withSingleFlight({ start, ...inner }: TaskStarter, observer: TaskObserver = NO_OBSERVER): Dispatcher {
  // an object, not a Map, for the reason that fifo.ts gives
  const flights: Record<string, Flight> = Object.create(null)

  const take = (task: Task, onProgress: RunOptions['onProgress']): [string, Flight] => {
    const key = taskKey(task)
    const known = flights[key]
    if (known !== undefined) {
      known.run.raise(task.criticality)
      observer.shared(task)
      return [key, known]
    }
    const flight: Flight = { run: start(task, onProgress), waiting: 0 }
    flights[key] = flight
    void flight.run.result.then(() => forget(key, flight))
    return [key, flight]
  }
  const forget = (key: string, flight: Flight) => {
    if (flights[key] === flight) delete flights[key]
  }

  return {
    ...inner,
    run(task, { signal, onProgress } = {}) {
      if (signal?.aborted) return Promise.resolve(failureOf(abortReason(signal)))
      const [key, flight] = take(task, onProgress)
      flight.waiting++
      if (signal === undefined) return flight.run.result
      return new Promise<TaskResult>((resolve) => {
        const leave = () => {
          const reason = abortReason(signal)
          if (--flight.waiting === 0) {
            forget(key, flight)
            flight.run.giveUp(reason)
          }
          resolve(failureOf(reason))
        }
        signal.addEventListener('abort', leave, { once: true })
        void flight.run.result.then((result) => {
          signal.removeEventListener('abort', leave)
          resolve(result)
        })
      })
    },
  }
}
