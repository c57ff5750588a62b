import { SiibraError } from '../siibra/errors.ts'
import type { CallerSignal } from './caller-signal.ts'

/** The error that an aborted signal stands for: the deadline, or a caller that went away. */
export function abortReason(signal: Pick<CallerSignal, 'reason'>): SiibraError {
  const reason: unknown = signal.reason
  if (reason instanceof SiibraError) return reason
  if (reason instanceof Error && reason.name === 'TimeoutError') return deadlineExceeded()
  return new SiibraError('ABORTED', 'Nobody waits for this answer any more')
}

export function deadlineExceeded(): SiibraError {
  return new SiibraError(
    'DEADLINE_EXCEEDED',
    'The time for this request has passed; it may be quicker when asked again',
  )
}
