import { setImmediate as nextRound } from 'node:timers/promises'
import type { CachedBytes, DiskCache } from '../cache/disk-cache.ts'
import { belongsTo, unprovenKey } from '../cache/entry-names.ts'
import { resolveRange } from '../stores/byte-range.ts'
import { tooLarge } from '../upstream-errors.ts'

export interface WriteBehindOptions {
  /** Entries are written when none has come for this time. Default 100 ms. */
  quietMs?: number
  /** No entry waits for longer. Default 1,000 ms. */
  maxWaitMs?: number
  /** With more than this waiting, whoever writes waits, too. Default 32 MiB. */
  maxWaitingBytes?: number
}

export interface WriteBehindCache extends DiskCache {
  /** Writes all that waits. */
  settle(): Promise<void>
}

/**
 * Lets whoever writes go on at once. A new file costs 0.3 ms, and one answer may need a thousand of them: those are
 * written when the thread has done what it was asked for, one a round of its event loop. Readers see them meanwhile; a process
 * that is killed loses them, which costs time only.
 */
export function withWriteBehind(cache: DiskCache, options: WriteBehindOptions = {}): WriteBehindCache {
  const { quietMs = 100, maxWaitMs = 1000, maxWaitingBytes = 32 * 1024 ** 2 } = options
  const waiting = new Map<string, CachedBytes>()
  let waitingBytes = 0
  let firstMs = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  /** What is on its way to the disk. */
  let current: { key: string; written: Promise<void> } | undefined

  const take = (key: string) => {
    const entry = waiting.get(key)
    waiting.delete(key)
    waitingBytes -= entry?.bytes.byteLength ?? 0
    return entry
  }

  /** An entry can be read until it is on disk. */
  const writeAll = async () => {
    for (const [key, entry] of waiting) {
      current = { key, written: cache.write(key, entry.bytes) }
      await current.written
      current = undefined
      if (waiting.get(key) === entry) take(key)
      await nextRound()
    }
  }

  const start = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    writing ??= writeAll().finally(() => {
      writing = undefined
      if (waiting.size > 0) schedule()
    })
    return writing
  }

  const schedule = () => {
    clearTimeout(timer)
    const dueMs = Math.max(0, Math.min(quietMs, firstMs + maxWaitMs - performance.now()))
    timer = setTimeout(start, dueMs)
    timer.unref()
  }

  const keepWaiting = (key: string, entry: CachedBytes) => {
    take(key)
    if (waiting.size === 0) firstMs = performance.now()
    waiting.set(key, entry)
    waitingBytes += entry.bytes.byteLength
  }

  return {
    ...cache,
    async read(key, limit = Number.POSITIVE_INFINITY) {
      const entry = waiting.get(key)
      if (entry === undefined) return cache.read(key, limit)
      if (entry.bytes.byteLength > limit) throw tooLarge(key, entry.bytes.byteLength, limit)
      return entry
    },
    async readRange(key, range) {
      const entry = waiting.get(key)
      if (entry === undefined) return cache.readRange(key, range)
      const { offset, length } = resolveRange(range, entry.bytes.byteLength)
      return { ...entry, bytes: entry.bytes.subarray(offset, offset + length) }
    },
    async write(key, bytes) {
      keepWaiting(key, { bytes, storedAtMs: Date.now() })
      if (waitingBytes > maxWaitingBytes) await start()
      else if (writing === undefined) schedule()
    },
    async delete(key) {
      take(key)
      await cache.delete(key)
    },
    async prove(key) {
      const unproven = unprovenKey(key)
      if (current?.key === unproven) await current.written
      const entry = take(unproven)
      if (entry === undefined) return cache.prove(key)
      keepWaiting(key, entry)
      if (writing === undefined) schedule()
    },
    async drop(object, isProvenKept = false) {
      if (current && belongsTo(current.key, object)) await current.written
      const unproven = unprovenKey(object)
      const isKept = isProvenKept || waiting.has(unproven)
      for (const key of [...waiting.keys()]) {
        if (belongsTo(key, object) && !(isKept && key === object)) take(key)
      }
      await cache.drop(object, isKept)
    },
    async settle() {
      while (waiting.size > 0) await start()
    },
  }
}
