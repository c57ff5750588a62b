/** Brings the body of a task to where the threads of this worker can read it, and removes it when the task has ended. */
import { createHash, randomUUID, subtle } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Redis } from 'ioredis'
import { loadBody, removeBody } from '../dispatch/queue/bodies.ts'
import type { QueueScope } from '../dispatch/queue/names.ts'
import type { ObjectStorage } from '../downloads/object-storage.ts'
import { SiibraError } from '../siibra/index.ts'
import type { TaskBody } from '../tasks/answer/body.ts'
import { bodyName, isBodyName } from '../tasks/answer/file-names.ts'
import type { QueueName } from '../tasks/task.ts'
import { checkContent } from './check-job.ts'

export interface BodySources {
  results: Redis
  scope: QueueScope
  queue: QueueName
  /** Where the threads of this worker read bodies; that of the server where they share one. */
  folder: string
  storage?: ObjectStorage | undefined
}

export interface FetchedBody {
  /** The same, in the task or in the folder. */
  body: TaskBody
  /** Removes the copy here; and where it came from, once the task has ended for good. */
  remove(hasEnded: boolean): Promise<void>
}

/**
 * Throws UNAVAILABLE where the body is gone (its server has given up, or it waited for too long), a RefusedJob where what lies there is
 * another: by its hash, but for a file of a folder that is shared, which may be large and does not come from the broker.
 */
export async function fetchBody(body: TaskBody, sources: BodySources): Promise<FetchedBody> {
  const { place } = body
  const forget = async (hasEnded: boolean) => (hasEnded ? forgetBody(body, sources) : undefined)
  if (place.kind === 'file') {
    const found = await stat(join(sources.folder, place.name)).catch(() => undefined)
    if (found) checkContent(body, found.size, undefined)
  }
  if (place.kind === 'inline' || place.kind === 'file') return { body, remove: forget }
  const name = bodyName(randomUUID())
  const path = join(sources.folder, name)
  await mkdir(sources.folder, { recursive: true })
  try {
    if (place.kind === 'object') await copyObject(body, place.name, path, sources.storage)
    else await copyStored(body, place.id, path, sources)
  } catch (thrown) {
    await rm(path, { force: true })
    throw thrown
  }
  return {
    body: { ...body, place: { kind: 'file', name } },
    async remove(hasEnded) {
      await rm(path, { force: true })
      await forget(hasEnded)
    },
  }
}

/** Removes the body of a task that has ended from where it was left for it. Never rejects. */
export async function forgetBody(
  { place }: TaskBody,
  { results, scope, queue, folder, storage }: BodySources,
): Promise<void> {
  try {
    if (place.kind === 'file' && isBodyName(place.name)) await rm(join(folder, place.name))
    else if (place.kind === 'object') await storage?.remove(place.name)
    else if (place.kind === 'results') await removeBody(results, scope, queue, place.id)
  } catch {
    // it is swept later
  }
}

async function copyObject(
  body: TaskBody,
  name: string,
  path: string,
  storage: ObjectStorage | undefined,
): Promise<void> {
  if (storage === undefined) throw unavailable('This worker has no object storage (SIIBRA_API_S3_URL)')
  const bytes = await storage.bytesOf(name)
  if (bytes === undefined) throw unavailable()
  checkContent(body, bytes, undefined)
  const hash = createHash('sha256')
  const hashed = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(await storage.read(name, 0, bytes - 1), hashed, createWriteStream(path, { mode: 0o600 }))
  checkContent(body, bytes, hash.digest('hex'))
}

async function copyStored(
  body: TaskBody,
  id: string,
  path: string,
  { results, scope, queue }: BodySources,
): Promise<void> {
  const bytes = await loadBody(results, scope, queue, id)
  if (bytes === undefined) throw unavailable()
  // in a thread of libuv: of 32 MB it takes 100 ms
  const sha256 = Buffer.from(await subtle.digest('SHA-256', bytes)).toString('hex')
  checkContent(body, bytes.byteLength, sha256)
  await writeFile(path, bytes, { mode: 0o600 })
}

function unavailable(message = 'The body of the request is gone; send it again'): SiibraError {
  return new SiibraError('UNAVAILABLE', message, { retryAfterS: 1 })
}
