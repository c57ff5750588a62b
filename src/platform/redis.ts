import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { describeRedisUrl, parseRedisAddress, type RedisAddress } from './redis-address.ts'
import { SentinelClient } from './sentinel-client.ts'

/** What is told to the log about a connection; one line a change of state, not one an attempt. */
export type ConnectionReport = (event: 'up' | 'down', message: string) => void

export interface ConnectOptions {
  /** Shown by CLIENT LIST. */
  name: string
  /** A command without an answer after this time fails. Not for connections that block. Default: none. */
  commandTimeoutMs?: number
  /**
   * Keeps commands while the server is away and sends them later (true: workers, which have time), or fails them at
   * once (false, the default: servers, whose clients wait).
   */
  retryForever?: boolean
  /** Connects at the first command only. */
  lazy?: boolean
  report?: ConnectionReport
}

/** Connections that are being closed: their end is no news. */
const leaving = new WeakSet<Redis>()

const LONGEST_RETRY_MS = 1_000
const CONNECT_WITHIN_MS = 5_000
/** A question to one Sentinel; to one server of a Cluster about the others, and how often. */
const SENTINEL_WITHIN_MS = 2_000
const CLUSTER_WITHIN_MS = 1_000
const CLUSTER_ASKED_MS = 2_000

/** How long a request waits for another server to take over, where one can: Sentinels and Clusters need 2 to 8 s, as they are set. */
export const FAILOVER_WITHIN_MS = 10_000
/** Pauses within a Cluster's client before a command is tried again, on the server that has its keys by then. */
const CLUSTER_RETRY_MS = 100
/** Of each connection: one that hears of a failover, and one in case that this one is away. */
const LISTENED_SENTINELS = 2

/**
 * Connects to Redis or Valkey by an address of redis-address.ts. The connection is made in the background, and made again for ever,
 * at most a second apart: the service gets back to work within moments of its Redis, without a restart. Behind Sentinels it goes
 * to whatever server is the primary.
 */
export function connectRedis(url: string, options: ConnectOptions): Redis {
  const redis = openRedis(parseRedisAddress(url), options)
  let up: boolean | undefined
  redis.on('ready', () => {
    if (up !== true) options.report?.('up', `connected to ${describeRedisUrl(url)}`)
    up = true
  })
  redis.on('error', (error: Error) => {
    if (up !== false) options.report?.('down', `${describeRedisUrl(url)}: ${error.message}`)
    up = false
  })
  redis.on('close', () => {
    if (up === true && !leaving.has(redis)) options.report?.('down', `lost ${describeRedisUrl(url)}`)
    up = false
  })
  return redis
}

function openRedis(address: RedisAddress, options: ConnectOptions): Redis {
  const { retryForever = false, lazy = false, commandTimeoutMs } = options
  const common = {
    protocol: 2,
    connectionName: options.name,
    connectTimeout: CONNECT_WITHIN_MS,
    maxRetriesPerRequest: null,
    // A command whose connection broke is not sent again behind the back of a server's caller.
    autoResendUnfulfilledCommands: retryForever,
    ...(commandTimeoutMs === undefined ? {} : { commandTimeout: commandTimeoutMs }),
  } satisfies RedisOptions
  const settings: RedisOptions = {
    ...common,
    retryStrategy: retryDelayMs,
    lazyConnect: lazy,
    enableOfflineQueue: retryForever,
  }
  if (address.kind === 'one') return new Redis(address.url, settings)
  const { nodes, username, password, isEncrypted } = address
  const login = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(isEncrypted ? { tls: {} } : {}),
  }
  if (address.kind === 'sentinel') {
    const { name, database, sentinelUsername, sentinelPassword } = address
    return new SentinelClient({
      ...settings,
      ...login,
      name,
      db: database,
      role: 'master',
      sentinels: [...nodes],
      sentinelCommandTimeout: SENTINEL_WITHIN_MS,
      sentinelRetryStrategy: retryDelayMs,
      sentinelReconnectStrategy: () => LONGEST_RETRY_MS,
      failoverDetector: true,
      sentinelMaxConnections: LISTENED_SENTINELS,
      // a primary that has become a replica: the connection goes to the new one, and the command with it
      reconnectOnError: (error) => (error.message.includes('READONLY') ? 2 : false),
      ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
      ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
      ...(isEncrypted ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
    })
  }
  const cluster = new Cluster([...nodes], {
    lazyConnect: lazy,
    enableOfflineQueue: retryForever,
    clusterRetryStrategy: retryDelayMs,
    maxRedirections: FAILOVER_WITHIN_MS / CLUSTER_RETRY_MS,
    // with it, a `connect` that meets a Cluster in the middle of a failover is never settled, and BullMQ waits for it (ioredis 6.0)
    enableReadyCheck: false,
    retryDelayOnFailover: CLUSTER_RETRY_MS,
    retryDelayOnClusterDown: CLUSTER_RETRY_MS,
    slotsRefreshTimeout: CLUSTER_WITHIN_MS,
    // one that hangs closes no connection: that another has its slots is learnt by asking
    slotsRefreshInterval: CLUSTER_ASKED_MS,
    // certificates are for names
    ...(isEncrypted ? { dnsLookup: (host, callback) => callback(null, host) } : {}),
    redisOptions: {
      ...common,
      ...login,
      // what waits for a server that takes over is sent again by the client of the Cluster; its time counts from the first sending
      ...(commandTimeoutMs === undefined ? {} : { commandTimeout: Math.max(commandTimeoutMs, FAILOVER_WITHIN_MS) }),
    },
  })
  // Both have all commands, and the events and states that are used here; what only a Cluster has is in `primariesOf`.
  return cluster as unknown as Redis
}

const retryDelayMs = (times: number) => Math.min(50 * 2 ** Math.min(times, 5), LONGEST_RETRY_MS)

/** The servers that hold keys: one, or all primaries of a Cluster, always in the same order. */
export function primariesOf(redis: Redis): Redis[] {
  if (!redis.isCluster) return [redis]
  // see openRedis
  const nodes = (redis as unknown as Cluster).nodes('master')
  const addressOf = ({ options: { host, port } }: Redis) => `${host}:${port}`
  return nodes.sort((a, b) => (addressOf(a) < addressOf(b) ? -1 : 1))
}

/** Closes a connection in good order, or at once where the server does not answer within `withinMs`. */
export async function closeRedis(redis: Redis, withinMs = 500): Promise<void> {
  if (redis.status === 'end') return
  leaving.add(redis)
  if (redis.status === 'ready') {
    const timer = setTimeout(() => redis.disconnect(), withinMs)
    await redis.quit().catch(() => undefined)
    clearTimeout(timer)
  }
  redis.disconnect()
}
