import type { FrozenFiles, ProxySettings } from '../../siibra/index.ts'
import type { TaskLimits } from '../../tasks/limits.ts'
import type { QueueName, Task, TaskResult } from '../../tasks/task.ts'
import type { Claims } from './claims.ts'
import type { ReplyChannelPlace } from './reply-channel.ts'

/** What a thread is told when it starts: plain data, copied. */
export interface ThreadSettings {
  queues: readonly QueueName[]
  sharedDir: string
  limits?: TaskLimits | undefined
  /** By how many steps (0 to 19) its priority at the operating system is below that of the event loop. */
  niceness: number
  /** Whether spans are wanted (tracing.ts). */
  isTraced: boolean
  /** Load the core at once, and say what it is; else on first use. */
  loadsCoreAtStart: boolean
  /** Load the core after the start, before a task needs it. */
  loadsCoreBehind: boolean
  /** Options of `loadConfiguration`. */
  core: CoreSettings
  /** A quicker way for results than the thread's port; set by its pool. */
  replies?: ReplyChannelPlace | undefined
  /** Which of its tasks it has begun (claims.ts); set by its pool. */
  claims?: Claims | undefined
}

export interface CoreSettings {
  /** A folder, archive or URL, or several of them, or `DEMO` (choose-configuration.ts). */
  configuration: string | readonly string[]
  /** The same as another thread has read it: read these instead, whatever has become of it since. */
  files?: readonly FrozenFiles[] | undefined
  localSnapshotDir: string | undefined
  mirror: string | undefined
  isOffline: boolean
  cacheDir: string
  diskCacheBytes: number
  /** For decoded volumes, of all threads together; each gets a part. */
  volumeCacheBytes: number
  maxDecodedBytes: number
  /** Default 2 GiB - 1. */
  maxRemoteBytes?: number | undefined
  remapProviders: readonly (readonly [from: string, to: string])[]
  /** Proxies of foreign servers (HTTP_PROXY ...). */
  proxies?: ProxySettings | undefined
  allowsPrivateRedirects?: boolean | undefined
}

/** What the loaded core is, for `/about`, readiness and logs. */
export interface CoreSummary {
  /** Where the configuration came from, e.g. a folder or `siibra-configurations@<tag>`. */
  source: string
  /** Short hash of its commit, where it has one. */
  commit: string | null
  isDemo: boolean
  atlases: number
  spaces: number
  parcellations: number
  maps: number
  /** Files that were left out, with what was wrong. */
  problems: string[]
  loadMs: number
  /** Objects that belong together, for examples in the documentation. */
  examples: CoreExamples
}

export type CoreExamples = Partial<
  Record<'atlas_id' | 'space_id' | 'parcellation_id' | 'region_id' | 'map_id' | 'point', string>
>

/** To a thread. */
export type ThreadRequest =
  /** `isFollowed`: somebody wants to hear of its progress. */
  | { kind: 'run'; id: number; task: Task; isFollowed: boolean }
  | { kind: 'abort'; id: number; code: 'ABORTED' | 'DEADLINE_EXCEEDED' }

/** Bytes that the caches of the core hold, by name. */
export type CacheBytes = Record<string, number>

/** From a thread. Bodies of results are transferred. */
export type ThreadReply =
  | { kind: 'started'; handlers: string[]; core: CoreSummary | null; files?: readonly FrozenFiles[] | undefined }
  | { kind: 'failed'; message: string }
  | { kind: 'result'; id: number; result: TaskResult; runMs: number }
  | { kind: 'progress'; id: number; fraction: number; doing: string }
  | { kind: 'caches'; bytes: CacheBytes }
  /** For the log: how far something is that takes long. */
  | { kind: 'notice'; message: string }
  /** From the thread that loaded the core at its start (data-version.ts). */
  | { kind: 'dataVersion'; version: string }
