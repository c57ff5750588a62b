import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { TaskResult } from '../../tasks/task.ts'
import { type QueueScope, scopeKey } from './names.ts'

/** How long a result is kept for those who wait for it. */
export const RESULT_KEPT_MS = 60_000

const resultKey = (scope: QueueScope, id: string) => scopeKey(scope, 'result', id)

/**
 * Larger results go piece by piece: as one command, a resampled template (31 MB) kept Redis and both ends for so long that
 * clicks waited for 140 to 310 ms (p99).
 */
const PIECE_BYTES = 512 * 1024

/** Keeps a result, as bytes, in the result backend. It is there as a whole, or not at all. */
export async function storeResult(redis: Redis, scope: QueueScope, id: string, result: TaskResult): Promise<void> {
  const key = resultKey(scope, id)
  const parts = encodedParts(result)
  if (parts.reduce((sum, { length }) => sum + length, 0) <= PIECE_BYTES) {
    await redis.set(key, Buffer.concat(parts), 'PX', RESULT_KEPT_MS)
    return
  }
  const unfinished = scopeKey(scope, 'result-part', randomUUID())
  for (const part of parts) {
    for (let at = 0; at < part.length; at += PIECE_BYTES) {
      await redis.append(unfinished, view(part).subarray(at, at + PIECE_BYTES))
      if (at === 0) await redis.pexpire(unfinished, RESULT_KEPT_MS)
    }
  }
  await redis.pexpire(unfinished, RESULT_KEPT_MS)
  await redis.rename(unfinished, key)
}

/** The result of a task, or undefined where there is none (any more). */
export async function loadResult(redis: Redis, scope: QueueScope, id: string): Promise<TaskResult | undefined> {
  const key = resultKey(scope, id)
  const first = await redis.getrangeBuffer(key, 0, PIECE_BYTES - 1)
  if (first.length === 0) return undefined
  if (first.length < PIECE_BYTES) return decodeResult(first)
  const bytes = Buffer.allocUnsafeSlow(await redis.strlen(key))
  first.copy(bytes)
  for (let at = PIECE_BYTES; at < bytes.length; at += PIECE_BYTES) {
    const piece = await redis.getrangeBuffer(key, at, at + PIECE_BYTES - 1)
    // its time was over meanwhile
    if (piece.length !== Math.min(PIECE_BYTES, bytes.length - at)) return undefined
    piece.copy(bytes, at)
  }
  return decodeResult(bytes)
}

const view = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength)

/** How long ago results were stored, in ms, by the clock of the result backend; undefined where there is none. */
export async function resultAgesMs(redis: Redis, scope: QueueScope, ids: string[]): Promise<(number | undefined)[]> {
  const pipeline = redis.pipeline()
  for (const id of ids) pipeline.pttl(resultKey(scope, id))
  const replies = (await pipeline.exec()) ?? []
  return replies.map(([error, remainingMs]) => {
    if (error) throw error
    return (remainingMs as number) < 0 ? undefined : RESULT_KEPT_MS - (remainingMs as number)
  })
}

/** Length of the head (uint32, little endian), head as JSON, body as it is. */
export const encodeResult = (result: TaskResult): Buffer => Buffer.concat(encodedParts(result))

function encodedParts(result: TaskResult): Uint8Array[] {
  const { body, ...rest } = result.ok ? result : { ...result, body: undefined }
  const head = Buffer.from(JSON.stringify(rest))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return body === undefined ? [length, head] : [length, head, body]
}

/** Inverse of {@link encodeResult}; the body is a view of the bytes given. */
export function decodeResult(bytes: Buffer): TaskResult {
  const bodyAt = 4 + bytes.readUInt32LE(0)
  const head = JSON.parse(bytes.toString('utf8', 4, bodyAt))
  return head.ok ? { ...head, body: bytes.subarray(bodyAt) } : head
}
