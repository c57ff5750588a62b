/** Files of finished tasks in the result backend, in pieces: for servers and workers that share no folder. */
import { open } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import { SiibraError } from '../../../siibra/index.ts'
import { LONG_TASK_KEPT_MS } from '../../../tasks/long-tasks.ts'
import { type QueueScope, scopeKey, taskKeyOf } from '../names.ts'
import { removeState } from './states.ts'

const PIECE_BYTES = 1024 * 1024

/** What all files together may take of the result backend, which is often the queue's own Redis. */
export interface FileBounds {
  maxBytes: number
  maxFiles: number
}

export const DEFAULT_FILE_BOUNDS: FileBounds = { maxBytes: 1024 * 1024 * 1024, maxFiles: 200 }

const headKey = (scope: QueueScope, id: string) => taskKeyOf(scope, id, 'file')
const pieceKey = (scope: QueueScope, id: string, piece: number) => taskKeyOf(scope, id, 'file', String(piece))
/** All files by the time at which they were stored (a sorted set), and their sizes (a hash). */
const timesKey = (scope: QueueScope) => scopeKey(scope, 'files')
const sizesKey = (scope: QueueScope) => scopeKey(scope, 'file-bytes')

/**
 * Copies a file piece by piece; one piece is in memory at a time. The oldest files make room for it before anything is
 * written. What was copied of one that fails is removed. Throws OVERLOADED for one that is larger than all may be together.
 */
export async function storeFile(
  redis: Redis,
  scope: QueueScope,
  id: string,
  path: string,
  bounds: FileBounds = DEFAULT_FILE_BOUNDS,
): Promise<void> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size > bounds.maxBytes) {
      const message = `The file has ${size} bytes, more than the ${bounds.maxBytes} that the result backend is given for files`
      throw new SiibraError('OVERLOADED', message)
    }
    await enter(redis, scope, id, size)
    await makeRoom(redis, scope, id, bounds)
    for (let piece = 0; piece * PIECE_BYTES < size; piece++) {
      const at = piece * PIECE_BYTES
      const bytes = Buffer.alloc(Math.min(PIECE_BYTES, size - at))
      await file.read(bytes, 0, bytes.length, at)
      await redis.set(pieceKey(scope, id, piece), bytes, 'PX', LONG_TASK_KEPT_MS)
    }
    await redis.set(headKey(scope, id), String(size), 'PX', LONG_TASK_KEPT_MS)
    // another worker may have needed the room meanwhile
    if ((await redis.zscore(timesKey(scope), id)) === null)
      throw new SiibraError('OVERLOADED', 'Other files took the room of this one in the result backend')
  } catch (thrown) {
    await removeFile(redis, scope, id, (await file.stat()).size).catch(() => undefined)
    throw thrown
  } finally {
    await file.close()
  }
}

async function enter(redis: Redis, scope: QueueScope, id: string, size: number): Promise<void> {
  await Promise.all([
    redis.zadd(timesKey(scope), Date.now(), id),
    redis.hset(sizesKey(scope), id, String(size)),
    redis.pexpire(timesKey(scope), LONG_TASK_KEPT_MS),
    redis.pexpire(sizesKey(scope), LONG_TASK_KEPT_MS),
  ])
}

/** Removes the oldest files, and what is known of their tasks, until all are within bounds; never `newest`. */
async function makeRoom(redis: Redis, scope: QueueScope, newest: string, bounds: FileBounds): Promise<void> {
  const [entries, sizes] = await Promise.all([
    redis.zrange(timesKey(scope), '0', '-1', 'WITHSCORES'),
    redis.hgetall(sizesKey(scope)),
  ])
  const files = Array.from({ length: entries.length / 2 }, (_, i) => {
    const id = entries[2 * i] ?? ''
    return { id, storedAtMs: Number(entries[2 * i + 1]), bytes: Number(sizes[id] ?? 0) }
  })
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  let count = files.length
  for (const file of files) {
    const isExpired = Date.now() - file.storedAtMs > LONG_TASK_KEPT_MS
    const isTooMuch = bytes > bounds.maxBytes || count > bounds.maxFiles
    if (file.id === newest || !(isExpired || isTooMuch)) continue
    bytes -= file.bytes
    count--
    await removeFile(redis, scope, file.id, file.bytes)
    // a task whose file is gone is made again when it is asked for
    await removeState(redis, scope, file.id)
  }
}

async function removeFile(redis: Redis, scope: QueueScope, id: string, bytes: number): Promise<void> {
  await redis.unlink(headKey(scope, id))
  for (let piece = 0; piece * PIECE_BYTES < bytes; piece++) await redis.unlink(pieceKey(scope, id, piece))
  await Promise.all([redis.zrem(timesKey(scope), id), redis.hdel(sizesKey(scope), id)])
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
