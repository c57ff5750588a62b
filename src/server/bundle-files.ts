/** Files of finished downloads in the shared folder. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'

/** The bytes of a bundle, wherever they lie; of a part of it, from `start` to `end`, both included. */
export interface BundleSource {
  bytes: number
  read(start: number, end: number): Readable | Uint8Array | Promise<Readable | Uint8Array>
}

/** What a file has to be. */
export interface Expected {
  bytes: number
  /** Of all of it, hexadecimal. */
  sha256: string | undefined
}

/** A bundle of this size is read at once: a stream of it costs five times the work of the event loop. */
const MAX_READ_AT_ONCE_BYTES = 1024 * 1024

/**
 * A file of the folder; undefined where it is not there, or not what was written: its size is compared, and of what is read at once
 * anyway its checksum (some 2 ms for a MiB, which is too much for large ones).
 */
export async function openBundleFile(path: string, { bytes, sha256 }: Expected): Promise<BundleSource | undefined> {
  const size = (await stat(path).catch(() => undefined))?.size
  if (size !== bytes) return undefined
  if (bytes > MAX_READ_AT_ONCE_BYTES) return { bytes, read: (start, end) => createReadStream(path, { start, end }) }
  const content = await readWhole(path, bytes).catch(() => undefined)
  if (content === undefined) return undefined
  if (sha256 !== undefined && createHash('sha256').update(content).digest('hex') !== sha256) return undefined
  return { bytes, read: (start, end) => content.subarray(start, end + 1) }
}

/** Bytes of a file, in memory that V8 does not count (dispatch/thread-loop.ts says why); undefined where it has become shorter. */
async function readWhole(path: string, size: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(new SharedArrayBuffer(size))
  const file = await open(path)
  try {
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, size - at, at)
      if (bytesRead === 0) return undefined
      at += bytesRead
    }
  } finally {
    await file.close()
  }
  return bytes
}

/** A bundle of role all is removed this long after it was sent: time for others who asked for the same. */
const REMOVED_AFTER_MS = 60_000
const REMOVED_TOGETHER_MS = 10_000

/** Removes files some time after they were sent: in one go, as a timer each would be thousands. */
export function createRemover(): (path: string) => void {
  let sent: string[] = []
  const removeAll = (paths: string[]) => {
    for (const path of paths) void rm(path, { force: true })
  }
  return (path) => {
    if (sent.length === 0)
      setTimeout(() => {
        const paths = sent
        sent = []
        setTimeout(removeAll, REMOVED_AFTER_MS, paths).unref()
      }, REMOVED_TOGETHER_MS).unref()
    sent.push(path)
  }
}
