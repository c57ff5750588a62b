import type { TSchema } from 'typebox'
import type { AtlasCore, ErrorCode, ErrorDetails } from '../siibra/index.ts'
import type { Table } from '../tables/table.ts'
import type { RequestBody, StreamedBody, TaskBody } from './answer/body.ts'
import type { AnswerFile } from './answer/large-answers.ts'
import type { Criticality } from './criticality.ts'
import type { TaskLimits } from './limits.ts'

export type { Criticality }

/** The queues, each with a folder of handlers of the same name in data-handlers/. */
export const QUEUE_NAMES = ['core', 'features', 'volumes', 'compounds'] as const
export type QueueName = (typeof QUEUE_NAMES)[number]

/** A piece of work as it travels to a thread or over a queue: plain JSON. */
export interface Task {
  /** Name of the handler, unique over all queues, e.g. `single_region`. */
  name: string
  queue: QueueName
  /** Checked against the handler's parameter schema on both sides. */
  params: Record<string, unknown>
  /** What the client sent, where the route takes a body. */
  body?: TaskBody
  /** A large answer may be left as a file: whoever waits sends it from there (answer/large-answers.ts). */
  mayBeFile?: boolean
  /** Makes its id one that nobody can guess, and the task one of its own (`Prefer: respond-async`). */
  token?: string
  criticality: Criticality
  /** Keeps its thread for long, so that it goes to the threads for such tasks (costs.ts). Unset: as its kind has lately been. */
  isHeavy?: boolean
  /** Unix time in ms after which nobody waits for the answer any more. */
  deadlineMs: number
  /** Which version of the data is to answer; workers hold the one before for a while. Unset: the newest. */
  dataVersion?: string
  /** W3C trace context of the request that it came from. */
  traceparent?: string
}

/** How long a task waited for its turn, and how long its handler ran. */
export interface TaskTiming {
  waitMs: number
  runMs: number
  /** What its thread has computed meanwhile, where that was much; less than it ran where it waited for data, or for a core of the machine. */
  cpuMs?: number
}

/** What comes back: encoded bytes, or a plain error. */
export type TaskResult = (
  | {
      ok: true
      status: number
      contentType: string
      headers: Record<string, string>
      body: Uint8Array
      /** Where the answer lies instead of in `body`, which is empty then. */
      file?: AnswerFile
      etag: string
    }
  | { ok: false; code: ErrorCode; message: string; details?: ErrorDetails }
) & {
  /** Of a task that was started; set by the dispatcher. */
  timing?: TaskTiming
}

/** What a handler is given beside its parameters. */
export interface HandlerContext {
  /** The atlas core, loaded on first use and kept for the life of the thread. */
  core(): Promise<AtlasCore>
  signal: AbortSignal
  /** Folder for files that outlive the answer (downloads). */
  sharedDir: string
  /** What it may take. Default: DEFAULT_LIMITS. */
  limits?: TaskLimits
  /** Parts of provider URLs that are replaced in answers, in this order (`SIIBRA_API_REMAP_PROVIDERS`). */
  remapProviders?: readonly (readonly [from: string, to: string])[]
  /** What the client sent, where the route takes a body; see `bodyOf`. */
  body?: () => Promise<RequestBody>
  /** The same, piece by piece; see `streamOf`. */
  bodyStream?: () => StreamedBody
  /** Reports progress of a long task: 0..1 and what is being done. */
  progress(fraction: number, doing: string): void
}

/**
 * What a handler returns: a JSON value (encoded once, by the executor), bytes with their type, or a table, which the executor
 * encodes in the form that was asked for (`format` of the parameters). Only what that form needs is made.
 */
export type HandlerAnswer = { status?: number; headers?: Record<string, string> } & (
  | { json: unknown }
  | { bytes: Uint8Array; contentType: string }
  | {
      table: () => Table | Promise<Table>
      /** The JSON answer, where it is not the data frame of the table. */
      json?: () => unknown
      /** What stands in the lines of `ndjson`, where it is not the rows. */
      items?: () => Iterable<unknown>
    }
)

/** One operation, declared once, that runs inline, in a thread or in a worker. */
export interface DataHandler<Params = Record<string, unknown>> {
  name: string
  queue: QueueName
  params: TSchema
  run(params: Params, context: HandlerContext): Promise<HandlerAnswer>
}

// biome-ignore lint/suspicious/noExplicitAny: handlers of different parameters stand in one list; the schema of each checks them
export type AnyHandler = DataHandler<any>
