/** A store that keeps what is read through it as a mirror: `<host>/<path>` below a folder. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cutRange, SiibraError, type Store, toMirrorPath } from '../siibra/index.ts'

export interface RecorderOptions {
  folder: string
  /** Larger files are left out, and told. */
  maxFileBytes: number
  /** Nothing is written; files are asked for their size alone. */
  isDryRun: boolean
  onFile?: (file: RecordedFile) => void
}

export interface RecordedFile {
  url: string
  /** Below the folder of the mirror. */
  path: string
  bytes: number
  /** It lay there before. */
  wasThere: boolean
}

export interface Recorder {
  around(store: Store): Store
  files: Map<string, RecordedFile>
  /** Address -> why it could not be had. */
  missing: Map<string, string>
  /** Takes a file that was made here. */
  keep(path: string, bytes: Uint8Array): Promise<void>
}

export function createRecorder({ folder, maxFileBytes, isDryRun, onFile = () => {} }: RecorderOptions): Recorder {
  const files = new Map<string, RecordedFile>()
  const missing = new Map<string, string>()

  const note = (url: string, path: string, bytes: number, wasThere: boolean) => {
    if (files.has(path)) return
    const file = { url, path, bytes, wasThere }
    files.set(path, file)
    onFile(file)
  }

  async function keep(path: string, bytes: Uint8Array): Promise<void> {
    const place = join(folder, path)
    await mkdir(dirname(place), { recursive: true })
    const part = `${place}.${randomBytes(4).toString('hex')}.part`
    try {
      await writeFile(part, bytes)
      await rename(part, place)
    } catch (thrown) {
      await rm(part, { force: true })
      throw thrown
    }
  }

  const around = (store: Store): Store => {
    async function get(url: string, options: Parameters<Store['get']>[1]): Promise<Uint8Array | undefined> {
      const path = toMirrorPath(url)
      const known = await readFile(join(folder, path)).catch(() => undefined)
      if (known) {
        note(url, path, known.byteLength, true)
        return known
      }
      try {
        const bytes = await store.get(url, { ...options, maxBytes: maxFileBytes })
        if (bytes === undefined) {
          missing.set(url, 'it is not there')
          return undefined
        }
        if (!isDryRun) await keep(path, bytes)
        note(url, path, bytes.byteLength, false)
        return bytes
      } catch (thrown) {
        missing.set(url, (thrown as Error).message)
        throw thrown
      }
    }
    return {
      get,
      async getRange(url, range, options) {
        const whole = await get(url, options)
        return whole && cutRange(whole, range)
      },
      async stat(url, options) {
        const path = toMirrorPath(url)
        const own = await stat(join(folder, path)).catch(() => undefined)
        if (own?.isFile()) {
          note(url, path, own.size, true)
          return { sizeBytes: own.size }
        }
        const found = await store.stat?.(url, options)
        if (found && found.sizeBytes > maxFileBytes) {
          missing.set(url, `its ${found.sizeBytes} bytes are more than --max-size`)
          throw new SiibraError('BAD_DATA', `${url} is too large`)
        }
        if (found && isDryRun) note(url, path, found.sizeBytes, false)
        return found
      },
    }
  }
  return { around, files, missing, keep }
}
