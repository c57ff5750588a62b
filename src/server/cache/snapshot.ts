/**
 * Answers kept over a restart: the memory cache as one file on disk, written when the service stops and now and then, read when
 * it starts. A file that is cut off or damaged gives what is right in it.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { CacheEntry, ResponseCache } from './cache.ts'
import { decodeEntry, encodeEntry } from './encode-entry.ts'

/** Begins every file; another number is another format. */
const MAGIC = Buffer.from('siibra-answers-1')
/** Before each record: its length, the length of its key, its checksum. */
const HEAD_BYTES = 12
/** Files of other versions that are kept beside: of a rollback, of a second service. */
const MAX_FILES = 4
/** Nobody writes for so long. */
const LEFT_AFTER_MS = 3600_000

export interface SnapshotSource extends ResponseCache {
  /** All entries, the one that was used longest ago first. */
  entries(): Iterable<[key: string, entry: CacheEntry]>
}

/** Writes all entries; the file appears when it is whole. Gives their number. */
export async function saveSnapshot(
  cache: Pick<SnapshotSource, 'entries'>,
  path: string,
  pause: () => Promise<unknown> = async () => {},
): Promise<number> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomUUID()}.tmp`
  let count = 0
  try {
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.write(MAGIC)
      for (const [key, entry] of [...cache.entries()]) {
        for (const part of encodeRecord(key, entry)) await file.write(part)
        count++
        await pause()
      }
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
  return count
}

function encodeRecord(key: string, entry: CacheEntry): Buffer[] {
  const keyBytes = Buffer.from(key)
  const entryBytes = encodeEntry(entry)
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt32LE(keyBytes.length + entryBytes.length, 0)
  head.writeUInt32LE(keyBytes.length, 4)
  head.writeUInt32LE(crc32(entryBytes, crc32(keyBytes)), 8)
  return [head, keyBytes, entryBytes]
}

/** Reads entries that have not expired into a cache, leaving those that are there already. Gives their number. */
export async function loadSnapshot(
  path: string,
  cache: Pick<ResponseCache, 'peek' | 'set'>,
  pause: () => Promise<unknown> = async () => {},
): Promise<number> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0))
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return 0
  let count = 0
  for (let at = MAGIC.length; at + HEAD_BYTES <= bytes.length; ) {
    const length = bytes.readUInt32LE(at)
    const keyLength = bytes.readUInt32LE(at + 4)
    const checksum = bytes.readUInt32LE(at + 8)
    const record = bytes.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length)
    if (record.length !== length || crc32(record) !== checksum) break
    at += HEAD_BYTES + record.length
    const key = record.toString('utf8', 0, keyLength)
    // a copy: one answer must not keep the whole file in memory
    const entry = decodeEntry(Buffer.from(record.subarray(keyLength)))
    if (entry === undefined || entry.expiresAtMs <= Date.now() || cache.peek?.(key) !== undefined) continue
    await cache.set(key, entry)
    count++
    await pause()
  }
  return count
}

/** Removes files of versions that were not written for longest, and what a process left that was killed while it wrote. */
export async function sweepSnapshots(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      return { path, writtenMs: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 }
    }),
  )
  files.sort((a, b) => b.writtenMs - a.writtenMs)
  const surplus = files.filter(({ path }) => path.endsWith('.answers')).slice(MAX_FILES)
  const isLeft = ({ path, writtenMs }: { path: string; writtenMs: number }) =>
    path.endsWith('.tmp') && writtenMs < Date.now() - LEFT_AFTER_MS
  for (const { path } of [...surplus, ...files.filter(isLeft)]) await rm(path, { force: true })
}
