import type { CallerSignal } from '../../../tasks/caller-signal.ts'
import { rankOf } from '../../../tasks/criticality.ts'
import type { RunOptions } from '../../../tasks/dispatcher.ts'
import { aborted, deadlineExceeded, failureOf } from '../../../tasks/failures.ts'
import type { QueueName, Task, TaskResult } from '../../../tasks/task.ts'
import { findLeastCritical } from './room.ts'

/** A task under way and those who wait for it in this process. */
export interface PendingTask {
  readonly id: string
  task: Task
  /** Latest deadline of those who wait. */
  deadlineMs: number
  /** When it was last sent; a result stored earlier is of another run. */
  sentAtMs: number
  /** When the first request for it came. */
  readonly sinceMs: number
  sends: number
  /** It is on its way to the broker. */
  isBeingSent: boolean
  /** A worker has begun it. */
  isActive: boolean
  /** How often in a row the broker did not know its job. */
  missed: number
  readonly waiters: Set<(result: TaskResult) => void>
  readonly progressListeners: Set<NonNullable<RunOptions['onProgress']>>
}

/** What a request that joined a task has changed of it. */
export interface Joined {
  isMoreCritical: boolean
  isLater: boolean
}

/** The tasks that this process waits for, each once, with all who wait for it. */
export interface PendingTasks {
  get(id: string): PendingTask | undefined
  all(): PendingTask[]
  /** Tasks of a queue that wait or are under way. */
  countOf(queue: QueueName): number
  /** Requests that wait for any of them. */
  waiting(): number
  add(id: string, task: Task, onProgress?: RunOptions['onProgress']): PendingTask
  /** One more request for a task: it becomes as critical, and lasts as long, as the most demanding of them. */
  join(pending: PendingTask, task: Task, onProgress?: RunOptions['onProgress']): Joined
  /** Waits until the task is settled, the deadline has passed or the caller has left. The last who leaves settles it. */
  wait(pending: PendingTask, deadlineMs: number, signal?: CallerSignal): Promise<TaskResult>
  /** Answers all who wait; false where that has happened already. */
  settle(pending: PendingTask, result: TaskResult): boolean
  /** Who has to go so that `task` can come, if anybody is less critical. */
  leastCriticalBelow(task: Task): PendingTask | undefined
}

/** `onSettled` hears of every task once, when its answer is known. */
export function createPendingTasks(onSettled: (pending: PendingTask, result: TaskResult) => void): PendingTasks {
  // an object, not a Map, for the reason that fifo.ts gives
  const byId: Record<string, PendingTask> = Object.create(null)
  const counts = new Map<QueueName, number>()
  let waiting = 0

  const settle = (pending: PendingTask, result: TaskResult): boolean => {
    if (byId[pending.id] !== pending) return false
    delete byId[pending.id]
    counts.set(pending.task.queue, (counts.get(pending.task.queue) ?? 1) - 1)
    onSettled(pending, result)
    for (const resolve of pending.waiters) resolve(result)
    return true
  }

  return {
    get: (id) => byId[id],
    all: () => Object.values(byId),
    countOf: (queue) => counts.get(queue) ?? 0,
    waiting: () => waiting,
    add(id, task, onProgress) {
      const pending: PendingTask = {
        id,
        task,
        deadlineMs: task.deadlineMs,
        sentAtMs: Infinity,
        sinceMs: Date.now(),
        sends: 0,
        isBeingSent: false,
        isActive: false,
        missed: 0,
        waiters: new Set(),
        progressListeners: new Set(onProgress ? [onProgress] : []),
      }
      byId[id] = pending
      counts.set(task.queue, (counts.get(task.queue) ?? 0) + 1)
      return pending
    },
    join(pending, task, onProgress) {
      if (onProgress) pending.progressListeners.add(onProgress)
      const isMoreCritical = rankOf(task.criticality) < rankOf(pending.task.criticality)
      if (isMoreCritical) pending.task = { ...pending.task, criticality: task.criticality }
      const isLater = task.deadlineMs > pending.deadlineMs
      if (isLater) pending.deadlineMs = task.deadlineMs
      return { isMoreCritical, isLater }
    },
    wait(pending, deadlineMs, signal) {
      return new Promise((resolve) => {
        const end = (result: TaskResult) => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', leave)
          waiting--
          pending.waiters.delete(end)
          resolve(result)
          if (pending.waiters.size === 0) settle(pending, result)
        }
        const leave = () => end(failureOf(aborted()))
        const timer = setTimeout(() => end(failureOf(deadlineExceeded())), Math.max(0, deadlineMs - Date.now()))
        signal?.addEventListener('abort', leave)
        waiting++
        pending.waiters.add(end)
      })
    },
    settle,
    leastCriticalBelow: (task) => findLeastCritical(Object.values(byId), task),
  }
}
