/** Brings an answer that is a file to where its server can send it from. */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectStorage } from '../downloads/object-storage.ts'
import { sharesFolder } from '../downloads/shared-folder.ts'
import { toPlainError } from '../siibra/index.ts'
import { MAX_ANSWER_BYTES, tooLarge } from '../tasks/answer/large-answers.ts'
import type { TaskResult } from '../tasks/task.ts'

export interface AnswerDelivery {
  /** Where tasks of this worker leave their files. */
  folder: string
  /** Name of a file of the server in its own folder. */
  folderMarker: string | undefined
  storage?: ObjectStorage | undefined
}

/**
 * The object storage where there is one; nothing to do where server and worker share a folder; else the result takes its bytes with it,
 * up to what a result backend can hold. Never rejects.
 */
export async function deliverAnswer(result: TaskResult, delivery: AnswerDelivery): Promise<TaskResult> {
  if (!result.ok || result.file === undefined) return result
  const { folder, folderMarker, storage } = delivery
  const { file, ...rest } = result
  const path = join(folder, file.name)
  try {
    if (storage) await storage.put(file.name, path)
    else if (folderMarker !== undefined && (await sharesFolder(folder, folderMarker))) return result
    else if (file.bytes > MAX_ANSWER_BYTES) throw tooLarge(MAX_ANSWER_BYTES, WITHOUT_FOLDER)
    else return await withBytes(rest, path)
    await rm(path, { force: true })
    return result
  } catch (thrown) {
    await rm(path).catch(() => undefined)
    return { ok: false, ...toPlainError(thrown) }
  }
}

const WITHOUT_FOLDER =
  '; more needs a folder that the service shares with its workers (SIIBRA_API_SHARED_DIR) or an object storage (SIIBRA_API_S3_URL)'

async function withBytes(result: TaskResult & { ok: true }, path: string): Promise<TaskResult> {
  const body = await readFile(path)
  await rm(path, { force: true })
  return { ...result, body }
}

/** Removes the file of an answer that nobody waits for any more. Never rejects. */
export async function discardAnswer(result: TaskResult, folder: string): Promise<void> {
  if (result.ok && result.file) await rm(join(folder, result.file.name)).catch(() => undefined)
}
