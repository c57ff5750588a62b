import type { Redis } from 'ioredis'
import { QUEUE_NAMES, type QueueName } from '../../../tasks/task.ts'
import { type QueueScope, scopeKey } from '../names.ts'

/** What a worker says about itself while it lives. */
export interface WorkerInfo {
  id: string
  host: string
  pid: number
  startedAtMs: number
  /** Threads and tasks under way of each queue that it takes. */
  queues: Partial<Record<QueueName, { threads: number; active: number }>>
  rssBytes: number
  /** Marker files of the servers whose folder it shares (downloads/shared-folder.ts). */
  folderMarkers?: string[]
  /** Which version of the data it holds (data-version.ts), once it knows. */
  dataVersion?: string | undefined
  /** Jobs that it did not run, since its start, by the reason (worker/check-job.ts). */
  refusedJobs?: Readonly<Record<string, number>>
}

/** A worker that has not been heard of for this time counts as gone: four heartbeats were missed. */
export const SILENCE_MS = 7_000
export const HEARTBEAT_MS = 1_500

/** Stands where a worker's heartbeat was when it has deregistered: a key that is merely missing may have been lost. */
const WITHDRAWN = ''

const listKey = (scope: QueueScope) => scopeKey(scope, 'workers')
const workerKey = (scope: QueueScope, id: string) => scopeKey(scope, 'worker', id)

/** One heartbeat: the worker is there for another {@link SILENCE_MS}. */
export async function announceWorker(redis: Redis, scope: QueueScope, info: WorkerInfo): Promise<void> {
  await Promise.all([
    redis.set(workerKey(scope, info.id), JSON.stringify(info), 'PX', SILENCE_MS),
    redis.sadd(listKey(scope), info.id),
    redis.pexpire(listKey(scope), SILENCE_MS * 6),
  ])
}

/** Deregisters a worker: no server counts on it any more. */
export async function withdrawWorker(redis: Redis, scope: QueueScope, id: string): Promise<void> {
  await Promise.all([redis.set(workerKey(scope, id), WITHDRAWN, 'PX', SILENCE_MS), redis.srem(listKey(scope), id)])
}

/** What the broker holds of one worker. */
export type Heartbeat =
  | { id: string; info: WorkerInfo; leftMs: number }
  | { id: string; gone: 'withdrawn' | 'missing' | 'unreadable' }

/** The heartbeats of all workers that the broker lists, and of those that are `known` to the caller. */
export async function readHeartbeats(
  redis: Redis,
  scope: QueueScope,
  known: Iterable<string> = [],
): Promise<Heartbeat[]> {
  const listed = await redis.smembers(listKey(scope))
  const beats = await Promise.all(
    [...new Set([...listed, ...known])].map(async (id): Promise<Heartbeat> => {
      const key = workerKey(scope, id)
      const [text, leftMs] = await Promise.all([redis.get(key), redis.pttl(key)])
      if (text === null) return { id, gone: 'missing' }
      if (text === WITHDRAWN) return { id, gone: 'withdrawn' }
      const info = parseInfo(text, id)
      return info ? { id, info, leftMs: Math.max(0, leftMs) } : { id, gone: 'unreadable' }
    }),
  )
  const forgotten = beats.flatMap((beat) => ('gone' in beat && listed.includes(beat.id) ? [beat.id] : []))
  if (forgotten.length > 0) await redis.srem(listKey(scope), ...forgotten)
  return beats
}

/** Undefined for what no worker of this id says. */
function parseInfo(text: string, id: string): WorkerInfo | undefined {
  try {
    const info = JSON.parse(text)
    const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
    const isWorker =
      info.id === id &&
      typeof info.host === 'string' &&
      [info.pid, info.startedAtMs, info.rssBytes].every(isNumber) &&
      areOf(info.queues, (one) => [one?.threads, one?.active].every(isNumber)) &&
      areOf(info.refusedJobs ?? {}, isNumber) &&
      (info.dataVersion === undefined || typeof info.dataVersion === 'string') &&
      (info.folderMarkers === undefined || (Array.isArray(info.folderMarkers) && info.folderMarkers.every(isText)))
    return isWorker ? info : undefined
  } catch {
    return undefined
  }
}

const isText = (value: unknown) => typeof value === 'string'

// biome-ignore lint/suspicious/noExplicitAny: what JSON.parse gives
const areOf = (values: any, isOne: (value: any) => boolean): boolean =>
  typeof values === 'object' && values !== null && !Array.isArray(values) && Object.values(values).every(isOne)

/** Workers of this scope that live. */
export async function listWorkers(redis: Redis, scope: QueueScope): Promise<WorkerInfo[]> {
  return (await readHeartbeats(redis, scope)).flatMap((beat) => ('info' in beat ? [beat.info] : []))
}

/** Queues of `queues` that none of the workers takes. */
export function findIdleQueues(
  workers: readonly WorkerInfo[],
  queues: readonly QueueName[] = QUEUE_NAMES,
): QueueName[] {
  return queues.filter((queue) => !workers.some((worker) => worker.queues[queue]))
}
