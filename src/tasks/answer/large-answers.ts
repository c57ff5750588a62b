/**
 * Answers that are made piece by piece: in memory while they are small, from then on in a file, so that a table of a million rows
 * needs no more of it than one piece. Whoever waits for such an answer sends its file.
 */
import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createSlices, SiibraError } from '../../siibra/index.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { etagOfHash } from './etag.ts'
import { ANSWER_FILE_PREFIX } from './file-names.ts'
import { makeRoom } from './folder-room.ts'

/** An answer that lies in the folder for files that outlive their task, or in the object storage. */
export interface AnswerFile {
  name: string
  bytes: number
}

/** What was made: in memory, or as a file. */
export interface CollectedAnswer {
  body: Uint8Array
  file?: AnswerFile
  etag: string
}

export interface CollectOptions {
  signal?: AbortSignal | undefined
  /** Where a large answer may go; without, it stays in memory. */
  folder?: string | undefined
  /** Most that an answer in memory may have. */
  maxBytes?: number
  /** Most that one in a file may have. */
  maxFileBytes?: number
  /** Most that all files in the folder may have. */
  maxFolderBytes?: number
  /** From here on it is a file, where there is a folder for it. */
  spillBytes?: number
}

/** A larger answer would not fit into the memory of servers, nor through a result backend. */
export const MAX_ANSWER_BYTES = 256 * 1024 ** 2
/** Of this size, ten answers at a time cost less memory than the thread that makes one. */
const SPILL_BYTES = 4 * 1024 ** 2
/** What is written at once. */
const WRITE_BYTES = 1024 ** 2

/** All chunks, with pauses between them: of a large table they take seconds. Throws INVALID_PARAMETER where they are too many. */
export async function collectAnswer(
  chunks: Iterable<Uint8Array>,
  {
    signal,
    folder,
    maxBytes = MAX_ANSWER_BYTES,
    maxFileBytes = DEFAULT_LIMITS.answerFileBytes,
    maxFolderBytes = DEFAULT_LIMITS.sharedBytes,
    spillBytes = SPILL_BYTES,
  }: CollectOptions = {},
): Promise<CollectedAnswer> {
  const slices = createSlices(signal)
  const hash = createHash('sha1')
  let parts: Uint8Array[] = []
  let [held, bytes] = [0, 0]
  let file: OpenFile | undefined
  const bound = folder === undefined ? maxBytes : maxFileBytes
  try {
    for (const chunk of chunks) {
      hash.update(chunk)
      parts.push(chunk)
      held += chunk.byteLength
      bytes += chunk.byteLength
      if (bytes > bound) throw tooLarge(bound)
      if (folder !== undefined && held > (file ? WRITE_BYTES : spillBytes)) {
        file ??= await openFile(folder, maxFolderBytes)
        await file.write(parts)
        ;[parts, held] = [[], 0]
      }
      const pause = slices.pause()
      if (pause) await pause
    }
    await file?.write(parts)
    await file?.close()
  } catch (thrown) {
    await file?.discard()
    throw thrown
  }
  const etag = etagOfHash(hash)
  if (file !== undefined) return { body: new Uint8Array(), file: { name: file.name, bytes }, etag }
  return { body: parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts), etag }
}

/** An answer that has more bytes than it may have in this form. */
export function tooLarge(maxBytes: number, more = ''): SiibraError {
  const message = `The table has more than ${maxBytes} bytes in this form: ask for less in one request, a summary of it (\`summary=region\`), or a smaller form (\`format=csv\`)${more}`
  return new SiibraError('INVALID_PARAMETER', message, { parameter: 'format' })
}

type OpenFile = Awaited<ReturnType<typeof openFile>>

async function openFile(folder: string, maxFolderBytes: number) {
  await makeRoom(folder, maxFolderBytes)
  const name = ANSWER_FILE_PREFIX + randomUUID()
  const path = join(folder, name)
  await mkdir(folder, { recursive: true }).catch(refuse)
  // readable by this user alone: it is made of what somebody sent
  const handle: FileHandle = await open(path, 'wx', 0o600).catch(refuse)
  return {
    name,
    async write(parts: readonly Uint8Array[]): Promise<void> {
      await handle.writeFile(Buffer.concat(parts)).catch(refuse)
    },
    close: () => handle.close(),
    async discard(): Promise<void> {
      await handle.close().catch(() => undefined)
      await rm(path, { force: true })
    },
  }
}

function refuse(cause: unknown): never {
  const message = 'There is no room for a large answer at the moment'
  throw new SiibraError('UNAVAILABLE', message, { retryAfterS: 30 }, { cause })
}
