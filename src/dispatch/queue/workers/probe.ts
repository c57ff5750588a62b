import { setTimeout as delay } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import {
  describeState,
  isOfFailover,
  type RedisState,
  stateOfError,
  tryToWrite,
} from '../../../platform/redis-state.ts'
import type { SiibraError } from '../../../siibra/index.ts'
import type { QueueStatus } from '../../../tasks/dispatcher.ts'
import { queueUnavailable } from '../../../tasks/failures.ts'
import { mapQueues } from '../../../tasks/queues.ts'
import type { QueueName } from '../../../tasks/task.ts'
import { type QueueScope, scopeKey } from '../names.ts'
import type { WorkerInfo } from './heartbeats.ts'
import type { WorkerRoster } from './roster.ts'

export interface QueueHealth {
  /** True where it takes writes. */
  broker: boolean
  results: boolean
  /** What is wrong with them, for people. */
  problems: string[]
  /** When the broker last answered; undefined where it never did. */
  answeredAtMs?: number | undefined
  /** Live workers of each queue. */
  workers: Record<QueueName, number>
  /** Queues that had no worker yet since this process started. */
  awaited: QueueName[]
  /** Queues whose broker or result backend takes no writes at the moment. */
  queuesAway: QueueName[]
}

/** What lies behind the queue, for probes, metrics and pages. */
export interface QueueFleet {
  readonly scope: QueueScope
  /** As of at most two seconds ago. */
  health(): QueueHealth
  /** Live workers, as far as known. */
  workers(): readonly WorkerInfo[]
}

export interface QueueProbe {
  /** Tries whether both ends take writes, so that probes need not. */
  pulse(): Promise<void>
  status(): Promise<Record<QueueName, QueueStatus>>
  health(): QueueHealth
  /** True as soon as broker and result backend answer, false where they do not within the time. */
  waitUntilConnected(withinMs: number): Promise<boolean>
  /** Why tasks cannot be sent: what a command met, or else what was found last. */
  unavailable(thrown?: unknown): SiibraError
  /** Whether a command was answered with a refusal (full, a replica ...) that trying again does not change: no other server takes over. */
  isRefusal(thrown: unknown): boolean
  /** For how long one of the two ends has answered, but taken no writes. */
  refusingForMs(): number
}

export interface QueueProbeParts {
  broker: Redis
  results: Redis
  /** Another Redis takes over where one fails. */
  isReplaced: boolean
  scope: QueueScope
  /** Those that lie here. */
  queues: readonly QueueName[]
  /** Id of this server. */
  server: string
  roster: WorkerRoster
  /** The queues at the broker that make up one of ours. */
  queuesOf(name: QueueName): Pick<Queue, 'getJobCounts'>[]
}

const NOTHING: QueueStatus = { waiting: 0, active: 0, workers: 0 }
const BROKER = 'the broker'
const RESULTS = 'the result backend'

/** Probes ask for counts, too: where Redis takes longer, the last ones are given. */
const COUNTS_WITHIN_MS = 300

/** What probes and metrics ask of the queues, answered without waiting for them. */
export function createQueueProbe(parts: QueueProbeParts): QueueProbe {
  const { broker, results, isReplaced, scope, queues, server, roster, queuesOf } = parts
  const counts = new Map<QueueName, { waiting: number; active: number }>()
  let states: { broker: RedisState; results: RedisState } = { broker: 'away', results: 'away' }
  let answeredAtMs: number | undefined
  let refusingSinceMs: number | undefined
  for (const redis of [broker, results]) {
    redis.on('ready', () => void pulse())
    redis.on('close', () => void pulse())
  }

  async function pulse(): Promise<void> {
    const key = scopeKey(scope, 'probe', server)
    const [ofBroker, ofResults] = await Promise.all([tryToWrite(broker, key), tryToWrite(results, key)])
    states = { broker: ofBroker, results: ofResults }
    if (ofBroker !== 'away') answeredAtMs = Date.now()
    if (Object.values(states).some(isRefusing)) refusingSinceMs ??= Date.now()
    else refusingSinceMs = undefined
  }

  const problems = () => [
    ...(states.broker === 'up' ? [] : [describeState(BROKER, states.broker)]),
    ...(states.results === 'up' ? [] : [describeState(RESULTS, states.results)]),
  ]

  const countWorkers = (queue: QueueName) => roster.workers().filter((worker) => worker.queues[queue]).length

  async function statusOf(name: QueueName): Promise<QueueStatus> {
    const known = counts.get(name) ?? { waiting: 0, active: 0 }
    const asked = Promise.all(queuesOf(name).map((queue) => queue.getJobCounts('wait', 'prioritized', 'active')))
      .then((lanes) =>
        lanes.reduce<{ waiting: number; active: number }>(
          (sum, { wait = 0, prioritized = 0, active = 0 }) => ({
            waiting: sum.waiting + wait + prioritized,
            active: sum.active + active,
          }),
          { waiting: 0, active: 0 },
        ),
      )
      .catch(() => known)
    const found = states.broker === 'away' ? known : await Promise.race([asked, delay(COUNTS_WITHIN_MS, known)])
    counts.set(name, found)
    return { ...found, workers: countWorkers(name) }
  }

  const areUp = () => states.broker === 'up' && states.results === 'up'

  return {
    pulse,
    async status() {
      const found = await Promise.all(queues.map(statusOf))
      return mapQueues((name) => found[queues.indexOf(name)] ?? NOTHING)
    },
    health: () => ({
      broker: states.broker === 'up',
      results: states.results === 'up',
      problems: problems(),
      answeredAtMs,
      awaited: queues.filter((name) => !roster.everServed.has(name)),
      queuesAway: areUp() ? [] : [...queues],
      workers: mapQueues((name) => (queues.includes(name) ? countWorkers(name) : 0)),
    }),
    async waitUntilConnected(withinMs) {
      const giveUpMs = Date.now() + withinMs
      do await pulse()
      while (!areUp() && Date.now() < giveUpMs && (await delay(10, true)))
      return areUp()
    },
    unavailable(thrown) {
      const state = thrown === undefined ? 'away' : stateOfError(thrown)
      if (isRefusing(state))
        return queueUnavailable(`The queue cannot be used at the moment: ${describeState('it', state)}`)
      const refusals = Object.values(states).some(isRefusing) ? problems() : []
      return refusals.length === 0
        ? queueUnavailable()
        : queueUnavailable(`The queue cannot be used at the moment: ${refusals.join('; ')}`)
    },
    isRefusal: (thrown) => isRefusing(stateOfError(thrown)) && !(isReplaced && isOfFailover(thrown)),
    refusingForMs: () => (refusingSinceMs === undefined ? 0 : Date.now() - refusingSinceMs),
  }
}

/** It answers, but takes no writes. */
function isRefusing(state: RedisState): state is 'full' | 'read-only' | 'refusing' {
  return state !== 'up' && state !== 'away'
}
