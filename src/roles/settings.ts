import type { Config } from '../config.ts'
import { proxiesOf, redisUrlFor } from '../config.ts'
import { brokersOf, type QueueBroker } from '../dispatch/queue/brokers/queue-brokers.ts'
import type { QueueScope } from '../dispatch/queue/names.ts'
import type { CoreSettings } from '../dispatch/threads/thread-messages.ts'
import { type ObjectStorage, openObjectStorage } from '../downloads/object-storage.ts'
import type { ConnectionReport } from '../platform/redis.ts'
import type { ResponseCache } from '../server/cache/cache.ts'
import { type KeptOnDisk, keepOnDisk } from '../server/cache/keep-on-disk.ts'
import { createLayeredCache } from '../server/cache/layered.ts'
import { createMemoryCache } from '../server/cache/memory.ts'
import type { SnapshotSource } from '../server/cache/snapshot.ts'
import { createLogger, type Logger } from '../server/log/log.ts'
import type { TaskLimits } from '../tasks/limits.ts'
import { deploymentVersion, PACKAGE_VERSION, resolveApiVersion } from '../version.ts'

/** The log of a process, which begins with what is odd about its environment. */
export function openLog(config: Config, name?: string): Logger {
  const logger = createLogger(config, name)
  for (const warning of config.warnings) logger.warn(warning)
  return logger
}

/** What the service says of itself. */
export const serviceInfo = (config: Config) => ({
  apiVersion: resolveApiVersion(config),
  packageVersion: PACKAGE_VERSION,
  gitHash: config.gitHash,
  role: config.role,
})

/** What the threads need to load the core. */
export function coreSettings(config: Config, configuration: string | readonly string[]): CoreSettings {
  const { localSnapshotDir, mirror, isOffline, remapProviders, cacheDir, allowsPrivateRedirects } = config
  const { diskCacheBytes, volumeCacheBytes, maxDecodedBytes, maxRemoteBytes } = config
  return {
    configuration,
    localSnapshotDir,
    mirror,
    isOffline,
    remapProviders,
    proxies: proxiesOf(config),
    allowsPrivateRedirects,
    cacheDir,
    diskCacheBytes,
    volumeCacheBytes,
    maxDecodedBytes,
    maxRemoteBytes,
  }
}

/** What tasks may take. */
export const taskLimits = (config: LimitsConfig): TaskLimits => ({
  points: config.maxPoints,
  uncertainPoints: config.maxUncertainPoints,
  imageVoxels: config.maxImageVoxels,
  volumeBytes: config.maxVolumeBytes,
  inflatedBytes: config.maxInflatedBytes,
  volumes: config.maxVolumes,
  answerFileBytes: config.maxAnswerFileBytes,
  sharedBytes: config.sharedBytes,
})

type LimitsConfig = Pick<
  Config,
  | 'maxPoints'
  | 'maxUncertainPoints'
  | 'maxImageVoxels'
  | 'maxVolumeBytes'
  | 'maxInflatedBytes'
  | 'maxVolumes'
  | 'maxAnswerFileBytes'
  | 'sharedBytes'
>

/** What threads are started with in every role. `configuration` is asked when the first of them starts. */
export const threadsOptions = (config: Config, logger: Logger, configuration: () => string | readonly string[]) => ({
  entry: new URL('./thread.js', import.meta.url),
  threads: config.threads,
  maxWaiting: config.maxWaitingTasks,
  sharedDir: config.sharedDir,
  limits: taskLimits(config),
  niceness: config.threadNiceness,
  isTraced: config.isTraced,
  core: () => coreSettings(config, configuration()),
  onProblem: (message: string) => logger.error(message),
  onNotice: (message: string) => logger.info(message),
})

/** Where the servers and workers of a version meet; unset, it is Redis on this machine, as in the original. */
export function queueSettings(config: Config): { brokers: readonly QueueBroker[]; scope: QueueScope } {
  const brokerUrl = redisUrlFor(config, 'broker') ?? 'redis://localhost:6379'
  const resultUrl = redisUrlFor(config, 'result') ?? brokerUrl
  return {
    brokers: brokersOf({ brokerUrl, resultUrl }, config.queueBrokers),
    scope: { version: deploymentVersion(config), namespace: config.namespace },
  }
}

/** Where finished downloads are brought; none where no bucket is configured. */
export async function openStorage({ s3, s3Region }: Config): Promise<ObjectStorage | undefined> {
  return s3 === undefined ? undefined : openObjectStorage(s3, s3Region)
}

/** A line in the log when a connection comes or goes. */
export function reportTo(logger: Logger): ConnectionReport {
  return (event, message) => logger[event === 'up' ? 'info' : 'warn']({ redis: event }, message)
}

export interface OpenedCache {
  cache: ResponseCache
  /** The part in the memory of this process. */
  memory: SnapshotSource
  /** Where that outlives the process on disk; with Redis, answers lie there. */
  kept: KeptOnDisk | undefined
}

/**
 * Answers in memory; behind it Redis, where one is configured, as soon as the version of the data is known; else a file, in
 * role all.
 */
export async function openResponseCache(
  config: Config,
  logger: Logger,
  dataVersion: () => string | undefined,
): Promise<OpenedCache> {
  const memory = createMemoryCache({ maxBytes: config.responseCacheBytes })
  const url = redisUrlFor(config, 'cache')
  if (url === undefined) {
    const isKept = config.role === 'all' && config.keepsAnswers && config.responseCacheBytes > 0
    const kept = isKept ? keepOnDisk(memory, config.cacheDir, (message) => logger.warn(message)) : undefined
    return { cache: memory, memory, kept }
  }
  // its client costs 40 ms of a start, which most services in role all do not need
  const { createRedisCache } = await import('../server/cache/redis.ts')
  const begin = `siibra-api:${deploymentVersion(config)}.${config.namespace}`
  const prefix = () => {
    const version = dataVersion()
    return version && `${begin}:${version}:response:`
  }
  const cache = createLayeredCache(memory, createRedisCache({ url, prefix, report: reportTo(logger) }))
  return { cache, memory, kept: undefined }
}
