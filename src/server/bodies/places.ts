/** Where bodies lie while their tasks wait and run, so that handlers can read them. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { QueueBodies } from '../../dispatch/queue/bodies.ts'
import type { ObjectStorage } from '../../downloads/object-storage.ts'
import type { TaskBody } from '../../tasks/answer/body.ts'
import type { QueueName } from '../../tasks/task.ts'
import type { ReceivedBody } from './receive-body.ts'

export interface PlacedBody {
  body: TaskBody
  /** The request is over. `hasEnded`: its task is over, too; else others may wait for it. */
  release(hasEnded: boolean): void
}

export interface BodyPlaces {
  /** The largest body that can come to the handlers of a queue, and why not a larger one; undefined: any. */
  bound(queue: QueueName): { maxBytes: number; why: string } | undefined
  place(received: ReceivedBody, queue: QueueName): Promise<PlacedBody>
}

/** Of a process that runs its tasks itself: files in its folder, one for all requests that send the same. */
export function createLocalPlaces(folder: string): BodyPlaces {
  const files = new Map<string, { name: string; users: number }>()
  return {
    bound: () => undefined,
    async place(received) {
      const { content } = received
      if ('bytes' in content) return inTask(received, content.bytes)
      const key = `${received.mediaType} ${received.sha256}`
      let file = files.get(key)
      if (file === undefined) {
        file = { name: content.file, users: 0 }
        files.set(key, file)
      } else removeFile(folder, content.file)
      const { name } = file
      file.users++
      const known = file
      return {
        body: bodyAt(received, { kind: 'file', name }),
        release() {
          if (--known.users > 0) return
          files.delete(key)
          removeFile(folder, name)
        },
      }
    },
  }
}

export interface QueuePlaceParts {
  folder: string
  queue: QueueBodies
  storage?: ObjectStorage | undefined
}

/**
 * Of a server with workers behind a queue: the object storage where there is one, else the folder where all workers of the
 * queue share it, else the result backend. The worker removes a body when its task ends; the server removes one whose task it
 * has seen end, as an equal task of another server may have run instead.
 */
export function createQueuePlaces({ folder, queue, storage }: QueuePlaceParts): BodyPlaces {
  return {
    bound: (name) =>
      storage || queue.sharesFolder(name)
        ? undefined
        : {
            maxBytes: queue.maxBodyBytes,
            why: '; more needs a folder that the service shares with its workers (SIIBRA_API_SHARED_DIR) or an object storage (SIIBRA_API_S3_URL)',
          },
    async place(received, queueName) {
      const { content } = received
      if ('bytes' in content) return inTask(received, content.bytes)
      const name = content.file
      const path = join(folder, name)
      if (!storage && queue.sharesFolder(queueName))
        return placed(bodyAt(received, { kind: 'file', name }), () => removeFile(folder, name))
      try {
        if (storage) {
          await storage.put(name, path)
          return placed(bodyAt(received, { kind: 'object', name }), () => void storage.remove(name).catch(() => {}))
        }
        await queue.storeBody(queueName, name, path)
        return placed(bodyAt(received, { kind: 'results', id: name }), () => void queue.removeBody(queueName, name))
      } finally {
        removeFile(folder, name)
      }
    },
  }
}

function placed(body: TaskBody, remove: () => void): PlacedBody {
  return { body, release: (hasEnded) => (hasEnded ? remove() : undefined) }
}

function inTask(received: ReceivedBody, bytes: Uint8Array): PlacedBody {
  const base64 = Buffer.from(bytes).toString('base64')
  return { body: bodyAt(received, { kind: 'inline', base64 }), release() {} }
}

function bodyAt({ mediaType, boundary, sha256, bytes }: ReceivedBody, place: TaskBody['place']): TaskBody {
  return { mediaType, ...(boundary === undefined ? {} : { boundary }), sha256, bytes, place }
}

function removeFile(folder: string, name: string): void {
  void rm(join(folder, name), { force: true }).catch(() => {})
}
