import { open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SiibraError } from '../../errors.ts'
import { abortError, throwIfAborted, tooLarge } from '../upstream-errors.ts'
import { resolveRange } from './byte-range.ts'
import type { Store } from './store.ts'

const MISSING = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'])

/** Files of a folder; keys are relative paths with `/`. Keys that lead out of the folder name nothing. */
export function createFolderStore(folder: string): Store {
  const pathOf = (key: string) => (isInside(key) ? join(folder, key) : undefined)

  async function read<T>(key: string, signal: AbortSignal | undefined, action: (path: string) => Promise<T>) {
    throwIfAborted(signal)
    const path = pathOf(key)
    if (path === undefined) return undefined
    try {
      return await action(path)
    } catch (thrown) {
      if (signal?.aborted) throw abortError(signal)
      const { code, message } = thrown as NodeJS.ErrnoException
      if (code !== undefined && MISSING.has(code)) return undefined
      if (thrown instanceof SiibraError) throw thrown
      throw new SiibraError(
        'UPSTREAM_UNAVAILABLE',
        `${path} cannot be read: ${message}`,
        { url: path },
        { cause: thrown },
      )
    }
  }

  return {
    get(key, { signal, maxBytes = Number.POSITIVE_INFINITY } = {}) {
      return read(key, signal, async (path) => {
        if (maxBytes < Number.POSITIVE_INFINITY) {
          const { size } = await stat(path)
          if (size > maxBytes) throw tooLarge(path, size, maxBytes)
        }
        const bytes = await readFile(path, { signal })
        return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      })
    },
    getRange(key, range, { signal } = {}) {
      return read(key, signal, async (path) => {
        const file = await open(path)
        try {
          const stats = await file.stat()
          if (!stats.isFile()) return undefined
          const { offset, length } = resolveRange(range, stats.size)
          const bytes = new Uint8Array(length)
          const { bytesRead } = await file.read(bytes, 0, length, offset)
          return bytes.subarray(0, bytesRead)
        } finally {
          await file.close()
        }
      })
    },
    stat(key, { signal } = {}) {
      return read(key, signal, async (path) => {
        const stats = await stat(path)
        return stats.isFile() ? { sizeBytes: stats.size } : undefined
      })
    },
  }
}

/** Whether a relative path stays inside its folder. */
export function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.includes('\0') && !path.split(/[/\\]/).includes('..')
}
