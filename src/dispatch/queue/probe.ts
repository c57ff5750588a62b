import { setTimeout as delay } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { QueueStatus } from '../../tasks/dispatcher.ts'
import { QUEUE_NAMES, type QueueName } from '../../tasks/task.ts'
import type { WorkerRoster } from './workers.ts'

export interface QueueHealth {
  broker: boolean
  results: boolean
  /** When the broker last answered; undefined where it never did. */
  answeredAtMs?: number | undefined
  /** Live workers of each queue. */
  workers: Record<QueueName, number>
  /** Queues that had no worker yet since this process started. */
  awaited: QueueName[]
}

export interface QueueProbe {
  /** Asks whether both ends are there, so that probes need not. */
  pulse(): Promise<void>
  countWorkers(queue: QueueName): number
  status(): Promise<Record<QueueName, QueueStatus>>
  health(): QueueHealth
  /** True as soon as broker and result backend answer, false where they do not within the time. */
  waitUntilConnected(withinMs: number): Promise<boolean>
}

export interface QueueProbeParts {
  broker: Redis
  results: Redis
  roster: WorkerRoster
  queueOf(name: QueueName): Pick<Queue, 'getJobCounts'>
}

/** Probes ask for counts, too: where Redis takes longer, the last ones are given. */
const COUNTS_WITHIN_MS = 300

/** What probes and metrics ask of the queues, answered without waiting for them. */
export function createQueueProbe({ broker, results, roster, queueOf }: QueueProbeParts): QueueProbe {
  const counts = new Map<QueueName, { waiting: number; active: number }>()
  let answering = { broker: false, results: false, answeredAtMs: undefined as number | undefined }
  for (const redis of [broker, results]) {
    redis.on('ready', () => void pulse())
    redis.on('close', () => void pulse())
  }

  const answers = (redis: Redis) =>
    redis.status !== 'ready'
      ? false
      : redis.ping().then(
          () => true,
          () => false,
        )

  async function pulse(): Promise<void> {
    const [isBroker, areResults] = await Promise.all([answers(broker), answers(results)])
    answering = {
      broker: isBroker,
      results: areResults,
      answeredAtMs: isBroker ? Date.now() : answering.answeredAtMs,
    }
  }

  const countWorkers = (queue: QueueName) => roster.workers().filter((worker) => worker.queues[queue]).length

  async function statusOf(name: QueueName): Promise<QueueStatus> {
    const known = counts.get(name) ?? { waiting: 0, active: 0 }
    const asked = queueOf(name)
      .getJobCounts('wait', 'prioritized', 'active')
      .then(({ wait = 0, prioritized = 0, active = 0 }) => ({ waiting: wait + prioritized, active }))
      .catch(() => known)
    const found = answering.broker ? await Promise.race([asked, delay(COUNTS_WITHIN_MS, known)]) : known
    counts.set(name, found)
    return { ...found, workers: countWorkers(name) }
  }

  const byQueue = <T>(values: readonly T[]) =>
    Object.fromEntries(QUEUE_NAMES.map((name, i) => [name, values[i]])) as Record<QueueName, T>

  return {
    pulse,
    countWorkers,
    status: async () => byQueue(await Promise.all(QUEUE_NAMES.map(statusOf))),
    health: () => ({
      ...answering,
      awaited: QUEUE_NAMES.filter((name) => !roster.everServed.has(name)),
      workers: byQueue(QUEUE_NAMES.map(countWorkers)),
    }),
    async waitUntilConnected(withinMs) {
      const giveUpMs = Date.now() + withinMs
      do await pulse()
      while (!(answering.broker && answering.results) && Date.now() < giveUpMs && (await delay(10, true)))
      return answering.broker && answering.results
    },
  }
}
