/**
 * Every error that the atlas core raises on purpose. The set is closed: a new situation gets a new code here, and the
 * server's one table (server/errors.ts) maps codes to HTTP statuses. An error crosses threads and queues as plain JSON.
 */
export type ErrorCode =
  /** No atlas, space, parcellation, map, region, feature, vocabulary ... of that id or specification. */
  | 'NOT_FOUND'
  /** A specification that fits several objects where exactly one is needed; `details.candidates` lists them. */
  | 'AMBIGUOUS'
  /** A parameter of the wrong form; `details.parameter` names it, `details.allowed` says what would be right. */
  | 'INVALID_PARAMETER'
  /** Parameters that are well-formed, but make no sense together (a map that does not exist in that space ...). */
  | 'INVALID_COMBINATION'
  /** What was asked for exists, but has no such representation (a mesh of a voxel map, a plot of an image ...). */
  | 'NOT_AVAILABLE'
  /** A file of the configuration that cannot be used; `details.file` and `details.property` say where. */
  | 'BAD_CONFIGURATION'
  /** Remote or local data that do not hold what they claim; `details.url` names them, the message has the arithmetic. */
  | 'BAD_DATA'
  /** Remote data that cannot be had now; `details.url` says which. May be retried, is never cached as an answer. */
  | 'UPSTREAM_UNAVAILABLE'
  /** A format or option that is known, but not supported. */
  | 'UNSUPPORTED'
  /** A bound was exceeded (bytes, time, queue length); may be retried later. */
  | 'OVERLOADED'
  /**
   * A part of this service that the answer needs is not there now: no worker takes the queue (`details.queue`), the
   * broker is away. May be retried after `details.retryAfterS`; HTTP 503 with Retry-After.
   */
  | 'UNAVAILABLE'
  /** The deadline passed before the answer was there. */
  | 'DEADLINE_EXCEEDED'
  /** The caller went away. */
  | 'ABORTED'
  /** A part of the API that is declared, but not there yet. */
  | 'NOT_IMPLEMENTED'
  /** A defect of this service: whatever is not one of the above. */
  | 'INTERNAL'

/** What details hold, by code. Further facts that a message tells may stand beside them. */
interface KnownDetails {
  NOT_FOUND: { id?: string; candidates?: readonly unknown[] }
  AMBIGUOUS: { candidates?: readonly unknown[] }
  INVALID_PARAMETER: { parameter?: string; allowed?: unknown }
  INVALID_COMBINATION: { parameter?: string; allowed?: unknown }
  BAD_CONFIGURATION: { file?: string | null; property?: string }
  BAD_DATA: { url?: string }
  UPSTREAM_UNAVAILABLE: { url?: string; reason?: string; retryAfterS?: number }
  /** `queue`: which one has no room. */
  OVERLOADED: { queue?: string; retryAfterS?: number }
  /** `queue`: which one has no worker. */
  UNAVAILABLE: { queue?: string; retryAfterS?: number }
}

/** Details of any error, as they travel. */
export type ErrorDetails = Record<string, unknown>

/** Details of an error of one code: what is known of them has its type. */
export type DetailsOf<C extends ErrorCode> = ErrorDetails & (C extends keyof KnownDetails ? KnownDetails[C] : unknown)

export interface PlainError {
  code: ErrorCode
  message: string
  details?: ErrorDetails
}

/** `C` is what the constructor is called with, so that it can check the details. */
export class SiibraError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'SiibraError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: C, message: string, details?: DetailsOf<C>, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.details = details ?? {}
  }
}

/** The caller no longer waits; the same words wherever that is noticed. */
export function aborted(): SiibraError {
  return new SiibraError('ABORTED', 'Nobody waits for this answer any more')
}

/** The time that the caller gave is over; the same words wherever that is noticed. */
export function deadlineExceeded(): SiibraError {
  return new SiibraError(
    'DEADLINE_EXCEEDED',
    'The time for this request has passed; it may be quicker when asked again',
  )
}

/** The plain-JSON form of any thrown value; what is not a SiibraError is INTERNAL. */
export function toPlainError(thrown: unknown): PlainError {
  if (thrown instanceof SiibraError) return { code: thrown.code, message: thrown.message, details: thrown.details }
  if (thrown instanceof Error && thrown.name === 'AbortError') return { code: 'ABORTED', message: thrown.message }
  if (isDiskFull(thrown)) {
    return {
      code: 'UNAVAILABLE',
      message: 'The disk of the service is full; try again later',
      details: { retryAfterS: 5 },
    }
  }
  return { code: 'INTERNAL', message: thrown instanceof Error ? thrown.message : String(thrown) }
}

/** What a file is refused for where the disk, its quota or the size of files is used up: it passes, and is no fault of the task. */
const NO_ROOM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const isDiskFull = (thrown: unknown) => thrown instanceof Error && 'code' in thrown && NO_ROOM.has(thrown.code)
