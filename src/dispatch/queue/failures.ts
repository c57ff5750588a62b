import type { ErrorCode, ErrorDetails } from '../../siibra/errors.ts'
import type { QueueName, TaskResult } from '../../tasks/task.ts'
import { fullQueueName, type QueueScope } from './names.ts'

type Failure = Extract<TaskResult, { ok: false }>

/** After this time a client may try again; workers and brokers that restart are back by then. */
const RETRY_AFTER_SECONDS = 5
/** Others have room, or have it again when the tasks under way are done. */
const SOON_S = 2

export function failure(code: ErrorCode, message: string, details?: ErrorDetails): Failure {
  return { ok: false, code, message, ...(details ? { details } : {}) }
}

export const brokerAway = () =>
  failure('UNAVAILABLE', 'The queue cannot be reached at the moment', { retryAfterS: RETRY_AFTER_SECONDS })

export const closing = () =>
  failure('OVERLOADED', 'This server is about to stop; try again later', { retryAfterS: SOON_S })

export const deadlineExceeded = () => failure('DEADLINE_EXCEEDED', 'The answer was not there in time')

export const aborted = () => failure('ABORTED', 'The caller went away')

export function overloaded(queue: QueueName): Failure {
  const message = `Too many requests wait for the queue "${queue}"; try again later`
  return failure('OVERLOADED', message, { queue, retryAfterS: SOON_S })
}

export function noWorker(scope: QueueScope, queue: QueueName): Failure {
  const name = fullQueueName(scope, queue)
  return failure('UNAVAILABLE', `No worker takes tasks of the queue ${name}`, {
    queue: name,
    retryAfterS: RETRY_AFTER_SECONDS,
  })
}

/** A job that failed without a result: its worker died, twice. */
export function jobFailed(reason: string): Failure {
  const died = reason.includes('stalled')
  return failure('INTERNAL', died ? 'The task ended its worker twice and is not tried again' : reason)
}
