import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { type ConnectionReport, closeRedis, connectRedis, FAILOVER_WITHIN_MS } from '../../platform/redis.ts'
import { hasFailover } from '../../platform/redis-address.ts'

/** The connections of a server: one sends, one reads results, and one is the model of those that listen. */
export interface QueueConnections {
  broker: Redis
  results: Redis
  /** Never connected itself: BullMQ duplicates it for each queue. */
  listening: Redis
  /** Another server takes over where one fails. */
  isReplaced: boolean
  close(): Promise<void>
}

/** A command of a server that is not answered within this time has failed. */
const COMMAND_WITHIN_MS = 2_000

export function connectQueue(
  urls: { brokerUrl: string; resultUrl: string },
  report?: ConnectionReport,
): QueueConnections {
  const told = report ? { report } : {}
  const commandTimeoutMs = COMMAND_WITHIN_MS
  const broker = connectRedis(urls.brokerUrl, { name: 'siibra-api server', commandTimeoutMs, ...told })
  const results = connectRedis(urls.resultUrl, { name: 'siibra-api results', commandTimeoutMs, ...told })
  const listening = connectRedis(urls.brokerUrl, { name: 'siibra-api events', retryForever: true, lazy: true })
  return {
    broker,
    results,
    listening,
    isReplaced: [urls.brokerUrl, urls.resultUrl].some(hasFailover),
    async close() {
      await Promise.all([broker, results, listening].map((redis) => closeRedis(redis)))
    },
  }
}

/** Whether the two ends are connected. */
export interface QueuePresence {
  /** True when both are, or come back within a moment. */
  areThere(): Promise<boolean>
  /** For how long the broker has been away; undefined while it is there. */
  brokerAwayForMs(): number | undefined
}

/** How long a request waits for a broker that has just gone, or for one that was not there yet; where another server takes over, longer. */
const RECONNECT_WITHIN_MS = 1_000
const LOOK_EVERY_MS = 10

export function watchPresence({
  broker,
  results,
  isReplaced,
}: Pick<QueueConnections, 'broker' | 'results' | 'isReplaced'>): QueuePresence {
  const reconnectWithinMs = isReplaced ? FAILOVER_WITHIN_MS : RECONNECT_WITHIN_MS
  const ends = [broker, results]
  /** Those that are not connected, with the time since when. */
  const awaySinceMs = new Map<Redis, number>()
  for (const redis of ends) {
    awaySinceMs.set(redis, Date.now())
    redis.on('close', () => {
      if (!awaySinceMs.has(redis)) awaySinceMs.set(redis, Date.now())
    })
    redis.on('ready', () => awaySinceMs.delete(redis))
  }
  const areReady = () => ends.every(({ status }) => status === 'ready')
  return {
    async areThere() {
      // the end of a connection is told a moment after it
      const untilMs = Math.min(Date.now(), ...awaySinceMs.values()) + reconnectWithinMs
      while (!areReady() && Date.now() < untilMs) await delay(LOOK_EVERY_MS)
      return areReady()
    },
    brokerAwayForMs() {
      const sinceMs = awaySinceMs.get(broker)
      return sinceMs === undefined ? undefined : Date.now() - sinceMs
    },
  }
}
