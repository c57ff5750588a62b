import { setMaxListeners } from 'node:events'
import { Compile, type Validator } from 'typebox/compile'
import { answerForClients } from '../platform/disclosure.ts'
import { type PlainError, SiibraError, toPlainError } from '../siibra/index.ts'
import { encodeDataFrame, encodeTable } from '../tables/encode.ts'
import type { TableForm } from '../tables/forms.ts'
import { pickFields } from '../tables/pick-fields.ts'
import { readBody, streamBody } from './answer/body.ts'
import { etagOf } from './answer/etag.ts'
import { type CollectOptions, collectAnswer } from './answer/large-answers.ts'
import { abortReason } from './failures.ts'
import { DEFAULT_LIMITS } from './limits.ts'
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
    if (handler === undefined) {
      const message = `"${task.name}" is declared, but not there yet`
      throw new SiibraError('NOT_IMPLEMENTED', message, { refused: 'unknown_task' })
    }
    checkParams(handler, task)
    const answer = await handler.run(task.params, withBody(context, task))
    const folder = task.mayBeFile ? context.sharedDir : undefined
    const { answerFileBytes, sharedBytes } = context.limits ?? DEFAULT_LIMITS
    const bounds = { maxFileBytes: answerFileBytes, maxFolderBytes: sharedBytes }
    return await encodeAnswer(answer, task.params, { signal: context.signal, folder, ...bounds })
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
    refused: 'parameters',
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
  options: Pick<CollectOptions, 'signal' | 'folder' | 'maxFileBytes' | 'maxFolderBytes'> = {},
): Promise<TaskResult> {
  const { status = 200, headers = {} } = answer
  if ('table' in answer) {
    const { format = 'json' } = params
    if (format === 'json') {
      if (answer.json) return encodeAnswer({ status, headers, json: await answer.json() }, params)
      return collected(status, JSON_TYPE, headers, encodeDataFrame(await answer.table()), options)
    }
    const shown = { withProvenance: params.provenance === '1', items: answer.items?.() }
    const encoded = await encodeTable(await answer.table(), format, shown)
    return collected(status, encoded.contentType, { ...headers, ...encoded.headers }, encoded.chunks, options)
  }
  if ('bytes' in answer) return toResult(status, answer.contentType, headers, answer.bytes)
  const json = params.fields ? pickFields(answer.json, params.fields) : answer.json
  return toResult(status, JSON_TYPE, headers, encoder.encode(JSON.stringify(json) ?? 'null'))
}

const JSON_TYPE = 'application/json'

/** The validator is made here, beside the event loop. */
function toResult(status: number, contentType: string, headers: Record<string, string>, body: Uint8Array): TaskResult {
  return { ok: true, status, contentType, headers, body, etag: etagOf(body) }
}

/** A table: in memory, or as a file. */
async function collected(
  status: number,
  contentType: string,
  headers: Record<string, string>,
  chunks: Iterable<Uint8Array>,
  options: CollectOptions,
): Promise<TaskResult> {
  return { ok: true, status, contentType, headers, ...(await collectAnswer(chunks, options)) }
}
