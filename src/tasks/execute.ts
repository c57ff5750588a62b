import { setMaxListeners } from 'node:events'
import { Compile, type Validator } from 'typebox/compile'
import { answerForClients } from '../platform/disclosure.ts'
import { createSlices, type PlainError, SiibraError, toPlainError } from '../siibra/index.ts'
import { encodeDataFrame, encodeTable } from '../tables/encode.ts'
import type { TableForm } from '../tables/forms.ts'
import { pickFields } from '../tables/pick-fields.ts'
import { readBody, streamBody } from './answer/body.ts'
import { etagOf } from './answer/etag.ts'
import { abortReason } from './failures.ts'
import type { DataHandler, HandlerAnswer, HandlerContext, Task, TaskResult } from './task.ts'

const encoder = new TextEncoder()
const validators = new WeakMap<DataHandler, Validator>()

/**
 * Runs one task to its end, in this thread: finds the handler, checks the parameters, encodes the answer. All back ends
 * end here. Never throws: whatever goes wrong is a result with `ok: false`.
 */
export async function executeTask(
  task: Task,
  handlers: ReadonlyMap<string, DataHandler>,
  context: HandlerContext,
): Promise<TaskResult> {
  // a task reads many objects at once, each of which listens to its signal
  setMaxListeners(0, context.signal)
  try {
    const handler = handlers.get(task.name)
    if (handler === undefined) throw new SiibraError('NOT_IMPLEMENTED', `"${task.name}" is declared, but not there yet`)
    checkParams(handler, task)
    return await encodeAnswer(await handler.run(task.params, withBody(context, task)), task.params, context.signal)
  } catch (thrown) {
    return { ok: false, ...plainFailure(context.signal.aborted ? abortReason(context.signal) : thrown) }
  }
}

/** What went wrong, as clients may read it: the places of this machine are known here, a server may have others. */
const plainFailure = (thrown: unknown): PlainError => answerForClients(toPlainError(thrown))

function withBody(context: HandlerContext, { body }: Task): HandlerContext {
  if (body === undefined) return context
  const { sharedDir } = context
  return { ...context, body: () => readBody(body, sharedDir), bodyStream: () => streamBody(body, sharedDir) }
}

function checkParams(handler: DataHandler, task: Task): void {
  let validator = validators.get(handler)
  if (validator === undefined) {
    validator = Compile(handler.params)
    validators.set(handler, validator)
  }
  if (validator.Check(task.params)) return
  const [first] = validator.Errors(task.params)
  const parameter = first?.instancePath.split('/')[1]
  throw new SiibraError('INVALID_PARAMETER', `Task ${task.name}: ${parameter ?? 'parameters'} ${first?.message}`, {
    ...(parameter ? { parameter } : {}),
    allowed: first?.params,
  })
}

/** Parameters that say in which form an answer is wanted (server/http/parameters/forms.ts). */
export interface FormParams {
  format?: TableForm
  provenance?: '1'
  fields?: readonly string[]
}

/** Encodes once; what a handler returns is bytes from here on. NaN and infinities become null, as in the original. */
export async function encodeAnswer(
  answer: HandlerAnswer,
  params: FormParams = {},
  signal?: AbortSignal,
): Promise<TaskResult> {
  const { status = 200, headers = {} } = answer
  if ('table' in answer) {
    const { format = 'json' } = params
    if (format === 'json') {
      if (answer.json) return encodeAnswer({ status, headers, json: await answer.json() }, params)
      return toResult(status, JSON_TYPE, headers, await collect(encodeDataFrame(await answer.table()), signal))
    }
    const options = { withProvenance: params.provenance === '1', items: answer.items?.() }
    const encoded = await encodeTable(await answer.table(), format, options)
    return toResult(
      status,
      encoded.contentType,
      { ...headers, ...encoded.headers },
      await collect(encoded.chunks, signal),
    )
  }
  if ('bytes' in answer) return toResult(status, answer.contentType, headers, answer.bytes)
  const json = params.fields ? pickFields(answer.json, params.fields) : answer.json
  return toResult(status, JSON_TYPE, headers, encoder.encode(JSON.stringify(json) ?? 'null'))
}

/** A larger answer would not fit into the memory of servers, nor through a result backend. */
export const MAX_TABLE_BYTES = 256 * 1024 ** 2

/** All chunks, with pauses between them: of a large table they take seconds. Throws INVALID_PARAMETER where they are too many. */
export async function collect(
  chunks: Iterable<Uint8Array>,
  signal?: AbortSignal,
  maxBytes = MAX_TABLE_BYTES,
): Promise<Uint8Array> {
  const slices = createSlices(signal)
  const parts: Uint8Array[] = []
  let bytes = 0
  for (const chunk of chunks) {
    parts.push(chunk)
    bytes += chunk.byteLength
    if (bytes > maxBytes) {
      const message = `The table has more than ${maxBytes} bytes in this form: ask for less in one request, a summary of it (\`summary=region\`), or a smaller form (\`format=csv\`)`
      throw new SiibraError('INVALID_PARAMETER', message, { parameter: 'format' })
    }
    const pause = slices.pause()
    if (pause) await pause
  }
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts)
}

const JSON_TYPE = 'application/json'

/** The validator is made here, beside the event loop. */
function toResult(status: number, contentType: string, headers: Record<string, string>, body: Uint8Array): TaskResult {
  return { ok: true, status, contentType, headers, body, etag: etagOf(body) }
}
