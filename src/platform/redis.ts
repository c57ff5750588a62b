import { Redis, type RedisOptions } from 'ioredis'

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

/**
 * Connects to Redis or Valkey (`redis://[user:password@]host[:port][/database]`, `rediss://` for TLS). The connection
 * is made in the background, and made again for ever, at most a second apart: the service gets back to work within
 * moments of its Redis, without a restart.
 */
export function connectRedis(url: string, options: ConnectOptions): Redis {
  const settings: RedisOptions = {
    protocol: 2,
    connectionName: options.name,
    connectTimeout: CONNECT_WITHIN_MS,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 5), LONGEST_RETRY_MS),
    maxRetriesPerRequest: null,
    lazyConnect: options.lazy ?? false,
    enableOfflineQueue: options.retryForever ?? false,
    // A command whose connection broke is not sent again behind the back of a server's caller.
    autoResendUnfulfilledCommands: options.retryForever ?? false,
    ...(options.commandTimeoutMs === undefined ? {} : { commandTimeout: options.commandTimeoutMs }),
  }
  const redis = new Redis(url, settings)
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

/** A Redis URL as it may be shown: without user and password. */
export function describeRedisUrl(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url)
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
  } catch {
    return 'a Redis URL that cannot be read'
  }
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
