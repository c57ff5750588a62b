/** Files of finished tasks in the result backend, in pieces: for servers and workers that share no folder. */
import { randomUUID } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import { SiibraError } from '../../../siibra/index.ts'
import { LONG_TASK_KEPT_MS, type StoredFile } from '../../../tasks/long-tasks.ts'
import { type QueueScope, scopeKey, taskKeyOf } from '../names.ts'
import { removeState } from './states.ts'

const PIECE_BYTES = 1024 * 1024
/** Who downloads a file while its task stores another one has this long for the rest of it. */
const REPLACED_KEPT_MS = 10 * 60 * 1000

/** What all files together may take of the result backend, which is often the queue's own Redis. */
export interface FileBounds {
  maxBytes: number
  maxFiles: number
}

export const DEFAULT_FILE_BOUNDS: FileBounds = { maxBytes: 1024 * 1024 * 1024, maxFiles: 200 }

/** A file of a task, which stores another one when it is run again. */
interface Head {
  bytes: number
  number: string
}

/** Tells which file is the one to read. */
const headKey = (scope: QueueScope, id: string) => taskKeyOf(scope, id, 'file')
const pieceKey = (scope: QueueScope, id: string, { number }: Head, piece: number) =>
  taskKeyOf(scope, id, 'file', number, String(piece))
const pieceKeys = (scope: QueueScope, id: string, head: Head) =>
  Array.from({ length: Math.ceil(head.bytes / PIECE_BYTES) }, (_, piece) => pieceKey(scope, id, head, piece))

async function loadHead(redis: Redis, scope: QueueScope, id: string): Promise<Head | undefined> {
  const found = /^(\d+) ([\w-]+)$/.exec((await redis.get(headKey(scope, id))) ?? '')
  return found ? { bytes: Number(found[1]), number: String(found[2]) } : undefined
}

/** All files by the time at which they were stored (a sorted set), and their sizes (a hash). */
const timesKey = (scope: QueueScope) => scopeKey(scope, 'files')
const sizesKey = (scope: QueueScope) => scopeKey(scope, 'file-bytes')

/**
 * Copies a file piece by piece; one piece is in memory at a time. The oldest files make room for it before anything is
 * written. What was copied of one that fails is removed. An earlier file of the same task is read until all of the new one is there,
 * and by who reads it then for some minutes more. Throws OVERLOADED for one that is larger than all may be together.
 */
export async function storeFile(
  redis: Redis,
  scope: QueueScope,
  id: string,
  path: string,
  bounds: FileBounds = DEFAULT_FILE_BOUNDS,
): Promise<void> {
  const head: Head = { bytes: (await stat(path)).size, number: randomUUID() }
  const file = await open(path)
  try {
    if (head.bytes > bounds.maxBytes) {
      const message = `The file has ${head.bytes} bytes, more than the ${bounds.maxBytes} that the result backend is given for files`
      throw new SiibraError('OVERLOADED', message)
    }
    await enter(redis, scope, id, head.bytes)
    await makeRoom(redis, scope, id, bounds)
    for (const [piece, key] of pieceKeys(scope, id, head).entries()) {
      const at = piece * PIECE_BYTES
      const bytes = Buffer.alloc(Math.min(PIECE_BYTES, head.bytes - at))
      await file.read(bytes, 0, bytes.length, at)
      await redis.set(key, bytes, 'PX', LONG_TASK_KEPT_MS)
    }
    const before = await loadHead(redis, scope, id)
    await redis.set(headKey(scope, id), `${head.bytes} ${head.number}`, 'PX', LONG_TASK_KEPT_MS)
    if (before) for (const key of pieceKeys(scope, id, before)) await redis.pexpire(key, REPLACED_KEPT_MS)
    // another worker may have needed the room meanwhile
    if ((await redis.zscore(timesKey(scope), id)) === null)
      throw new SiibraError('OVERLOADED', 'Other files took the room of this one in the result backend')
  } catch (thrown) {
    await removePieces(redis, scope, id, head).catch(() => undefined)
    await removeFile(redis, scope, id).catch(() => undefined)
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
    await removeFile(redis, scope, file.id)
    // a task whose file is gone is made again when it is asked for
    await removeState(redis, scope, file.id)
  }
}

async function removeFile(redis: Redis, scope: QueueScope, id: string): Promise<void> {
  const head = await loadHead(redis, scope, id)
  await redis.unlink(headKey(scope, id))
  if (head) await removePieces(redis, scope, id, head)
  await Promise.all([redis.zrem(timesKey(scope), id), redis.hdel(sizesKey(scope), id)])
}

async function removePieces(redis: Redis, scope: QueueScope, id: string, head: Head): Promise<void> {
  for (const key of pieceKeys(scope, id, head)) await redis.unlink(key)
}

/** The file of a task as it is stored now; undefined where there is none (any more). */
export async function openStoredFile(redis: Redis, scope: QueueScope, id: string): Promise<StoredFile | undefined> {
  const head = await loadHead(redis, scope, id)
  return head && { bytes: head.bytes, read: (start, end) => readPieces(redis, scope, id, head, start, end) }
}

async function* readPieces(
  redis: Redis,
  scope: QueueScope,
  id: string,
  head: Head,
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  for (let at = start; at <= end; ) {
    const piece = Math.floor(at / PIECE_BYTES)
    const bytes = await redis.getBuffer(pieceKey(scope, id, head, piece))
    if (bytes === null) throw new Error(`piece ${piece} of the file ${id} is gone`)
    const from = at - piece * PIECE_BYTES
    const part = bytes.subarray(from, from + end - at + 1)
    if (part.length === 0) throw new Error(`piece ${piece} of the file ${id} is too short`)
    yield part
    at += part.length
  }
}
