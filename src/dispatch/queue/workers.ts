import type { Redis } from 'ioredis'
import { QUEUE_NAMES, type QueueName } from '../../tasks/task.ts'
import { type QueueScope, scopeKey } from './names.ts'

/** What a worker says about itself while it lives. */
export interface WorkerInfo {
  id: string
  host: string
  pid: number
  startedAtMs: number
  /** Threads and tasks under way of each queue that it takes. */
  queues: Partial<Record<QueueName, { threads: number; active: number }>>
  rssBytes: number
  /** Which version of the data it holds (data-version.ts), once it knows. */
  dataVersion?: string | undefined
}

/** A worker that has not been heard of for this time counts as gone. */
export const SILENCE_MS = 10_000
export const HEARTBEAT_MS = 2_500

const listKey = (scope: QueueScope) => scopeKey(scope, 'workers')
const workerKey = (scope: QueueScope, id: string) => scopeKey(scope, 'worker', id)

/** One heartbeat: the worker is there for another {@link SILENCE_MS}. */
export async function announceWorker(redis: Redis, scope: QueueScope, info: WorkerInfo): Promise<void> {
  await runPipeline(
    redis
      .pipeline()
      .set(workerKey(scope, info.id), JSON.stringify(info), 'PX', SILENCE_MS)
      .sadd(listKey(scope), info.id)
      .pexpire(listKey(scope), SILENCE_MS * 6),
  )
}

/** Says good-bye: no server counts on this worker any more. */
export async function withdrawWorker(redis: Redis, scope: QueueScope, id: string): Promise<void> {
  await runPipeline(redis.pipeline().del(workerKey(scope, id)).srem(listKey(scope), id))
}

/** Workers of this scope that live. */
export async function listWorkers(redis: Redis, scope: QueueScope): Promise<WorkerInfo[]> {
  const ids = await redis.smembers(listKey(scope))
  if (ids.length === 0) return []
  const texts = await redis.mget(ids.map((id) => workerKey(scope, id)))
  const gone = ids.filter((_, i) => texts[i] === null)
  if (gone.length > 0) await redis.srem(listKey(scope), ...gone)
  return texts.flatMap((text) => (text === null || text === undefined ? [] : [JSON.parse(text) as WorkerInfo]))
}

/** Queues of `queues` that none of the workers takes. */
export function findIdleQueues(
  workers: readonly WorkerInfo[],
  queues: readonly QueueName[] = QUEUE_NAMES,
): QueueName[] {
  return queues.filter((queue) => !workers.some((worker) => worker.queues[queue]))
}

async function runPipeline(pipeline: ReturnType<Redis['pipeline']>): Promise<void> {
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
}

/** A view of the live workers that is never far behind. */
export interface WorkerRoster {
  workers(): readonly WorkerInfo[]
  /** True when a worker takes the queue; looks again (at most once at a time) before it says no. Rejects when the broker cannot be asked. */
  hasWorker(queue: QueueName): Promise<boolean>
  refresh(): Promise<readonly WorkerInfo[]>
  /** The version of the data that all workers hold; undefined while they differ, or do not know yet. */
  dataVersion(): string | undefined
  /** Queues that have had a worker since the roster was begun. */
  everServed: ReadonlySet<QueueName>
  close(): void
}

const REFRESH_MS = 2_000
/** While queues wait for their first worker, it is looked for more often. */
const EAGER_MS = 250

/** Keeps the list of workers fresh in the background; `hasWorker` costs nothing while there is one. */
export function watchWorkers(
  redis: Redis,
  scope: QueueScope,
  onDataVersion: (version: string) => void = () => {},
): WorkerRoster {
  let toldVersion: string | undefined
  const everServed = new Set<QueueName>()
  let readAtMs = 0
  let workers: readonly WorkerInfo[] = []
  let reading: Promise<readonly WorkerInfo[]> | undefined
  const refresh = () => {
    reading ??= listWorkers(redis, scope)
      .then((found) => {
        workers = found
        for (const { queues } of found) for (const name of Object.keys(queues)) everServed.add(name as QueueName)
        const version = commonVersion(found)
        if (version !== undefined && version !== toldVersion) onDataVersion(version)
        toldVersion = version ?? toldVersion
        return found
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }
  const timer = setInterval(() => {
    const everyMs = everServed.size < QUEUE_NAMES.length ? EAGER_MS : REFRESH_MS
    if (Date.now() - readAtMs < everyMs) return
    readAtMs = Date.now()
    void refresh().catch(() => undefined)
  }, EAGER_MS)
  timer.unref()
  return {
    workers: () => workers,
    async hasWorker(queue) {
      const takes = () => workers.some((worker) => worker.queues[queue])
      if (takes()) return true
      // a reading that is under way may have begun before the worker came
      await reading?.catch(() => undefined)
      if (!takes()) await refresh()
      return takes()
    },
    refresh,
    dataVersion: () => commonVersion(workers),
    everServed,
    close: () => clearInterval(timer),
  }
}

function commonVersion(workers: readonly WorkerInfo[]): string | undefined {
  const versions = new Set(workers.map(({ dataVersion }) => dataVersion))
  return versions.size === 1 ? [...versions][0] : undefined
}
