import type { TObject, TSchema } from 'typebox'
import type { ErrorCode } from '../../siibra/index.ts'
import type { Criticality, QueueName } from '../../tasks/task.ts'

export const API_VERSIONS = ['v3_0', 'v1_0'] as const
/** What stands first in a path: a version of the API, or `v1`, under which other services' routes are offered. */
export const ROOTS = [...API_VERSIONS, 'v1'] as const
export type ApiVersion = (typeof API_VERSIONS)[number]
export type Root = (typeof ROOTS)[number]
export const V3 = ['v3_0'] as const

/** Whether an answer is kept: never, unless a query parameter makes it too special, or always. */
export type CacheRule = { kind: 'never' } | { kind: 'always' } | { kind: 'unless'; parameters: readonly string[] }
export const NEVER: CacheRule = { kind: 'never' }
export const ALWAYS: CacheRule = { kind: 'always' }

/** A body that is not JSON. */
export interface FileAnswer {
  mediaType: string
  /** Further media types that it may have. */
  others?: readonly string[]
  description: string
}

/** A route that is to go. */
export interface Deprecation {
  /** The day from which on it is deprecated, and the first one on which it may be gone (`2027-01-31`, UTC). */
  since: string
  sunset?: string
  /** The path of what takes its place. */
  successor?: string
}

/** What a route takes as the body of a request. */
export interface BodySpec {
  /** By media type: the schema of JSON (checked by the handler, off the event loop), or in words what is sent. */
  accepts: Readonly<Record<string, { schema: TSchema } | { description: string }>>
  /** Largest body, inflated. Operators can set less (`SIIBRA_API_POST_LIMITS`). */
  maxBytes: number
  /** For the documentation. */
  example?: unknown
}

/**
 * One HTTP route: everything that the service knows about it. Fastify routes, the OpenAPI document, labels of metrics,
 * priorities, cache keys and Python snippets are all made from this record. A route whose task has no handler answers 501.
 */
export interface RouteRecord {
  /** Stable name, also the operation id of the OpenAPI document. */
  name: string
  /**
   * The tool that it is for programs that reason (docs/mcp.md): a verb and what it is about. Its words and parameters are the
   * route's. Routes without are none; only GET may have one.
   */
  tool?: string
  method: 'GET' | 'POST' | 'DELETE'
  /**
   * Path below the version, with parameters in braces. A parameter spans slashes (ids are URLs); literal text behind
   * one, as in `/regions/{region_id}/related`, wins over the shorter route.
   */
  path: string
  versions: readonly Root[]
  summary: string
  description?: string
  tag: 'atlas' | 'space' | 'parcellation' | 'region' | 'maps' | 'feature' | 'vocabularies' | 'download' | 'task'
  /** `true`: the original's contract says so, whose answers say nothing of it. */
  deprecated?: true | Deprecation
  /** Not of the original's contract: may change with a minor version (docs/http.md). */
  extension?: true
  /** Path and query parameters together; those named in `path` are path parameters. */
  params: TObject
  /** Of POST. What is sent is the client's own: such a route has the cache rule `NEVER`. */
  body?: BodySpec
  /**
   * Model of the JSON answer, or what kind of file is sent; `serverJson`: what role server answers instead.
   * `forms`: the handler gives a table, which is also sent as CSV, TSV, Arrow and lines of JSON; of a `listing` JSON is a page;
   * `citation`: the object's JSON, or what is to be cited of it.
   */
  response: { json: TSchema; forms?: 'table' | 'listing' | 'citation' } | { file: FileAnswer; serverJson?: TSchema }
  task: {
    name: string
    queue: QueueName
    fixed?: Record<string, unknown>
    /** True where it keeps a thread for long (a whole volume is computed): others do not wait behind it (tasks/costs.ts). */
    isHeavy?: (params: Record<string, unknown>) => boolean
  }
  criticality: Criticality
  cache: CacheRule
  /** Where the original's recorded status of a situation differs from the one table of statuses. */
  statuses?: Partial<Record<ErrorCode, number>>
  /**
   * siibra-python code that does the same, for `Accept: text/x-sapi-python`. The parameters of the route (paging aside)
   * are variables that stand before it, `None` where the request has none. Left out where siibra-python cannot do it.
   */
  python?: string
}
