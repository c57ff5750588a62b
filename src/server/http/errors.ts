import { answerForClients } from '../../platform/disclosure.ts'
import type { ErrorCode, ErrorDetails } from '../../siibra/index.ts'

/** HTTP status of every error code, unless a route's record says otherwise. */
export const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  NOT_FOUND: 404,
  AMBIGUOUS: 400,
  INVALID_PARAMETER: 422,
  INVALID_COMBINATION: 400,
  NOT_AVAILABLE: 404,
  BAD_CONFIGURATION: 500,
  BAD_DATA: 502,
  UPSTREAM_UNAVAILABLE: 503,
  UNAVAILABLE: 503,
  UNSUPPORTED: 400,
  OVERLOADED: 503,
  DEADLINE_EXCEEDED: 504,
  ABORTED: 499,
  NOT_IMPLEMENTED: 501,
  INTERNAL: 500,
}

/** After how many seconds a request may be repeated, where that makes sense. */
export function retryAfterS(code: ErrorCode, details: ErrorDetails = {}): number | undefined {
  if (typeof details.retryAfterS === 'number') return Math.ceil(details.retryAfterS)
  if (code === 'UPSTREAM_UNAVAILABLE' || code === 'UNAVAILABLE') return 10
  return code === 'OVERLOADED' || code === 'DEADLINE_EXCEEDED' ? 2 : undefined
}

/** One thing that is wrong with a parameter, in the form that FastAPI gives it. */
export interface ParameterProblem {
  loc: ['query' | 'path', string]
  msg: string
  type: string
  ctx?: Record<string, unknown>
}

/** Codes of what the HTTP side refuses itself, by status; other statuses have a code of their error. */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  413: 'TOO_LARGE',
  414: 'INVALID_PARAMETER',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  416: 'RANGE_NOT_SATISFIABLE',
  417: 'EXPECTATION_FAILED',
  422: 'INVALID_PARAMETER',
  429: 'TOO_MANY_REQUESTS',
  431: 'HEAD_TOO_LARGE',
  503: 'UNAVAILABLE',
}

/**
 * The body of every answer from 400 on. `message` is a string that holds JSON with a `detail` that is never empty:
 * siibra-explorer parses it.
 */
export function errorBody(status: number, detail: string | ParameterProblem[], more: ErrorDetails = {}): string {
  const told = answerForClients({
    detail: detail.length > 0 ? detail : `Error ${status}`,
    code: CODE_OF_STATUS[status] ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL'),
    ...more,
  })
  const message = JSON.stringify(told)
  return JSON.stringify({ error: true, status_code: status, message })
}
