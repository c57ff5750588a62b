import type { Redis } from 'ioredis'
import { QUEUE_NAMES, type QueueName } from '../../../tasks/task.ts'
import type { QueueScope } from '../names.ts'
import { readHeartbeats, SILENCE_MS, type WorkerInfo } from './heartbeats.ts'

/** A server's view of the live workers, never far behind. */
export interface WorkerRoster {
  workers(): readonly WorkerInfo[]
  /** True when a worker takes the queue; looks again (at most once at a time) before it says no. Rejects when the broker cannot be asked. */
  hasWorker(queue: QueueName): Promise<boolean>
  /** Unix time in ms at which a worker of the queue was heard of last; undefined where none ever was. */
  lastHeardMs(queue: QueueName): number | undefined
  /** Whether workers could be heard lately; where not, their silence says nothing. */
  hears(): boolean
  refresh(): Promise<readonly WorkerInfo[]>
  /** The version of the data that all workers hold; undefined while they differ, or do not know yet. */
  dataVersion(): string | undefined
  /** Queues that have had a worker since the roster was begun. */
  everServed: ReadonlySet<QueueName>
  close(): void
}

const REFRESH_MS = 1_000
/** While queues wait for their first worker, it is looked for more often. */
const EAGER_MS = 250
const LONG_UNANSWERED_MS = 3_000

interface Known {
  info: WorkerInfo
  /** When it counts as gone, unless another heartbeat comes. */
  aliveUntilMs: number
}

export interface RosterOptions {
  /** Those that workers of this broker take. Default: all. */
  queues?: readonly QueueName[]
  /** Hears who there is, each time that it was looked up. */
  onRead?: (workers: readonly WorkerInfo[]) => void
  /** Hears of what stands for a worker of this id and is no heartbeat. */
  onUnreadable?: (id: string) => void
}

/**
 * Keeps the list of workers fresh in the background; `hasWorker` costs nothing while there is one. A heartbeat that is
 * missing before its time was lost with the broker's data (FLUSHALL, a restart without a file), and says nothing of the worker:
 * it counts until its time, by when it has sent another one.
 */
export function watchWorkers(
  redis: Redis,
  scope: QueueScope,
  { queues = QUEUE_NAMES, onRead, onUnreadable }: RosterOptions = {},
): WorkerRoster {
  const known = new Map<string, Known>()
  const heardMs = new Map<QueueName, number>()
  const everServed = new Set<QueueName>()
  let workers: readonly WorkerInfo[] = []
  let readAtMs = 0
  /** When the broker answered last; a Cluster stays connected while the server that holds these keys is away. */
  let answeredAtMs = Date.now()
  let reading: Promise<readonly WorkerInfo[]> | undefined

  const hear = (info: WorkerInfo, atMs: number) => {
    for (const queue of Object.keys(info.queues) as QueueName[]) {
      everServed.add(queue)
      heardMs.set(queue, Math.max(heardMs.get(queue) ?? 0, atMs))
    }
  }

  /** After a time without a broker workers are given some to say that they live: nothing could be heard of them. */
  const giveTime = () => {
    for (const worker of known.values()) {
      worker.aliveUntilMs = Math.max(worker.aliveUntilMs, Date.now() + SILENCE_MS)
      hear(worker.info, Date.now())
    }
  }

  async function read(): Promise<readonly WorkerInfo[]> {
    const beats = await readHeartbeats(redis, scope, known.keys())
    const nowMs = Date.now()
    if (nowMs - answeredAtMs > LONG_UNANSWERED_MS) giveTime()
    answeredAtMs = nowMs
    for (const beat of beats) {
      const before = known.get(beat.id)
      if ('gone' in beat && beat.gone === 'unreadable') onUnreadable?.(beat.id)
      if ('info' in beat) {
        const aliveUntilMs = nowMs + beat.leftMs
        known.set(beat.id, { info: beat.info, aliveUntilMs })
        hear(beat.info, aliveUntilMs - SILENCE_MS)
      } else if (beat.gone === 'withdrawn' || (before !== undefined && nowMs >= before.aliveUntilMs)) {
        if (before !== undefined && beat.gone === 'withdrawn') hear(before.info, nowMs)
        known.delete(beat.id)
      }
    }
    workers = [...known.values()].map(({ info }) => info)
    onRead?.(workers)
    return workers
  }
  const refresh = () => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }

  // workers reconnect when servers do
  const onReady = () => {
    giveTime()
    void refresh().catch(() => undefined)
  }
  redis.on('ready', onReady)
  const timer = setInterval(() => {
    const everyMs = queues.some((queue) => !everServed.has(queue)) ? EAGER_MS : REFRESH_MS
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
    lastHeardMs: (queue) => heardMs.get(queue),
    hears: () => Date.now() - answeredAtMs <= LONG_UNANSWERED_MS,
    refresh,
    dataVersion: () => commonVersion(workers),
    everServed,
    close() {
      clearInterval(timer)
      redis.off('ready', onReady)
    },
  }
}

/** Hears of workers, and tells when all of them hold a version of the data, and when they have come to hold another. */
export function tellVersions(onDataVersion: (version: string) => void): (workers: readonly WorkerInfo[]) => void {
  let told: string | undefined
  return (workers) => {
    const version = commonVersion(workers)
    if (version !== undefined && version !== told) onDataVersion(version)
    told = version ?? told
  }
}

/** The version of the data that all of them hold; undefined while they differ, or do not know yet. */
export function commonVersion(workers: readonly WorkerInfo[]): string | undefined {
  const versions = new Set(workers.map(({ dataVersion }) => dataVersion))
  return versions.size === 1 ? [...versions][0] : undefined
}
