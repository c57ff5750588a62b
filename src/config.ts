/**
 * Every environment variable that the service obeys, declared once. `parseConfig` turns an environment into one frozen
 * object; nothing else reads `process.env`. docs/configuration.md describes each in words, and a test compares the two.
 */
import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LIMIT_VARIABLES } from './config-limits.ts'
import {
  basePath,
  bucketUrl,
  bytesOf,
  flag,
  folderOrUrl,
  integer,
  listenPort,
  names,
  networks,
  niceness,
  number,
  oneOf,
  pathOf,
  port,
  providerRemapping,
  queueBrokers,
  queueNames,
  redisUrl,
  text,
  threadCounts,
  type Variable,
  variable,
  weights,
} from './config-variables.ts'
import { ConfigError } from './platform/config-error.ts'
import type { ProxySettings } from './siibra/index.ts'
import { nearestOf } from './siibra/index.ts'
import { QUEUE_NAMES } from './tasks/task.ts'
import { DEFAULT_WEIGHTS } from './tasks/weights.ts'

export { ConfigError }

const MEBIBYTE = 2 ** 20

/** Property of the configuration <- variables that set it (the first that is set counts), how it is read, its default. */
export const VARIABLES = {
  ...LIMIT_VARIABLES,
  role: variable(['SIIBRA_API_ROLE'], oneOf(['all', 'server', 'worker']), 'all'),
  host: variable(['SIIBRA_API_HOST'], text, '127.0.0.1'),
  port: variable(['SIIBRA_API_PORT'], listenPort(5000), 5000),
  basePath: variable(['SIIBRA_API_BASE_PATH'], basePath, ''),
  trustedProxies: variable(['SIIBRA_API_TRUSTED_PROXIES'], networks, Object.freeze([])),
  version: variable(['SIIBRA_API_VERSION'], text, undefined),
  namespace: variable(['SIIBRA_API_NAMESPACE'], text, 'siibraapi'),
  gitHash: variable(['GIT_HASH'], text, 'unknown-hash'),

  configuration: variable(['SIIBRA_USE_CONFIGURATION'], text, undefined),
  localSnapshotDir: variable(['SIIBRA_USE_LOCAL_SNAPSPOT'], pathOf, undefined),
  mirror: variable(['SIIBRA_API_MIRROR'], folderOrUrl, undefined),
  isOffline: variable(['SIIBRA_API_OFFLINE'], flag, false),
  remapProviders: variable(['SIIBRA_API_REMAP_PROVIDERS'], providerRemapping, Object.freeze([])),
  httpProxy: variable(['http_proxy', 'HTTP_PROXY'], text, undefined),
  httpsProxy: variable(['https_proxy', 'HTTPS_PROXY'], text, undefined),
  allProxy: variable(['all_proxy', 'ALL_PROXY'], text, undefined),
  noProxy: variable(['no_proxy', 'NO_PROXY'], text, undefined),
  allowsPrivateRedirects: variable(['SIIBRA_API_ALLOW_PRIVATE_REDIRECTS'], flag, false),
  cacheDir: variable(['SIIBRA_CACHEDIR'], pathOf, join(tmpdir(), 'siibra-api-cache')),
  sharedDir: variable(['SIIBRA_API_SHARED_DIR', 'SIIBRA_CACHEDIR'], pathOf, tmpdir()),
  s3: variable(['SIIBRA_API_S3_URL'], bucketUrl, undefined),
  s3Region: variable(['SIIBRA_API_S3_REGION'], text, 'us-east-1'),
  volumeCacheBytes: variable(['SIIBRA_API_VOLUME_CACHE_MB'], bytesOf(MEBIBYTE), 512 * MEBIBYTE),

  threads: variable(['SIIBRA_API_THREADS'], threadCounts, { core: 1, features: 1, volumes: 1, compounds: 1 }),
  maxWaitingTasks: variable(['SIIBRA_API_MAX_WAITING'], integer(1, 1_000_000), 1000),
  taskTimeoutS: variable(['SIIBRA_API_TASK_TIMEOUT_S'], number(0.001, 86_400), 600),
  readTimeoutS: variable(['SIIBRA_API_READ_TIMEOUT_S'], number(0.1, 3600), 60),
  startTimeoutS: variable(['SIIBRA_API_START_TIMEOUT_S'], number(0.001, 3600), 60),
  nearQueues: variable(['SIIBRA_API_SERVER_QUEUES'], queueNames, Object.freeze(['core'] as const)),
  readyQueues: variable(['SIIBRA_API_READY_QUEUES'], queueNames, QUEUE_NAMES),
  dashboardPath: variable(['SIIBRA_API_DASHBOARD_PATH'], text, '/queues'),
  operatorPassword: variable(['SIIBRA_API_OPERATOR_PASSWORD'], text, undefined),
  dashboardPassword: variable(['SIIBRA_API_DASHBOARD_PASSWORD'], text, undefined),
  workerPort: variable(['SIIBRA_API_WORKER_PORT'], integer(0, 65535), undefined),
  graceS: variable(['SIIBRA_API_GRACE_S'], number(0, 3600), 20),

  hasMcp: variable(['SIIBRA_API_MCP'], flag, true),
  mcpHosts: variable(['SIIBRA_API_MCP_HOSTS'], names, Object.freeze([])),
  mcpCallsPerMinute: variable(['SIIBRA_API_MCP_CALLS_PER_MINUTE'], integer(1, 1_000_000), 120),

  takesPosts: variable(['SIIBRA_API_POST'], flag, true),

  responseCacheBytes: variable(['SIIBRA_API_RESPONSE_CACHE_MB'], bytesOf(MEBIBYTE), 64 * MEBIBYTE),
  responseCacheTtlS: variable(['SIIBRA_API_RESPONSE_CACHE_TTL_S'], number(0, 31_536_000), 86_400),
  responseCacheStaleS: variable(['SIIBRA_API_RESPONSE_CACHE_STALE_S'], number(0, 31_536_000), 604_800),
  browserCacheS: variable(['SIIBRA_API_BROWSER_CACHE_S'], integer(0, 31_536_000), 600),
  edgeCacheS: variable(['SIIBRA_API_EDGE_CACHE_S'], integer(0, 31_536_000), 0),
  edgeStaleS: variable(['SIIBRA_API_EDGE_STALE_S'], integer(0, 31_536_000), 0),
  keepsAnswers: variable(['SIIBRA_API_RESPONSE_CACHE_ON_DISK'], flag, true),
  cacheUrl: variable(['SIIBRA_API_CACHE_URL'], redisUrl, undefined),
  brokerUrl: variable(['SIIBRA_API_CELERY_BROKER', 'SIIBRA_API_BROKER_URL'], redisUrl, undefined),
  resultUrl: variable(['SIIBRA_API_CELERY_RESULT', 'SIIBRA_API_RESULT_URL'], redisUrl, undefined),
  queueBrokers: variable(['SIIBRA_API_QUEUE_BROKERS'], queueBrokers, Object.freeze({})),
  redisHost: variable(
    ['SIIBRA_API_REDIS_HOST', 'SIIBRA_REDIS_SERVICE_HOST', 'REDIS_SERVICE_HOST', 'REDIS_HOST'],
    text,
    undefined,
  ),
  redisPort: variable(
    ['SIIBRA_API_REDIS_PORT', 'SIIBRA_REDIS_SERVICE_PORT', 'REDIS_SERVICE_PORT', 'REDIS_PORT'],
    port,
    6379,
  ),
  redisPassword: variable(['SIIBRA_API_REDIS_PASSWORD'], text, undefined),

  logsClients: variable(['SIIBRA_API_LOG_CLIENTS'], flag, false),
  logDir: variable(['SIIBRA_API_LOG_DIR'], pathOf, undefined),
  logLevel: variable(['SIIBRA_API_LOG_LEVEL'], oneOf(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
  logFormat: variable(['SIIBRA_API_LOG_FORMAT'], oneOf(['auto', 'json', 'text']), 'auto'),
  threadNiceness: variable(['SIIBRA_API_THREAD_NICENESS'], niceness, 4),
  warmUp: variable(['SIIBRA_API_WARM_UP'], oneOf(['off', 'behind', 'before']), 'behind'),
  isTraced: variable(['SIIBRA_API_TRACING'], flag, false),
  weights: variable(['SIIBRA_API_WEIGHTS'], weights, DEFAULT_WEIGHTS),
  monitorDir: variable(['MONITOR_FIRSTLVL_DIR'], pathOf, undefined),
} as const satisfies Record<string, Variable<unknown, unknown>>

type Value<V> = V extends Variable<infer T, infer D> ? T | D : never

/** The settings of a process: parsed, checked, with defaults filled in. */
export type Config = Readonly<{ [K in keyof typeof VARIABLES]: Value<(typeof VARIABLES)[K]> }> & {
  /** What the log should say of the environment at start: variables that nothing reads. */
  readonly warnings: readonly string[]
}

/**
 * Reads an environment. A variable that is set to an empty string counts as unset, as in the original.
 * Throws a ConfigError that lists everything that is wrong.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [property, { names, parse, fallback }] of Object.entries(VARIABLES) as [string, Variable][]) {
    const name = names.find((candidate) => env[candidate]?.trim())
    values[property] = fallback
    if (name === undefined) continue
    try {
      values[property] = parse((env[name] as string).trim())
    } catch (problem) {
      problems.push(`${name}: ${(problem as Error).message}`)
    }
  }
  if (values.role !== 'server') problems.push(...findMissingMirror(values.mirror as Config['mirror']))
  values.warnings = Object.freeze(findUnknown(env).map(describeUnknown))
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(values) as Config
}

/** A server leaves reading to its workers, which may have folders that it has not. */
function findMissingMirror(mirror: string | undefined): string[] {
  if (mirror === undefined || mirror.includes('://')) return []
  const isFolder = statSync(mirror, { throwIfNoEntry: false })?.isDirectory() ?? false
  return isFolder ? [] : [`SIIBRA_API_MIRROR: ${mirror} is neither a folder nor an http(s) URL`]
}

const KNOWN_NAMES: readonly string[] = Object.values<Variable>(VARIABLES).flatMap(({ names }) => names)

/** What Kubernetes and Docker set for the services of a namespace. */
const SERVICE_LINK = /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT_\d+_(?:TCP|UDP)(?:_(?:PROTO|PORT|ADDR))?$/

/** Variables that look like this service's, and are read by nothing: mostly misspelt ones. */
function findUnknown(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('SIIBRA_') && !KNOWN_NAMES.includes(name) && env[name]?.trim())
    .filter((name) => !SERVICE_LINK.test(name) && !(name.endsWith('_PORT') && env[name]?.startsWith('tcp://')))
    .sort()
}

function describeUnknown(name: string): string {
  const nearest = nearestOf(KNOWN_NAMES, name)
  return `Nothing reads the variable ${name}${nearest ? `; did you mean ${nearest}?` : ''}`
}

/** The Redis that a purpose uses: its own URL, else the host that the original's names give, else none. */
export function redisUrlFor(config: Config, purpose: 'broker' | 'result' | 'cache'): string | undefined {
  const own = { broker: config.brokerUrl, result: config.resultUrl, cache: config.cacheUrl }[purpose]
  if (own !== undefined) return own
  if (config.redisHost === undefined) return undefined
  const password = config.redisPassword === undefined ? '' : `:${encodeURIComponent(config.redisPassword)}@`
  return `redis://${password}${config.redisHost}:${config.redisPort}`
}

/** Which proxies foreign servers are asked through. */
export function proxiesOf({ httpProxy, httpsProxy, allProxy, noProxy }: ProxyConfig): ProxySettings {
  return { http: httpProxy, https: httpsProxy, all: allProxy, no: noProxy }
}

type ProxyConfig = Pick<Config, 'httpProxy' | 'httpsProxy' | 'allProxy' | 'noProxy'>
