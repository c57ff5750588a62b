import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { storeFile } from '../dispatch/queue-files.ts'
import type { QueueScope } from '../dispatch/queue-names.ts'
import { isBundleName, sharesFolder } from '../dispatch/shared-folder.ts'
import type { TaskResult } from '../dispatch/task.ts'

/** Brings the file that a task made to where its server can get it: nothing to do where they share a folder. */
export async function deliverFile(
  results: Redis,
  scope: QueueScope,
  { id, mark, folder, result }: { id: string; mark: string | undefined; folder: string; result: TaskResult },
): Promise<void> {
  const name = bundleNameOf(result)
  if (name === undefined || (mark !== undefined && (await sharesFolder(folder, mark)))) return
  const path = join(folder, name)
  await storeFile(results, scope, id, path)
  await rm(path, { force: true })
}

function bundleNameOf(result: TaskResult): string | undefined {
  if (!result.ok || result.contentType !== 'application/json') return undefined
  const { file } = JSON.parse(Buffer.from(result.body).toString()) ?? {}
  return typeof file === 'string' && isBundleName(file) ? file : undefined
}
