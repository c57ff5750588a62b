import { aborted, deadlineExceeded, SiibraError } from '../errors.ts'

export interface UpstreamFailure {
  /** HTTP status of the answer, where there was one. */
  status?: number
  /** Whether another attempt may succeed (network failure, time-out, 429, 5xx). */
  retryable?: boolean
  /** The other side was silent for too long: another attempt costs as much again. */
  timedOut?: boolean
  /** How long the other side asked us to wait. */
  retryAfterMs?: number
  cause?: unknown
}

/** Remote data that cannot be had now: says which URL and what failed. Never to be cached as an answer. */
export function upstreamUnavailable(url: string, reason: string, failure: UpstreamFailure = {}): SiibraError {
  const { cause, ...facts } = failure
  return new SiibraError(
    'UPSTREAM_UNAVAILABLE',
    `${url} cannot be had: ${reason}`,
    { url, reason, ...facts },
    { cause },
  )
}

export function isUpstreamUnavailable(thrown: unknown): thrown is SiibraError {
  return thrown instanceof SiibraError && thrown.code === 'UPSTREAM_UNAVAILABLE'
}

/** What to throw when `signal` fired: its reason if that is one of our errors (a passed deadline), else ABORTED. */
export function abortError(signal: AbortSignal): SiibraError {
  if (signal.reason instanceof SiibraError) return signal.reason
  if (signal.reason instanceof Error && signal.reason.name === 'TimeoutError') {
    return deadlineExceeded()
  }
  return aborted()
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal)
}

/** BAD_DATA for an object that is larger than its reader allows. */
export function tooLarge(url: string, sizeBytes: number, maxBytes: number): SiibraError {
  return new SiibraError('BAD_DATA', `${url} holds ${sizeBytes} bytes, more than the ${maxBytes} allowed`, {
    url,
    sizeBytes,
    maxBytes,
  })
}

/** The value, or UPSTREAM_UNAVAILABLE where a store had nothing: for data that a configuration promises. */
export function required<T>(value: T | undefined, url: string): T {
  if (value === undefined) throw upstreamUnavailable(url, 'there is no such file', { status: 404, retryable: false })
  return value
}
