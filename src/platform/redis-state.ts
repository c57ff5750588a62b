/** What a Redis can do for us at the moment, told from its answers. */
import type { Redis } from 'ioredis'
import { primariesOf } from './redis.ts'

/** `refusing`: it answers, but takes no writes, for a reason of its own (a disk that is full, missing replicas, rights). */
export type RedisState = 'up' | 'away' | 'full' | 'read-only' | 'refusing'

/** A key that was written and is thrown away by itself. */
const TRIAL_KEPT_MS = 10_000

/** What the error of a command says of the server that it was sent to. */
export function stateOfError(error: unknown): Exclude<RedisState, 'up'> {
  const message = messageOf(error)
  if (/\bOOM\b/.test(message)) return 'full'
  if (/\bREADONLY\b/.test(message)) return 'read-only'
  return /\b(MISCONF|NOREPLICAS|NOPERM|CLUSTERDOWN)\b/.test(message) ? 'refusing' : 'away'
}

/** What passes as soon as another server has taken over, where one can: a refusal, or a connection that was closed meanwhile. */
export function isOfFailover(error: unknown): boolean {
  return /\b(READONLY|NOREPLICAS|CLUSTERDOWN)\b|Connection is closed/.test(messageOf(error))
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Tries to write: a server that is full or a replica answers every question and is of no use for all that. */
export async function tryToWrite(redis: Redis, key: string): Promise<RedisState> {
  if (redis.status !== 'ready') return 'away'
  return redis.set(key, '1', 'PX', TRIAL_KEPT_MS).then(() => 'up' as const, stateOfError)
}

/** For people; `what` is for example `the broker`. */
export function describeState(what: string, state: Exclude<RedisState, 'up'>): string {
  if (state === 'away') return `${what} cannot be reached`
  const why = {
    full: 'Redis is full (maxmemory)',
    'read-only': 'Redis is a read-only replica',
    refusing: 'Redis refuses them',
  }[state]
  return `${what} takes no writes: ${why}`
}

/** The policies by which servers drop keys when they are full; none where they do not tell. */
export async function evictionPoliciesOf(redis: Redis): Promise<string[]> {
  const told = await Promise.all(primariesOf(redis).map((server) => server.info('memory').catch(() => '')))
  return told.flatMap((memory) => /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? [])
}

/** A warning where a server drops keys that must not be lost; undefined where all is well. */
export async function evictionWarning(redis: Redis, what: string): Promise<string | undefined> {
  const policy = (await evictionPoliciesOf(redis)).find((one) => one !== 'noeviction')
  if (policy === undefined) return undefined
  return (
    `${what} has maxmemory-policy ${policy}: when it is full, it drops tasks and results without a word. ` +
    'Set maxmemory-policy noeviction (the response cache wants a Redis of its own)'
  )
}
