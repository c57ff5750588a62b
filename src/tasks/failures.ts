/**
 * Why a task has no answer, in the words that clients see: the same in every role, whichever part notices it. What happens
 * to the data while a handler runs has its own errors (siibra/errors.ts).
 */
import { aborted, deadlineExceeded, SiibraError, toPlainError } from '../siibra/index.ts'
import type { CallerSignal } from './caller-signal.ts'
import type { QueueName, TaskResult } from './task.ts'

export { aborted, deadlineExceeded }

/** The result of a task that has none. */
export type Failure = Extract<TaskResult, { ok: false }>

/** Others have room, or have it again when the tasks under way are done. */
const SOON_S = 2
/** Workers and brokers that restart are back by then. */
const AFTER_RESTART_S = 5

/** An error as the result of a task. */
export const failureOf = (error: SiibraError): Failure => ({ ok: false, ...toPlainError(error) })

/** The error that an aborted signal stands for: the deadline, or a caller that went away. */
export function abortReason(signal: Pick<CallerSignal, 'reason'>): SiibraError {
  const reason: unknown = signal.reason
  if (reason instanceof SiibraError) return reason
  return reason instanceof Error && reason.name === 'TimeoutError' ? deadlineExceeded() : aborted()
}

/** The process takes no more tasks. */
export function closing(): SiibraError {
  return new SiibraError('OVERLOADED', 'This service is about to stop; try again later', { retryAfterS: SOON_S })
}

/** More tasks wait than there is room for, or than can be done before the deadline. */
export function overloaded(queue: QueueName, retryAfterS: number = SOON_S): SiibraError {
  const message = `Too many requests wait for the queue "${queue}"; try again later`
  return new SiibraError('OVERLOADED', message, { queue, retryAfterS })
}

/** `queue` is the full name, as operators know it. */
export function noWorker(queue: string): SiibraError {
  const message = `No worker takes tasks of the queue ${queue}`
  return new SiibraError('UNAVAILABLE', message, { queue, retryAfterS: AFTER_RESTART_S })
}

/** The broker or the result backend cannot be used; `message` says why. */
export function queueUnavailable(message = 'The queue cannot be reached at the moment'): SiibraError {
  return new SiibraError('UNAVAILABLE', message, { retryAfterS: AFTER_RESTART_S })
}

/** The task, or what it made, was lost on the way more often than it is sent again. */
export function taskLost(): SiibraError {
  return new SiibraError('UNAVAILABLE', 'The queue lost the task again and again', { retryAfterS: AFTER_RESTART_S })
}

/** The task ended its thread or worker each time that it was tried. */
export function taskFatal(taskName: string): SiibraError {
  return new SiibraError('INTERNAL', `The task ${taskName} ended what ran it twice and is not tried again`)
}

/**
 * Why a task was not begun, where it is none that a route of this version sends: a worker counts it. Undefined for all other results,
 * those of parameters among them that fit their schema and mean nothing.
 */
export function refusalOf(result: TaskResult): 'unknown_task' | 'parameters' | undefined {
  const refused = result.ok ? undefined : result.details?.refused
  return refused === 'unknown_task' || refused === 'parameters' ? refused : undefined
}
