import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { type FileBounds, storeFile } from '../dispatch/queue/long-tasks/files.ts'
import type { QueueScope } from '../dispatch/queue/names.ts'
import type { ObjectStorage } from '../downloads/object-storage.ts'
import { sharesFolder } from '../downloads/shared-folder.ts'
import { isBundleName } from '../tasks/answer/file-names.ts'
import type { TaskResult } from '../tasks/task.ts'

/**
 * Brings the file that a task made to where its server can get it: the object storage where there is one; nothing to do
 * where they share a folder; else the result backend.
 */
export async function deliverFile(
  results: Redis,
  scope: QueueScope,
  file: { id: string; folderMarker: string | undefined; folder: string; result: TaskResult },
  { storage, bounds }: { storage?: ObjectStorage | undefined; bounds?: FileBounds | undefined } = {},
): Promise<void> {
  const { id, folderMarker, folder, result } = file
  const name = bundleNameOf(result)
  if (name === undefined) return
  const path = join(folder, name)
  if (storage) await storage.put(name, path)
  else if (folderMarker !== undefined && (await sharesFolder(folder, folderMarker))) return
  else await storeFile(results, scope, id, path, bounds)
  await rm(path, { force: true })
}

function bundleNameOf(result: TaskResult): string | undefined {
  if (!result.ok || result.contentType !== 'application/json') return undefined
  const { file } = JSON.parse(Buffer.from(result.body).toString()) ?? {}
  return typeof file === 'string' && isBundleName(file) ? file : undefined
}
