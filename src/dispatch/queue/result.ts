import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { MAX_ANSWER_BYTES } from '../../tasks/answer/large-answers.ts'
import type { TaskResult } from '../../tasks/task.ts'
import { type QueueScope, taskKeyOf } from './names.ts'
import { UnreadableResult } from './refusals.ts'

/** How long a result is kept for those who wait for it. */
export const RESULT_KEPT_MS = 60_000

const resultKey = (scope: QueueScope, id: string) => taskKeyOf(scope, id, 'result')

/**
 * Larger results go piece by piece: as one command, a resampled template (31 MB) kept Redis and both ends for so long that
 * clicks waited for 140 to 310 ms (p99).
 */
const PIECE_BYTES = 512 * 1024
/** A Redis that takes over may lack what the one before it had: then all of a result is written anew. */
const STORE_ATTEMPTS = 3

/** The largest answer and its head. */
const MAX_RESULT_BYTES = MAX_ANSWER_BYTES + 2 ** 20

/** Keeps a result, as bytes, in the result backend. It is there as a whole, or not at all. */
export async function storeResult(redis: Redis, scope: QueueScope, id: string, result: TaskResult): Promise<void> {
  const key = resultKey(scope, id)
  const parts = encodedParts(result, id)
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  if (length <= PIECE_BYTES) {
    await redis.set(key, Buffer.concat(parts), 'PX', RESULT_KEPT_MS)
    return
  }
  for (let attempt = 1; attempt <= STORE_ATTEMPTS; attempt++) {
    const unfinished = taskKeyOf(scope, id, 'result-part', randomUUID())
    if (!(await appendParts(redis, unfinished, parts))) continue
    const isRenamed = await redis.rename(unfinished, key).then(
      () => true,
      (thrown: Error) => {
        if (!thrown.message.includes('no such key')) throw thrown
        return false
      },
    )
    if (isRenamed && (await redis.strlen(key)) === length) return
  }
  throw new Error('the result backend kept losing pieces of a result')
}

/** False where a piece that was written before is not there any more. */
async function appendParts(redis: Redis, key: string, parts: readonly Uint8Array[]): Promise<boolean> {
  let written = 0
  for (const part of parts) {
    for (let at = 0; at < part.length; at += PIECE_BYTES) {
      const piece = view(part).subarray(at, at + PIECE_BYTES)
      written += piece.length
      if ((await redis.append(key, piece)) !== written) return false
      if (at === 0) await redis.pexpire(key, RESULT_KEPT_MS)
    }
  }
  await redis.pexpire(key, RESULT_KEPT_MS)
  return true
}

/** The result of a task, or undefined where there is none (any more). */
export async function loadResult(redis: Redis, scope: QueueScope, id: string): Promise<TaskResult | undefined> {
  const key = resultKey(scope, id)
  const first = await redis.getrangeBuffer(key, 0, PIECE_BYTES - 1)
  if (first.length === 0) return undefined
  if (first.length < PIECE_BYTES) return decodeResult(first, id)
  const length = await redis.strlen(key)
  if (length > MAX_RESULT_BYTES) throw new UnreadableResult(`${length} bytes are more than any result has`, 'too_large')
  const bytes = Buffer.allocUnsafeSlow(length)
  first.copy(bytes)
  for (let at = PIECE_BYTES; at < bytes.length; at += PIECE_BYTES) {
    const piece = await redis.getrangeBuffer(key, at, at + PIECE_BYTES - 1)
    // its time was over meanwhile
    if (piece.length !== Math.min(PIECE_BYTES, bytes.length - at)) return undefined
    piece.copy(bytes, at)
  }
  return decodeResult(bytes, id)
}

const view = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength)

/** How long ago results were stored, in ms, by the clock of the result backend; undefined where there is none. */
export async function resultAgesMs(redis: Redis, scope: QueueScope, ids: string[]): Promise<(number | undefined)[]> {
  // no pipeline: on a Cluster it would have to be one for each server
  const remainingMs = await Promise.all(ids.map((id) => redis.pttl(resultKey(scope, id))))
  return remainingMs.map((ms) => (ms < 0 ? undefined : RESULT_KEPT_MS - ms))
}

/** Length of the head (uint32, little endian), head as JSON, body as it is. With the id of its task it is read as that one's only. */
export const encodeResult = (result: TaskResult, id?: string): Buffer => Buffer.concat(encodedParts(result, id))

function encodedParts(result: TaskResult, id: string | undefined): Uint8Array[] {
  const { body, ...rest } = result.ok ? result : { ...result, body: undefined }
  const head = Buffer.from(JSON.stringify(id === undefined ? rest : { ...rest, id }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return body === undefined ? [length, head] : [length, head, body]
}

/** Inverse of {@link encodeResult}; the body is a view of the bytes given. Throws an UnreadableResult for anything else. */
export function decodeResult(bytes: Buffer, ofTask?: string): TaskResult {
  const bodyAt = bytes.length < 4 ? Infinity : 4 + bytes.readUInt32LE(0)
  if (bodyAt > bytes.length) throw new UnreadableResult(`${bytes.length} bytes are no result`)
  const { id, ...head } = parseHead(bytes.toString('utf8', 4, bodyAt))
  if (ofTask !== undefined && id !== ofTask)
    throw new UnreadableResult('it is the result of another task', 'other_task')
  if (!(head.ok === true ? isAnswer(head) : isFailure(head)))
    throw new UnreadableResult('its head is that of no result')
  return (head.ok ? { ...head, body: bytes.subarray(bodyAt) } : head) as TaskResult
}

type Head = Record<string, unknown>

function parseHead(text: string): Head {
  try {
    const head: unknown = JSON.parse(text)
    if (typeof head === 'object' && head !== null) return head as Head
  } catch {}
  throw new UnreadableResult('its head is no JSON')
}

const isText = (value: unknown) => typeof value === 'string'
/** Neither can end the head of an answer before its time. */
const isHeader = (value: unknown) => typeof value === 'string' && !/[\r\n\0]/.test(value)

const isAnswer = ({ status, contentType, headers, etag }: Head): boolean =>
  Number.isInteger(status) &&
  (status as number) >= 200 &&
  (status as number) <= 599 &&
  isHeader(contentType) &&
  isHeader(etag) &&
  typeof headers === 'object' &&
  headers !== null &&
  Object.entries(headers).flat().every(isHeader)

const isFailure = ({ ok, code, message }: Head): boolean => ok === false && isText(code) && isText(message)
