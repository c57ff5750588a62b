/** Bodies of requests that are too large for a job, on their way to a worker. */
import { readFile } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import { SiibraError } from '../../siibra/index.ts'
import type { QueueName } from '../../tasks/task.ts'
import { type QueueScope, queueKey } from './names.ts'
import type { WorkerRoster } from './workers/roster.ts'

/** Largest body that goes through the result backend; its memory is for results. */
const MAX_STORED_BYTES = 32 * 1024 * 1024
/** A body is read when its task begins, which may wait for an hour. */
const KEPT_MS = 2 * 3600 * 1000

const bodyKey = (scope: QueueScope, queue: QueueName, id: string) => queueKey(scope, queue, 'body', id)

export interface QueueBodies {
  readonly maxBodyBytes: number
  /** Whether every worker that takes a queue sees this server's folder. */
  sharesFolder(queue: QueueName): boolean
  /** Puts a file into the result backend, for workers of a queue. Rejects with UNAVAILABLE where that is away or full. */
  storeBody(queue: QueueName, id: string, path: string): Promise<void>
  /** Never rejects: what stays goes when its time is over. */
  removeBody(queue: QueueName, id: string): Promise<void>
}

export interface QueueBodyParts {
  results: Redis
  scope: QueueScope
  roster: Pick<WorkerRoster, 'workers'>
  /** Name of a file of this server in its folder. */
  folderMarker: string | undefined
}

export function createQueueBodies({ results, scope, roster, folderMarker }: QueueBodyParts): QueueBodies {
  return {
    maxBodyBytes: MAX_STORED_BYTES,
    sharesFolder(queue) {
      const takers = roster.workers().filter(({ queues }) => queues[queue])
      return (
        folderMarker !== undefined &&
        takers.length > 0 &&
        takers.every(({ folderMarkers }) => folderMarkers?.includes(folderMarker))
      )
    },
    async storeBody(queue, id, path) {
      const bytes = await readFile(path)
      try {
        await results.set(bodyKey(scope, queue, id), bytes, 'PX', KEPT_MS)
      } catch (cause) {
        const message = 'The body cannot be brought to the workers at the moment'
        throw new SiibraError('UNAVAILABLE', message, { retryAfterS: 5 }, { cause })
      }
    },
    removeBody: (queue, id) => removeBody(results, scope, queue, id),
  }
}

/** The bytes of a body; undefined where it is gone. */
export async function loadBody(
  results: Redis,
  scope: QueueScope,
  queue: QueueName,
  id: string,
): Promise<Buffer | undefined> {
  return (await results.getBuffer(bodyKey(scope, queue, id))) ?? undefined
}

export async function removeBody(results: Redis, scope: QueueScope, queue: QueueName, id: string): Promise<void> {
  await results.unlink(bodyKey(scope, queue, id)).catch(() => undefined)
}
