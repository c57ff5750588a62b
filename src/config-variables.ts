/** How environment variables are declared, and the readers of their values. A reader throws an Error that says what is allowed. */
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { IDLE_NICENESS } from './dispatch/threads/thread-priority.ts'
import { parseRedisAddress } from './platform/redis-address.ts'
import { QUEUE_NAMES, type QueueName } from './tasks/task.ts'
import { DEFAULT_WEIGHTS, type Weights } from './tasks/weights.ts'

export interface Variable<T = unknown, D = unknown> {
  /** Names that set it; the first that is set counts. */
  names: readonly string[]
  parse: (value: string) => T
  fallback: D
}

export const variable = <T, const D>(
  names: readonly string[],
  parse: (value: string) => T,
  fallback: D,
): Variable<T, D> => ({ names, parse, fallback })

export const text = (value: string): string => value

/** Names between commas. */
export const names = (value: string): readonly string[] =>
  Object.freeze(
    value
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  )

export const pathOf = (value: string): string => resolve(value)

export const oneOf =
  <const T extends string>(allowed: readonly T[]) =>
  (value: string): T => {
    if (!allowed.includes(value as T)) throw new Error(`"${value}" is not one of ${allowed.join(', ')}`)
    return value as T
  }

export const number =
  (min: number, max: number) =>
  (value: string): number => {
    const parsed = Number(value)
    if (!(parsed >= min && parsed <= max)) throw new Error(`"${value}" is not a number from ${min} to ${max}`)
    return parsed
  }

export const integer =
  (min: number, max: number) =>
  (value: string): number => {
    const parsed = Number(value)
    if (!Number.isInteger(parsed) || parsed < min || parsed > max)
      throw new Error(`"${value}" is not a whole number from ${min} to ${max}`)
    return parsed
  }

/** 0 to 19, or `idle`. */
export function niceness(value: string): number {
  if (value === 'idle') return IDLE_NICENESS
  const parsed = Number(value)
  if (!Number.isInteger(parsed) || parsed < 0 || parsed >= IDLE_NICENESS)
    throw new Error(`"${value}" is neither a whole number from 0 to ${IDLE_NICENESS - 1} nor idle`)
  return parsed
}

/** A port, or what Kubernetes sets for a service of that name: `tcp://10.0.0.1:6379`. */
export const port = (value: string): number => integer(1, 65535)(/^tcp:\/\/.*:(\d+)$/.exec(value)?.[1] ?? value)

/** A size in a unit, from `min` to `max` of them; fractions are fine. */
export const bytesOf =
  (unitBytes: number, min = 0, max = 1e9) =>
  (value: string): number =>
    Math.round(number(min, max)(value) * unitBytes)

export function flag(value: string): boolean {
  if (['1', 'true', 'yes', 'on'].includes(value.toLowerCase())) return true
  if (['0', 'false', 'no', 'off'].includes(value.toLowerCase())) return false
  throw new Error(`"${value}" is neither 1 nor 0`)
}

/** Where to listen. What Kubernetes sets for a service named siibra-api (`tcp://...`) says where others reach it. */
export const listenPort =
  (fallback: number) =>
  (value: string): number =>
    value.startsWith('tcp://') ? fallback : integer(0, 65535)(value)

/** Addresses and networks (`10.0.0.0/8`), separated by commas; `loopback` for those of this machine. */
export function networks(value: string): readonly string[] {
  const all = value.split(',').map((part) => part.trim())
  return Object.freeze(
    all
      .filter((part) => part !== '')
      .flatMap((part) => {
        if (part === 'loopback') return ['127.0.0.0/8', '::1']
        const [address = '', prefix] = part.split('/')
        const family = isIP(address)
        const isPrefix = prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32))
        if (family === 0 || !isPrefix)
          throw new Error(`"${part}" is neither an address nor a network such as 10.0.0.0/8`)
        return [part]
      }),
  )
}

/** `/atlas`, `atlas/` or `/` -> `/atlas` or nothing: what stands before every path of the service. */
export function basePath(value: string): string {
  const path = value
    .split('/')
    .filter(Boolean)
    .map((part) => `/${part}`)
    .join('')
  if (path === '') return ''
  if (!isBasePath(path)) throw new Error(`"${value}" is not a path such as /atlas or /services/atlas`)
  return path
}

/** Segments of letters, digits, `.`, `_`, `~` and `-`, none of dots alone: what may stand in pages as it is. */
export const isBasePath = (path: string): boolean =>
  path.length <= 200 && /^(?:\/[\w~.-]+)+$/.test(path) && !/\/\.+(?:\/|$)/.test(path)

/** A folder, as an absolute path, or an http(s) URL; whether the folder is there is for who reads it to see. */
export function folderOrUrl(value: string): string {
  if (!value.includes('://')) return resolve(value)
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value
  throw new Error('neither a folder nor an http(s) URL')
}

/** Any address of redis-address.ts, as it was given. */
export function redisUrl(value: string): string {
  parseRedisAddress(value)
  return value
}

