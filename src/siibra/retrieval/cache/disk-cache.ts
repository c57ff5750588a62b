import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  read,
  readSync,
  renameSync,
  unlinkSync,
  utimesSync,
  write,
  writeSync,
} from 'node:fs'
import { readdir, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { resolveRange } from '../stores/byte-range.ts'
import type { ByteRange } from '../stores/store.ts'
import { tooLarge } from '../upstream-errors.ts'
import { ENTRY_HEADER_BYTES, type EntryHeader, encodeEntryHeader, parseEntryHeader } from './disk-cache-entry.ts'
import { entryPath, objectPath, partsFolder, provenKey, unprovenKey } from './entry-names.ts'
import { type Lease, takeLease } from './leases.ts'

export interface CachedBytes {
  bytes: Uint8Array
  storedAtMs: number
}

/**
 * Bytes on disk under string keys, shared by any number of processes and threads: entries appear by rename, so that a
 * reader sees a whole one or none, also when a writer is killed; what does not fit its checksum is dropped.
 * Nothing here fails a reader: a cache that cannot be read or written is an empty one, and `onProblem` hears of it.
 */
export interface DiskCache {
  /** Throws BAD_DATA only where the entry is larger than `maxBytes`. */
  read(key: string, maxBytes?: number): Promise<CachedBytes | undefined>
  /** A part of an entry. Its length is checked, its checksum is not (that would need the whole entry). */
  readRange(key: string, range: ByteRange): Promise<CachedBytes | undefined>
  write(key: string, bytes: Uint8Array): Promise<void>
  delete(key: string): Promise<void>
  /** The right to make what belongs under a key; `'held'` where another thread or process is about it. */
  lease(key: string): Lease | 'held'
  /** What lies under `unprovenKey(key)` lies under `key` from now on, for all processes. */
  prove(key: string): Promise<void>
  /**
   * What was given of this object could not be decoded: its parts go, and the object itself as it came last. One that
   * came earlier, and was decoded, stays where there is a later one, or `isProvenKept`.
   */
  drop(object: string, isProvenKept?: boolean): Promise<void>
  /** Deletes what was used longest ago until the bound holds, and remains of killed writers. */
  sweep(): Promise<void>
}

export interface DiskCacheOptions {
  folder: string
  /** Bound of all entries together. Each process that writes may exceed it by a sixteenth before it sweeps. */
  maxBytes: number
  onProblem?: (message: string) => void
}

/**
 * Files up to this size are read and written on the spot: a read costs 0.02 ms instead of 0.8 through the thread pool,
 * a write 0.4 instead of 1.9, and one answer may need hundreds of them.
 */
const SYNCHRONOUS_BYTES = 256 * 1024
const readAsync = promisify(read)
const writeAsync = promisify(write)
/** An entry counts as used when its modification time is set; that is done once a minute at most. */
const TOUCH_INTERVAL_MS = 60_000
/** A temporary file of this age belongs to no living writer. */
const ABANDONED_MS = 60 * 60_000
/** A sweep frees a little more than needed, so that the next write does not need another. */
const SWEEP_TARGET = 0.9

export function createDiskCache({ folder, maxBytes, onProblem = () => {} }: DiskCacheOptions): DiskCache {
  const temporary = join(folder, 'tmp')
  let writtenBytes = Number.POSITIVE_INFINITY
  let sweeping: Promise<void> | undefined

  const pathOf = (key: string) => entryPath(folder, key)

  async function withEntry<T>(
    key: string,
    action: (file: number, header: EntryHeader) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const path = pathOf(key)
    let file: number | undefined
    try {
      file = openSync(path, 'r')
      const { size, mtimeMs } = fstatSync(file)
      // an entry that was proven has the longer name that it had before
      const head = new Uint8Array(Math.min(size, ENTRY_HEADER_BYTES + Buffer.byteLength(unprovenKey(key))))
      readSync(file, head, 0, head.length, 0)
      const header = parseEntryHeader(head, size)
      const result = header && provenKey(header.key) === provenKey(key) ? await action(file, header) : undefined
      if (result === undefined) removeNow(path)
      else if (Date.now() - mtimeMs > TOUCH_INTERVAL_MS) utimesSync(path, new Date(), new Date())
      return result
    } catch (thrown) {
      const { code, message } = thrown as NodeJS.ErrnoException
      if (code === 'BAD_DATA') throw thrown
      if (code !== 'ENOENT') onProblem(`the cache entry ${path} cannot be read: ${message}`)
      return undefined
    } finally {
      if (file !== undefined) closeSync(file)
    }
  }

  function sweepWhenDue(bytes: number): void {
    writtenBytes += bytes
    if (writtenBytes < maxBytes / 16) return
    writtenBytes = 0
    void cache.sweep()
  }

  const cache: DiskCache = {
    read: (key, limit = Number.POSITIVE_INFINITY) =>
      withEntry(key, async (file, { payloadBytes, payloadOffset, payloadCrc32, storedAtMs }) => {
        if (payloadBytes > limit) throw tooLarge(key, payloadBytes, limit)
        const bytes = new Uint8Array(payloadBytes)
        await readFully(file, bytes, payloadOffset)
        return crc32(bytes) === payloadCrc32 ? { bytes, storedAtMs } : undefined
      }),

    readRange: (key, range) =>
      withEntry(key, async (file, { payloadBytes, payloadOffset, storedAtMs }) => {
        const { offset, length } = resolveRange(range, payloadBytes)
        const bytes = new Uint8Array(length)
        await readFully(file, bytes, payloadOffset + offset)
        return { bytes, storedAtMs }
      }),

    async write(key, bytes) {
      if (bytes.length > maxBytes / 2) return
      const path = pathOf(key)
      const temporaryPath = join(temporary, `${process.pid}-${randomBytes(8).toString('hex')}`)
      try {
        const file = withFolder(temporary, () => openSync(temporaryPath, 'wx', 0o600))
        try {
          await writeFully(file, encodeEntryHeader(key, bytes, Date.now()))
          await writeFully(file, bytes)
        } finally {
          closeSync(file)
        }
        withFolder(dirname(path), () => renameSync(temporaryPath, path))
        sweepWhenDue(bytes.length)
      } catch (thrown) {
        removeNow(temporaryPath)
        onProblem(`the cache in ${folder} cannot be written: ${(thrown as Error).message}`)
      }
    },

    lease: (key) => takeLease(pathOf(key)),

    async delete(key) {
      removeNow(pathOf(key))
    },

    async prove(key) {
      try {
        renameSync(pathOf(unprovenKey(key)), pathOf(key))
      } catch (thrown) {
        const { code, message } = thrown as NodeJS.ErrnoException
        if (code !== 'ENOENT') onProblem(`the cache in ${folder} cannot be written: ${message}`)
      }
    },

    async drop(object, isProvenKept = false) {
      const path = objectPath(folder, object)
      if (!removeNow(pathOf(unprovenKey(object))) && !isProvenKept) removeNow(path)
      await rm(partsFolder(path), { recursive: true }).catch(() => {})
    },

    sweep() {
      sweeping ??= sweepFolder(folder, temporary, maxBytes)
        .catch((thrown) => onProblem(`the cache in ${folder} cannot be swept: ${thrown.message}`))
        .finally(() => {
          sweeping = undefined
        })
      return sweeping
    },
  }
  return cache
}

async function readFully(file: number, bytes: Uint8Array, position: number): Promise<void> {
  let filled = 0
  while (filled < bytes.length) {
    const rest = bytes.length - filled
    const count = isSmall(bytes)
      ? readSync(file, bytes, filled, rest, position + filled)
      : (await readAsync(file, bytes, filled, rest, position + filled)).bytesRead
    if (count === 0) throw new Error(`the file ended after ${filled} of ${bytes.length} bytes`)
    filled += count
  }
}

async function writeFully(file: number, bytes: Uint8Array): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    written += isSmall(bytes) ? writeSync(file, bytes, written) : (await writeAsync(file, bytes, written)).bytesWritten
  }
}

