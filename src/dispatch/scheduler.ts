import { SiibraError, toPlainError } from '../siibra/errors.ts'
import type { QueueStatus, RunOptions } from './dispatcher.ts'
import { abortReason, deadlineExceeded } from './give-up.ts'
import type { Criticality, Task, TaskResult } from './task.ts'
import { NO_OBSERVER, outcomeOf, type TaskObserver } from './task-observer.ts'
import { createPace, ROOM_SHARE, retryAfterS } from './waiting-room.ts'

const CLASSES: readonly Criticality[] = ['critical', 'normal', 'background']

export interface SchedulerOptions {
  /** Tasks that run at a time. */
  concurrency: number
  /** Tasks that may wait; beyond it the least critical are refused first. */
  maxWaiting: number
  workers: () => number
  /** Runs a task; the signal is aborted at its deadline, or when its caller has gone. */
  run(task: Task, options: RunOptions & { signal: AbortSignal }): Promise<TaskResult>
  observer?: TaskObserver
}

export interface Scheduler {
  run(task: Task, options?: RunOptions): Promise<TaskResult>
  status(): QueueStatus
  /** Refuses what waits and what comes; resolves when nothing is active or the time is over. */
  close(graceMs: number): Promise<void>
}

interface Waiting {
  task: Task
  options: RunOptions
  sinceMs: number
  settle(result: TaskResult): void
}

/**
 * The waiting line before one pool: critical tasks first, in order of arrival within a class; bounded; a task whose
 * deadline has passed or whose caller has gone is never started.
 */
export function createScheduler(given: SchedulerOptions): Scheduler {
  const { concurrency, maxWaiting, workers, run, observer = NO_OBSERVER } = given
  const lines: Record<Criticality, Set<Waiting>> = { critical: new Set(), normal: new Set(), background: new Set() }
  const pace = createPace()
  let active = 0
  let isClosed = false
  let onIdle = () => {}

  const waitingCount = () => lines.critical.size + lines.normal.size + lines.background.size

  const startNext = () => {
    while (active < concurrency) {
      const line = CLASSES.map((name) => lines[name]).find((candidate) => candidate.size > 0)
      if (line === undefined) break
      const [entry] = line as Set<Waiting> & Iterable<Waiting>
      line.delete(entry as Waiting)
      start(entry as Waiting)
    }
    if (waitingCount() === 0) pace.rested()
    if (active === 0 && waitingCount() === 0) onIdle()
  }

  /** The slot is taken until the task really ends; the caller hears of its deadline or departure at once. */
  const start = ({ task, options, sinceMs, settle }: Waiting) => {
    active++
    const startedMs = performance.now()
    const waitMs = startedMs - sinceMs
    const stop = new AbortController()
    const giveUp = (error: SiibraError) => {
      settle({ ok: false, ...toPlainError(error) })
      stop.abort(error)
    }
    const onAbort = () => giveUp(abortReason(options.signal as AbortSignal))
    const timer = setTimeout(() => giveUp(deadlineExceeded()), Math.max(0, task.deadlineMs - Date.now()))
    options.signal?.addEventListener('abort', onAbort, { once: true })
    run(task, { ...options, signal: stop.signal })
      .catch((thrown): TaskResult => ({ ok: false, ...toPlainError(thrown) }))
      .then((result) => {
        clearTimeout(timer)
        options.signal?.removeEventListener('abort', onAbort)
        active--
        if (waitingCount() > 0) pace.ended()
        const timing = { waitMs, runMs: performance.now() - startedMs }
        settle({ ...result, timing })
        observer.ended({ task, outcome: outcomeOf(result), ...timing })
        startNext()
      })
  }

  /** Ends a task that was never started. */
  const leave = ({ task, sinceMs, settle }: Waiting, result: TaskResult) => {
    settle(result)
    observer.ended({ task, outcome: outcomeOf(result), waitMs: performance.now() - sinceMs, runMs: 0 })
  }

  const expectedWaitMs = ({ criticality }: Task) =>
    pace.expectedWaitMs(CLASSES.slice(0, CLASSES.indexOf(criticality) + 1).reduce((n, name) => n + lines[name].size, 0))

  const refusal = (task: Task) => overloaded(task, retryAfterS(expectedWaitMs(task)))

  /** Too much waits for a task of this class, or more than can be done until its deadline. */
  const isTooLate = (task: Task) =>
    active >= concurrency &&
    (waitingCount() >= maxWaiting * ROOM_SHARE[task.criticality] || expectedWaitMs(task) > task.deadlineMs - Date.now())

  /** Makes room for a task by refusing one of a lower class, if there is any. */
  const makeRoomFor = (task: Task): boolean => {
    for (const name of [...CLASSES].reverse()) {
      if (name === task.criticality) return false
      const last = [...lines[name]].at(-1)
      if (last === undefined) continue
      lines[name].delete(last)
      leave(last, refusal(last.task))
      return true
    }
    return false
  }

  return {
    run(task, options = {}) {
      if (isClosed) return Promise.resolve(closing())
      return new Promise((resolve) => {
        const giveUp = (error: SiibraError) => {
          if (lines[task.criticality].delete(entry)) leave(entry, { ok: false, ...toPlainError(error) })
        }
        const onAbort = () => giveUp(abortReason(options.signal as AbortSignal))
        const timer = setTimeout(() => giveUp(deadlineExceeded()), Math.max(0, task.deadlineMs - Date.now()))
        const entry: Waiting = {
          task,
          options,
          sinceMs: performance.now(),
          settle(result) {
            clearTimeout(timer)
            options.signal?.removeEventListener('abort', onAbort)
            resolve(result)
          },
        }
        if (task.deadlineMs <= Date.now()) return leave(entry, { ok: false, ...toPlainError(deadlineExceeded()) })
        if (options.signal?.aborted) return leave(entry, { ok: false, ...toPlainError(abortReason(options.signal)) })
        if (isTooLate(task) && !makeRoomFor(task)) return leave(entry, refusal(task))
        options.signal?.addEventListener('abort', onAbort, { once: true })
        lines[task.criticality].add(entry)
        startNext()
      })
    },
    status: () => ({ waiting: waitingCount(), active, workers: workers() }),
    async close(graceMs) {
      isClosed = true
      for (const name of CLASSES) {
        for (const entry of lines[name]) {
          lines[name].delete(entry)
          entry.settle(closing())
        }
      }
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

function overloaded({ queue }: Task, retryAfterS: number): TaskResult {
  const message = `Too many requests wait for the queue "${queue}"; try again later`
  return { ok: false, ...toPlainError(new SiibraError('OVERLOADED', message, { queue, retryAfterS })) }
}

function closing(): TaskResult {
  const message = 'This service is about to stop; try again later'
  return { ok: false, ...toPlainError(new SiibraError('OVERLOADED', message, { retryAfterS: 2 })) }
}
