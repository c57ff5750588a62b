/**
 * Response caches: finished answers under a key. The memory cache and Redis (alone or behind it) pass the same suite.
 * A cache never fails a request: what cannot be read is missing, what cannot be written is dropped and counted.
 */

/** Content encodings in which bodies are kept; of those that a client likes equally, the one that stands first is sent. */
export const COMPRESSED_ENCODINGS = ['br', 'zstd', 'gzip'] as const
export const ENCODINGS = ['identity', ...COMPRESSED_ENCODINGS] as const
export type Encoding = (typeof ENCODINGS)[number]

export type Bodies = { identity: Uint8Array } & { [E in (typeof COMPRESSED_ENCODINGS)[number]]?: Uint8Array }

export interface CacheEntry {
  status: number
  contentType: string
  /** Further headers of the answer (loose match, content-disposition ...), names in lower case. */
  headers: Record<string, string>
  /** Strong validator of the identity body, with its quotes. */
  etag: string
  /** `identity` is always there; the compressed forms are added when they have been made. */
  bodies: Bodies
  /** Unix time in ms after which the entry is still served, but made again behind; absent: never. */
  staleAtMs?: number
  /** Unix time in ms after which the entry is not served any more. */
  expiresAtMs: number
}

export interface CacheStats {
  entries: number
  bytes: number
  maxBytes: number
  hits: number
  misses: number
  /** Reads and writes that the back end failed. */
  errors: number
}

export interface ResponseCache {
  /** What back end this is, for logs, metrics and readiness: `memory`, `redis`, `memory+redis`. */
  readonly name: string
  /** The entry of a key that has not expired. Never rejects. */
  get(key: string): Promise<CacheEntry | undefined>
  /** The same without waiting, where this process holds the entry itself; undefined says nothing about other places. Counts nothing. */
  peek?(key: string): CacheEntry | undefined
  /** An entry that was looked at has been sent: a hit. */
  countHit?(): void
  /** Keeps an entry; replaces an older one of the key (as when a compressed form is added). Never rejects. */
  set(key: string, entry: CacheEntry): Promise<void>
  delete(key: string): Promise<void>
  clear(): Promise<void>
  stats(): CacheStats
  /** Whether the back end can be reached now. */
  isReachable(): Promise<boolean>
  close(): Promise<void>
}

/** Memory that an entry takes, about. */
export function entrySizeBytes(key: string, entry: CacheEntry): number {
  const bytes = ENCODINGS.reduce((sum, encoding) => sum + (entry.bodies[encoding]?.byteLength ?? 0), 0)
  return bytes + 2 * key.length + 512
}

/** Whether an entry is to be made again, though it may be served meanwhile. */
export function isStale({ staleAtMs }: CacheEntry): boolean {
  return staleAtMs !== undefined && staleAtMs <= Date.now()
}