function isSmall(bytes: Uint8Array): boolean {
  return bytes.length <= SYNCHRONOUS_BYTES
}

/** Runs `action`, which needs that folder; makes the folder where that fails. */
function withFolder<T>(folder: string, action: () => T): T {
  try {
    return action()
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return action()
  }
}

/** Deletes a file if it can be, and says whether; another process may have been quicker. */
function removeNow(path: string): boolean {
  try {
    unlinkSync(path)
    return true
  } catch {
    // It is gone, or the cache cannot be written, which the next write tells.
    return false
  }
}

async function sweepFolder(folder: string, temporary: string, maxBytes: number): Promise<void> {
  const abandonedBefore = Date.now() - ABANDONED_MS
  for (const file of await listFiles(temporary)) if (file.usedAtMs < abandonedBefore) await remove(file.path)
  const groups = (await readdir(folder).catch(() => [])).filter((name) => /^[0-9a-f]{2}$/.test(name))
  const entries = (await Promise.all(groups.map((group) => listFiles(join(folder, group))))).flat()
  let totalBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0)
  if (totalBytes <= maxBytes) return
  entries.sort((a, b) => a.usedAtMs - b.usedAtMs)
  for (const entry of entries) {
    if (totalBytes <= maxBytes * SWEEP_TARGET) return
    await remove(entry.path)
    totalBytes -= entry.sizeBytes
  }
}

/** The files of a folder and of those below it. */
async function listFiles(folder: string): Promise<{ path: string; sizeBytes: number; usedAtMs: number }[]> {
  const files = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const stats = await stat(path).catch(() => undefined)
    if (stats) files.push({ path, sizeBytes: stats.size, usedAtMs: stats.mtimeMs })
  }
  return files
}

function remove(path: string): Promise<void> {
  return unlink(path).catch(ignoreMissing)
}

function ignoreMissing(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== 'ENOENT') throw thrown
}
