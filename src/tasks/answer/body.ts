/** What a client sent with a request: it lies somewhere, and its task says where. */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { SiibraError } from '../../siibra/index.ts'
import { isBodyName } from './file-names.ts'

/** Where the bytes of a body lie until its task has ended. */
export type BodyPlace =
  /** In the task itself. */
  | { kind: 'inline'; base64: string }
  /** In the folder for files that outlive an answer, by its name there. */
  | { kind: 'file'; name: string }
  /** In the object storage of downloads. */
  | { kind: 'object'; name: string }
  /** In the result backend, in pieces. */
  | { kind: 'results'; id: string }

/** A body as a task has it: plain JSON, so that it travels over a queue. */
export interface TaskBody {
  /** In lower case, without parameters: `application/json`, `text/csv` ... */
  mediaType: string
  /** Of `multipart/form-data`: what stands between its parts. */
  boundary?: string
  /** Hexadecimal, of the bytes as they are (inflated). */
  sha256: string
  bytes: number
  place: BodyPlace
}

/** A body as a handler has it. */
export interface RequestBody {
  mediaType: string
  bytes: Uint8Array
}

/** A body as a handler has it that need not have all of it in memory. */
export interface StreamedBody {
  mediaType: string
  boundary?: string | undefined
  /** How many there are. */
  bytes: number
  /** From the beginning, each time it is called. */
  chunks(): AsyncIterable<Uint8Array>
}

/** Bodies up to this travel in their task: base64 of it costs less than a file. */
export const MAX_INLINE_BYTES = 256 * 1024

/** The bytes of a body that lies in its task or in the folder. Throws UNAVAILABLE where its file is gone. */
export async function readBody({ mediaType, place }: TaskBody, folder: string): Promise<RequestBody> {
  if (place.kind === 'inline') return { mediaType, bytes: Buffer.from(place.base64, 'base64') }
  try {
    return { mediaType, bytes: await readFile(pathOf(place, folder)) }
  } catch (cause) {
    throw bodyGone(cause)
  }
}

/** The same piece by piece. Reading throws UNAVAILABLE where the file is gone. */
export function streamBody({ mediaType, boundary, bytes, place }: TaskBody, folder: string): StreamedBody {
  return { mediaType, boundary, bytes, chunks: () => readChunks(place, folder) }
}

const CHUNK_BYTES = 1024 ** 2

async function* readChunks(place: BodyPlace, folder: string): AsyncGenerator<Uint8Array> {
  if (place.kind === 'inline') return yield Buffer.from(place.base64, 'base64')
  try {
    yield* createReadStream(pathOf(place, folder), { highWaterMark: CHUNK_BYTES })
  } catch (cause) {
    throw bodyGone(cause)
  }
}

function pathOf(place: BodyPlace, folder: string): string {
  if (place.kind !== 'file' || !isBodyName(place.name)) throw new Error(`A body in ${place.kind} was not brought here`)
  return join(folder, place.name)
}

function bodyGone(cause: unknown): SiibraError {
  return new SiibraError('UNAVAILABLE', 'The body of the request is gone; send it again', { retryAfterS: 1 }, { cause })
}

/** The body of the request that a handler runs for. */
export async function bodyOf({ body }: { body?: () => Promise<RequestBody> }): Promise<RequestBody> {
  if (body === undefined) throw new Error('This task has no body')
  return body()
}

/** The same, as it is read. */
export function streamOf({ bodyStream }: { bodyStream?: () => StreamedBody }): StreamedBody {
  if (bodyStream === undefined) throw new Error('This task has no body')
  return bodyStream()
}

const decoder = new TextDecoder('utf-8', { fatal: true })
const partDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A body as text, without the mark that some begin with. Throws INVALID_PARAMETER where it is no UTF-8. */
export const bodyText = ({ bytes }: RequestBody): string => textOf(bytes, decoder)

/** A part of a body as text; it is cut between two characters. Throws INVALID_PARAMETER where it is no UTF-8. */
export function textOf(bytes: Uint8Array, by = partDecoder): string {
  try {
    return by.decode(bytes)
  } catch {
    throw bodyError('The body is not UTF-8')
  }
}

/**
 * The value of a JSON body, as its schema has it. Throws INVALID_PARAMETER, which says where JSON ends to be JSON, or which
 * member is not as the schema has it.
 */
export function parseJsonBody<T extends TSchema>(body: RequestBody, schema: T): Static<T> {
  const text = bodyText(body)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (thrown) {
    // the text of node's message quotes the body, which is the client's own
    const position = positionOf(thrown as Error)
    throw notJson(position === text.length ? undefined : position)
  }
  if (Value.Check(schema, value)) return value
  const [first] = Value.Errors(schema, value)
  const at = first?.instancePath ? `member ${first.instancePath.slice(1).replaceAll('/', '.')}` : 'the value'
  throw bodyError(`The body is not as it should be: ${at} ${first?.message ?? 'is wrong'}`, {
    member: first?.instancePath,
  })
}

/** A body that cannot be used: 422. */
export function bodyError(message: string, details: Record<string, unknown> = {}): SiibraError {
  return new SiibraError('INVALID_PARAMETER', message, { parameter: 'body', ...details })
}

/** A body that is no JSON from some position on; without one: it ends too early. */
export const notJson = (position?: number): SiibraError =>
  bodyError(`The body is not JSON${position === undefined ? ': it ends too early' : ` from position ${position} on`}`)

function positionOf({ message }: Error): number | undefined {
  const [, position] = /at position (\d+)/.exec(message) ?? []
  return position === undefined ? undefined : Number(position)
}