/**
 * `features=redis://a,compounds=redis+sentinel://b,c/name`: where tasks and results of these queues lie. Addresses have commas, too: a
 * queue begins where one is followed by a name and `=`.
 */
export function queueBrokers(value: string): Readonly<Partial<Record<QueueName, string>>> {
  const brokers: Partial<Record<QueueName, string>> = {}
  for (const part of value.split(/,(?=\s*[\w-]*\s*=)/)) {
    const [, name = '', address = ''] = /^\s*([\w-]*)\s*=\s*(.*?)\s*$/s.exec(part) ?? []
    // an address may have a password: it is not repeated
    if (name === '') throw new Error('not of the form queue=address,queue=address')
    const queue = QUEUE_NAMES.find((one) => one === name)
    if (queue === undefined) throw new Error(`"${name}" is not one of ${QUEUE_NAMES.join(', ')}`)
    if (brokers[queue] !== undefined) throw new Error(`"${queue}" has two addresses`)
    try {
      brokers[queue] = redisUrl(address)
      if (/^rediss?:/.test(address) && new URL(address).host.includes(','))
        throw new Error('one server has no comma in its address')
    } catch (problem) {
      throw new Error(`the address of "${queue}": ${(problem as Error).message}`)
    }
  }
  return Object.freeze(brokers)
}

/** `https://host/bucket/prefix` -> its parts; the prefix is empty or ends with a slash. */
export function bucketUrl(value: string): { endpoint: string; bucket: string; prefix: string } {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const [bucket, ...folders] = url?.pathname.split('/').filter(Boolean).map(decodeURIComponent) ?? []
  if (!url || !['http:', 'https:'].includes(url.protocol) || bucket === undefined)
    throw new Error('not a URL of the form https://host[:port]/bucket[/prefix]')
  if (url.username || url.password || url.search)
    throw new Error('credentials belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, not in the URL')
  return Object.freeze({ endpoint: url.origin, bucket, prefix: folders.map((folder) => `${folder}/`).join('') })
}

export type Remapping = readonly (readonly [from: string, to: string])[]

/** `from::to`, one a line: parts of provider URLs -> what stands there instead. */
export function providerRemapping(value: string): Remapping {
  const remapping: (readonly [string, string])[] = []
  for (const line of value.split('\n').map((part) => part.trim())) {
    if (line === '') continue
    const parts = line.split('::')
    if (parts.length !== 2 || !parts[0]) throw new Error(`"${line}" is not of the form from::to (one a line)`)
    remapping.push([parts[0], parts[1] as string])
  }
  return Object.freeze(remapping)
}

/** `/map/assign=5,/spaces/{space_id}/warp=0`: megabytes by path -> bytes. */
export function routeLimits(value: string): Readonly<Record<string, number>> {
  const limits: Record<string, number> = {}
  for (const part of value.split(',')) {
    const match = /^\s*(\/[^=\s]+)\s*=\s*(\d+(?:\.\d+)?)\s*$/.exec(part)
    if (match === null) throw new Error(`"${part}" is not of the form /path=megabytes`)
    limits[match[1] as string] = Math.round(Number(match[2]) * 2 ** 20)
  }
  return Object.freeze(limits)
}

/** Names of queues, separated by commas, or `none`. */
export function queueNames(value: string): readonly QueueName[] {
  if (value === 'none') return []
  return value.split(',').map((part) => {
    const queue = QUEUE_NAMES.find((name) => name === part.trim())
    if (queue === undefined) throw new Error(`"${part}" is not one of ${QUEUE_NAMES.join(', ')} (or none)`)
    return queue
  })
}

/** `core=1,features=2`: threads of each queue; queues left out keep one. */
export function threadCounts(value: string): Readonly<Record<QueueName, number>> {
  const counts: Record<QueueName, number> = { core: 1, features: 1, volumes: 1, compounds: 1 }
  for (const part of value.split(',')) {
    const match = /^\s*(\w+)\s*=\s*(\d+)\s*$/.exec(part)
    const queue = match?.[1] as QueueName
    const count = Number(match?.[2])
    if (!QUEUE_NAMES.includes(queue) || !(count >= 1 && count <= 64))
      throw new Error(`"${part}" is not of the form queue=threads (${QUEUE_NAMES.join(', ')}; 1 to 64)`)
    counts[queue] = count
  }
  return Object.freeze(counts)
}

/** `critical=10,normal=3,background=1`: what a second of waiting weighs; those left out keep their default. */
export function weights(value: string): Weights {
  const result: Record<keyof Weights, number> = { ...DEFAULT_WEIGHTS }
  for (const part of value.split(',')) {
    const match = /^\s*(\w+)\s*=\s*(\d+(?:\.\d+)?)\s*$/.exec(part)
    const criticality = match?.[1] as keyof Weights
    if (match === null || !Object.hasOwn(result, criticality))
      throw new Error(`"${part}" is not of the form criticality=weight (${Object.keys(result).join(', ')})`)
    result[criticality] = Number(match[2])
  }
  return Object.freeze(result)
}
