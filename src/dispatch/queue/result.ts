import type { Redis } from 'ioredis'
import type { TaskResult } from '../../tasks/task.ts'
import { type QueueScope, scopeKey } from './names.ts'

/** How long a result is kept for those who wait for it. */
export const RESULT_KEPT_MS = 60_000

const resultKey = (scope: QueueScope, id: string) => scopeKey(scope, 'result', id)

/** Keeps a result, as bytes, in the result backend. */
export async function storeResult(redis: Redis, scope: QueueScope, id: string, result: TaskResult): Promise<void> {
  await redis.set(resultKey(scope, id), encodeResult(result), 'PX', RESULT_KEPT_MS)
}

/** The result of a task, or undefined where there is none (any more). */
export async function loadResult(redis: Redis, scope: QueueScope, id: string): Promise<TaskResult | undefined> {
  const bytes = await redis.getBuffer(resultKey(scope, id))
  return bytes === null ? undefined : decodeResult(bytes)
}

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
export function encodeResult(result: TaskResult): Buffer {
  const { body, ...rest } = result.ok ? result : { ...result, body: undefined }
  const head = Buffer.from(JSON.stringify(rest))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return Buffer.concat(body === undefined ? [length, head] : [length, head, body])
}

/** Inverse of {@link encodeResult}; the body is a view of the bytes given. */
export function decodeResult(bytes: Buffer): TaskResult {
  const bodyAt = 4 + bytes.readUInt32LE(0)
  const head = JSON.parse(bytes.toString('utf8', 4, bodyAt))
  return head.ok ? { ...head, body: bytes.subarray(bodyAt) } : head
}
