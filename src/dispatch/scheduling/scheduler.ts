import type { SiibraError } from '../../siibra/index.ts'
import { CRITICALITIES, type Criticality, mapCriticalities, rankOf } from '../../tasks/criticality.ts'
import type { QueueStatus, RunOptions } from '../../tasks/dispatcher.ts'
import { closing, deadlineExceeded, failureOf, overloaded } from '../../tasks/failures.ts'
import type { Task, TaskResult } from '../../tasks/task.ts'
import { NO_OBSERVER, outcomeOf, type TaskObserver } from '../../tasks/task-observer.ts'
import { createPace, ROOM_SHARE, retryAfterS } from './admission.ts'
import { createFifo, type Fifo } from './fifo.ts'

/** Starts a task; `settle` hears of its end, once. Returns a function that aborts the task. */
export type StartTask = (
  task: Task,
  settle: (result: TaskResult) => void,
  onProgress: RunOptions['onProgress'],
) => (error: SiibraError) => void

export interface SchedulerOptions {
  /** Tasks that run at a time. */
  concurrency: number
  /** Tasks that may wait; beyond it the least critical are refused first. */
  maxWaiting: number
  workers: () => number
  start: StartTask
  observer?: TaskObserver
}

/** A task that waits or runs. */
export interface TaskRun {
  readonly result: Promise<TaskResult>
  /** Ends it with this error at once; what is under way is told to stop. */
  giveUp(error: SiibraError): void
  /** Someone waits for it to whom it is more critical: it overtakes. */
  raise(criticality: Criticality): void
}

export interface Scheduler {
  run(task: Task, onProgress?: RunOptions['onProgress']): TaskRun
  status(): QueueStatus
  /** Refuses what waits and what comes; resolves when nothing is active or the time is over. */
  close(graceMs: number): Promise<void>
}

interface Entry {
  task: Task
  criticality: Criticality
  onProgress: RunOptions['onProgress']
  sinceMs: number
  timer: NodeJS.Timeout
  /** Takes it out of those that wait; undefined once it is started. */
  leave: (() => boolean) | undefined
  stop: ((error: SiibraError) => void) | undefined
  settle(result: TaskResult): void
}

/**
 * The queue before one pool: critical tasks first, in order of arrival within a class; bounded; a task whose
 * deadline has passed or that nobody waits for is never started.
 */
export function createScheduler(given: SchedulerOptions): Scheduler {
  const { concurrency, maxWaiting, workers, start, observer = NO_OBSERVER } = given
  const waiting: Record<Criticality, Fifo<Entry>> = mapCriticalities(() => createFifo())
  const pace = createPace()
  let active = 0
  let isClosed = false
  let onIdle = () => {}

  const waitingCount = () => waiting.critical.size() + waiting.normal.size() + waiting.background.size()

  const startNext = () => {
    while (active < concurrency) {
      const entry = waiting.critical.shift() ?? waiting.normal.shift() ?? waiting.background.shift()
      if (entry === undefined) break
      startEntry(entry)
    }
    if (waitingCount() === 0) pace.rested()
    if (active === 0 && waitingCount() === 0) onIdle()
  }

  /** The slot is taken until the task really ends; who waits hears of its deadline at once. */
  const startEntry = (entry: Entry) => {
    const { task, sinceMs } = entry
    active++
    entry.leave = undefined
    const startedMs = performance.now()
    const waitMs = startedMs - sinceMs
    const ended = (result: TaskResult) => {
      active--
      if (waitingCount() > 0) pace.ended()
      const timing = { ...result.timing, waitMs, runMs: performance.now() - startedMs }
      entry.settle({ ...result, timing })
      observer.ended({ task, outcome: outcomeOf(result), ...timing })
      startNext()
    }
    entry.stop = start(task, ended, entry.onProgress)
  }

  const giveUp = (entry: Entry, error: SiibraError) => {
    const result = failureOf(error)
    if (entry.leave?.()) return end(entry, result)
    entry.settle(result)
    entry.stop?.(error)
  }

  /** Ends a task that was never started. */
  const end = (entry: Entry, result: TaskResult) => {
    entry.settle(result)
    observer.ended({
      task: entry.task,
      outcome: outcomeOf(result),
      waitMs: performance.now() - entry.sinceMs,
      runMs: 0,
    })
  }

  const expectedWaitMs = ({ criticality }: Task) =>
    pace.expectedWaitMs(
      CRITICALITIES.slice(0, rankOf(criticality) + 1).reduce((n, name) => n + waiting[name].size(), 0),
    )

  const refusal = (task: Task) => failureOf(overloaded(task.queue, retryAfterS(expectedWaitMs(task))))

  /** Too much waits for a task of this class, or more than can be done until its deadline. */
  const isTooLate = (task: Task) =>
    active >= concurrency &&
    (waitingCount() >= maxWaiting * ROOM_SHARE[task.criticality] || expectedWaitMs(task) > task.deadlineMs - Date.now())

  /** Makes room for a task by refusing one of a lower class, if there is any. */
  const makeRoomFor = (task: Task): boolean => {
    for (const name of CRITICALITIES.slice(rankOf(task.criticality) + 1).reverse()) {
      const last = waiting[name].pop()
      if (last === undefined) continue
      end(last, refusal(last.task))
      return true
    }
    return false
  }

  return {
    run(task, onProgress) {
      const { criticality } = task
      const remainingMs = Math.max(0, task.deadlineMs - Date.now())
      let settle: (result: TaskResult) => void = () => {}
      const result = new Promise<TaskResult>((resolve) => {
        settle = resolve
      })
      const entry: Entry = {
        task,
        criticality,
        onProgress,
        sinceMs: performance.now(),
        timer: setTimeout(() => giveUp(entry, deadlineExceeded()), remainingMs),
        leave: undefined,
        stop: undefined,
        settle(outcome) {
          clearTimeout(entry.timer)
          settle(outcome)
        },
      }
      if (isClosed) entry.settle(failureOf(closing()))
      else if (remainingMs === 0) end(entry, failureOf(deadlineExceeded()))
      else if (isTooLate(task) && !makeRoomFor(task)) end(entry, refusal(task))
      else {
        entry.leave = waiting[criticality].push(entry)
        startNext()
      }
      return {
        result,
        giveUp: (error) => giveUp(entry, error),
        raise(wanted) {
          if (rankOf(wanted) >= rankOf(entry.criticality) || !entry.leave?.()) return
          entry.criticality = wanted
          entry.leave = waiting[wanted].push(entry)
        },
      }
    },
    status: () => ({ waiting: waitingCount(), active, workers: workers() }),
    async close(graceMs) {
      isClosed = true
      for (const entries of Object.values(waiting))
        for (let entry = entries.shift(); entry !== undefined; entry = entries.shift())
          entry.settle(failureOf(closing()))
      if (active === 0) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs)
        onIdle = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    },
  }
}
