/** Answers that lie in a file: sent from there, and removed. */
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ObjectStorage } from '../../downloads/object-storage.ts'
import { isAnswerFileName } from '../../tasks/answer/file-names.ts'
import type { TaskResult } from '../../tasks/task.ts'
import { failureAnswer } from './answer.ts'
import type { Answer } from './exchange.ts'
import { VARY } from './kept/kept-rules.ts'

/** Others who asked for the same open the file within milliseconds; who has it open reads it to its end. */
const REMOVED_AFTER_MS = 10_000
/** What is read ahead for each client. */
const READ_BYTES = 256 * 1024

export interface FileAnswers {
  /** The answer to a request whose result is a file. */
  send(result: TaskResult & { ok: true }): Promise<Answer>
}

/** Sends files of a folder, or of the object storage where workers bring them. */
export function createFileAnswers(
  folder: string,
  storage?: ObjectStorage,
  removedAfterMs = REMOVED_AFTER_MS,
): FileAnswers {
  const openLocal = async (name: string): Promise<Readable | undefined> => {
    const path = join(folder, name)
    const handle: FileHandle | undefined = await open(path).catch(() => undefined)
    if (handle === undefined) return undefined
    setTimeout(() => void rm(path).catch(() => undefined), removedAfterMs).unref()
    return handle.createReadStream({ highWaterMark: READ_BYTES })
  }
  const openStored = async (name: string): Promise<Readable | undefined> => {
    const bytes = await storage?.bytesOf(name).catch(() => undefined)
    if (storage === undefined || bytes === undefined) return undefined
    setTimeout(() => void storage.remove(name).catch(() => undefined), STORED_FOR_MS).unref()
    return storage.read(name, 0, bytes - 1).catch(() => undefined)
  }
  const openFile = async (name: string) => (await openLocal(name)) ?? openStored(name)
  return {
    async send({ status, contentType, headers, etag, file }) {
      const body = file && isAnswerFileName(file.name) ? await openFile(file.name) : undefined
      if (!file || !body) return failureAnswer(GONE)
      const list = ['etag', etag, 'vary', VARY, 'content-type', contentType, 'cache-control', 'no-store']
      for (const name in headers) if (name !== 'cache-control') list.push(name, headers[name] as string)
      return { status, headers: [...list, 'content-length', String(file.bytes)], body }
    },
  }
}

/** An object that is being read must not go meanwhile, as storages differ in what they do then. */
const STORED_FOR_MS = 600_000

const GONE = {
  ok: false,
  code: 'UNAVAILABLE',
  message: 'The answer is gone; send the request again',
  details: { retryAfterS: 1 },
} as const
