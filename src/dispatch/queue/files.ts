import { open } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import { LONG_TASK_KEPT_MS } from '../../tasks/long-tasks.ts'
import { type QueueScope, scopeKey } from './names.ts'

/** Files of finished tasks in the result backend, in pieces: for servers and workers that share no folder. */
const PIECE_BYTES = 1024 * 1024

const headKey = (scope: QueueScope, id: string) => scopeKey(scope, 'file', id)
const pieceKey = (scope: QueueScope, id: string, piece: number) => scopeKey(scope, 'file', id, String(piece))

/** Copies a file piece by piece; one piece is in memory at a time. What was copied of one that fails is removed. */
export async function storeFile(redis: Redis, scope: QueueScope, id: string, path: string): Promise<void> {
  const file = await open(path)
  let piece = 0
  try {
    const { size } = await file.stat()
    for (let at = 0; at < size; at += PIECE_BYTES, piece++) {
      const bytes = Buffer.alloc(Math.min(PIECE_BYTES, size - at))
      await file.read(bytes, 0, bytes.length, at)
      await redis.set(pieceKey(scope, id, piece), bytes, 'PX', LONG_TASK_KEPT_MS)
    }
    await redis.set(headKey(scope, id), String(size), 'PX', LONG_TASK_KEPT_MS)
  } catch (thrown) {
    for (let i = 0; i <= piece; i++) await redis.unlink(pieceKey(scope, id, i)).catch(() => undefined)
    throw thrown
  } finally {
    await file.close()
  }
}

/** Size of a stored file; undefined where there is none (any more). */
export async function storedFileBytes(redis: Redis, scope: QueueScope, id: string): Promise<number | undefined> {
  const size = await redis.get(headKey(scope, id))
  return size === null ? undefined : Number(size)
}

/** The bytes of a stored file from `start` to `end` (both included), a piece at a time. */
export async function* readStoredFile(
  redis: Redis,
  scope: QueueScope,
  id: string,
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  for (let at = start; at <= end; ) {
    const piece = Math.floor(at / PIECE_BYTES)
    const bytes = await redis.getBuffer(pieceKey(scope, id, piece))
    if (bytes === null) throw new Error(`piece ${piece} of the file ${id} is gone`)
    const from = at - piece * PIECE_BYTES
    const part = bytes.subarray(from, from + end - at + 1)
    if (part.length === 0) throw new Error(`piece ${piece} of the file ${id} is too short`)
    yield part
    at += part.length
  }
}
