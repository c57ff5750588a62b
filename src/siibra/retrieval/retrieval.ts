import { statSync } from 'node:fs'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import { SiibraError } from '../errors.ts'
import { createByteBoundedCache } from './cache/byte-bounded-cache.ts'
import { createDiskCache } from './cache/disk-cache.ts'
import type { Retrieval } from './retrieval-types.ts'
import { withWholeObjectRanges } from './stores/byte-range.ts'
import { type AroundRequest, createHttpClient, type HttpClient } from './stores/http-client.ts'
import { createHttpStore, unexpectedStatus } from './stores/http-store.ts'
import { createFolderMirror, createHttpMirror, mapKeys, toMirrorPath, toMirrorUrl } from './stores/mirror-store.ts'
import { createMounts } from './stores/mounts.ts'
import type { ProxySettings } from './stores/proxy.ts'
import type { ReadOptions, Store } from './stores/store.ts'
import { isUpstreamUnavailable, upstreamUnavailable } from './upstream-errors.ts'
import { verified } from './verified.ts'
import { jsonFault } from './what-came.ts'
import {
  type CircuitBreakerOptions,
  createCircuitBreaker,
  withCircuitBreaker,
} from './wrappers/with-circuit-breaker.ts'
import { createLimiter, hostOf, type Limiter, withConcurrencyLimit } from './wrappers/with-concurrency-limit.ts'
import { type CachePolicy, type ProvingStore, withDiskCache } from './wrappers/with-disk-cache.ts'
import { withFallback } from './wrappers/with-fallback.ts'
import { withMaxBytes } from './wrappers/with-max-bytes.ts'
import { type RetryOptions, retry, withRetry } from './wrappers/with-retry.ts'
import { withSingleFlight } from './wrappers/with-single-flight.ts'
import { limitTime, withTimeLimit } from './wrappers/with-time-limit.ts'
import { type WriteBehindCache, withWriteBehind } from './wrappers/with-write-behind.ts'
import { openZipArchive, type ZipArchive } from './zip/zip-archive.ts'

export type { Retrieval } from './retrieval-types.ts'

export interface RetrievalOptions {
  /** Folder, base URL or store with copies of remote data as `<host>/<path>[@@<hash of the query>]`; asked first. */
  mirror?: string | Store
  /** Ask nothing but the mirror (and, without a mirror, the disk cache). Default false. */
  offline?: boolean
  /** `[from, to]`: parts of URLs that are replaced before the origin (not the mirror) is asked. */
  remap?: readonly (readonly [from: string, to: string])[]
  /** Wrapped around all that reads remote data; keys are URLs. */
  around?: (store: Store) => Store
  /** Requests at a time to one host. Default 12. */
  concurrencyPerHost?: number
  /** Longest time of one attempt. Default 120,000 ms. */
  timeLimitMs?: number
  /** Longest silence on a connection. Default 20,000 ms. */
  idleTimeoutMs?: number
  /** Largest object that is read. Default 2 GiB - 1. */
  maxBytes?: number
  retry?: RetryOptions
  /** When a host counts as away, and for how long it is left alone. */
  breaker?: CircuitBreakerOptions
  /** Folder in which remote bytes are kept (in `remote/`), shared by all processes. Default: none are kept. */
  cacheDir?: string
  /** Bound of the disk cache. Default 2 GiB. */
  cacheMaxBytes?: number
  /** After this, remote data are asked for anew; where that fails, the old ones are used. Default 7 days. */
  cacheFreshMs?: number
  /** What cannot be decoded is asked for anew once in this time. Default 10,000 ms. */
  rejectPauseMs?: number
  /** Hears of a disk cache that cannot be read or written; the service goes on without. */
  onProblem?: (message: string) => void
  /** HTTP(S) proxies, as the environment names them. Default: none. */
  proxies?: ProxySettings | undefined
  /** Follow redirects of public servers to private, link-local and loopback addresses. Default false. */
  allowsPrivateRedirects?: boolean | undefined
  /** Value of the User-Agent header. */
  userAgent?: string
  /** Wrapped around each request over HTTP. */
  aroundRequest?: AroundRequest | undefined
}

const MAX_BYTES = 2 ** 31 - 1
const ZIP_CACHE_BYTES = 64 * 1024 * 1024

export function createRetrieval(options: RetrievalOptions = {}): Retrieval {
  const { offline = false, mirror, timeLimitMs = 120_000, concurrencyPerHost = 12, maxBytes = MAX_BYTES } = options
  const { rejectPauseMs = 10_000, idleTimeoutMs, userAgent, proxies, allowsPrivateRedirects, aroundRequest } = options
  const client = createHttpClient({ idleTimeoutMs, userAgent, proxies, allowsPrivateRedirects, aroundRequest })
  const limiter = createLimiter(concurrencyPerHost)
  const breaker = createCircuitBreaker(options.breaker)
  const oneAttempt = withConcurrencyLimit(withTimeLimit(createHttpStore(client), timeLimitMs), limiter)
  const network = withRetry(withCircuitBreaker(oneAttempt, breaker), options.retry)
  const remapped = (url: string) => (options.remap ?? []).reduce((known, [from, to]) => known.replaceAll(from, to), url)
  const cache = options.cacheDir === undefined ? undefined : openCache(options.cacheDir, options)
  const provingStores: ProvingStore[] = []
  const cached = (source: Store, policy: CachePolicy = {}) => {
    if (!cache) return source
    const unprovenFreshMs = rejectPauseMs
    const proving = withDiskCache(source, cache, { freshMs: options.cacheFreshMs, unprovenFreshMs, ...policy })
    provingStores.push(proving)
    return proving
  }
  const origin = cached(offline ? createClosedStore() : mapKeys(network, remapped))
  const mirrored = mirror === undefined ? undefined : createMirror(mirror, network, cached)
  const sources = mirrored ? (offline ? mirrored : withFallback(mirrored, origin)) : origin
  const mounts = createMounts()
  const shared = withSingleFlight(mounts.before(checkUrls(options.around?.(sources) ?? sources)))
  const store = withWholeObjectRanges(withMaxBytes(shared, options.maxBytes ?? MAX_BYTES))
  const archives = createByteBoundedCache<{ archive?: ZipArchive }>({
    maxBytes: ZIP_CACHE_BYTES,
    sizeOf: ({ archive }) => archive?.heldBytes ?? Number.POSITIVE_INFINITY,
  })

  const rejected = new LRUCache<string, true>({ max: 10_000, ttl: Math.max(1, rejectPauseMs) })

  async function openArchive(url: string, signal?: AbortSignal): Promise<ZipArchive | undefined> {
    const open = async (shared: AbortSignal) => ({ archive: await openZipArchive(store, url, { signal: shared }) })
    return (await archives.load(url, open, signal)).archive
  }

  const retrieval: Retrieval = {
    store,
    bytes: (url, read) => store.get(url, read),
    range: (url, range, read) => store.getRange(url, range, read),
    json<T>(url: string, read?: ReadOptions) {
      return verified(retrieval, async (reads) => {
        const bytes = await reads.bytes(url, read)
        return bytes && parseJson<T>(bytes, url)
      })
    },
    async postJson<T>(url: string, body: unknown, read: ReadOptions = {}) {
      const post = (to: string) => postOnce(client, limiter, to, JSON.stringify(body), timeLimitMs, read)
      const attempt = (to: string) => retry(() => breaker.run(to, () => post(to)), read.signal, options.retry)
      const targets = [
        ...(typeof mirror === 'string' && isUrl(mirror) ? [toMirrorUrl(mirror, url)] : []),
        ...(offline ? [] : [remapped(url)]),
      ]
      let failure: unknown = upstreamUnavailable(url, 'offline, and the mirror takes no POST requests')
      for (const target of targets) {
        try {
          return parseJson<T>(await attempt(target), url)
        } catch (thrown) {
          if (!isUpstreamUnavailable(thrown)) throw thrown
          failure = thrown
        }
      }
      throw failure
    },
    async zipMember(url, member, read) {
      const archive = await openArchive(url, read?.signal)
      const name = archive && findMember(archive, member, url)
      return name === undefined ? undefined : archive?.read(name, { maxBytes, ...read })
    },
    mount: mounts.mount,
    async confirm(urls) {
      for (const proving of provingStores) for (const url of urls) await proving.prove(url)
    },
    async reject(urls) {
      const asked = [...urls].filter((url) => !rejected.has(url))
      for (const url of asked) {
        rejected.set(url, true)
        archives.delete(url)
        for (const proving of provingStores) await proving.drop(url)
      }
      return asked.length > 0
    },
    derived: cache,
    async close() {
      client.close()
      archives.clear()
      await cache?.settle()
    },
  }
  return retrieval
}

function openCache(cacheDir: string, { cacheMaxBytes = 2 * 1024 ** 3, onProblem }: RetrievalOptions): WriteBehindCache {
  return withWriteBehind(createDiskCache({ folder: join(cacheDir, 'remote'), maxBytes: cacheMaxBytes, onProblem }))
}

/** A mirror server's copies are cached apart from the originals: they may differ. */
function createMirror(
  mirror: string | Store,
  network: Store,
  cached: (store: Store, policy: CachePolicy) => Store,
): Store {
  if (typeof mirror !== 'string') return mapKeys(mirror, toMirrorPath)
  if (isUrl(mirror)) return cached(createHttpMirror(network, mirror), { namespace: `mirror ${mirror}\n` })
  if (!statSync(mirror, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SiibraError('INVALID_PARAMETER', `the mirror ${mirror} is neither a folder nor an http(s) URL`, {
      parameter: 'mirror',
    })
  }
  return createFolderMirror(mirror)
}

/** Stands for the network where it must not be asked. */
function createClosedStore(): Store {
  const refuse = async (url: string) => {
    throw upstreamUnavailable(url, 'the service is offline')
  }
  return { get: refuse, getRange: refuse, stat: refuse }
}

function checkUrls(store: Store): Store {
  return mapKeys(store, (url) => {
    if (isUrl(url) && URL.canParse(url)) return url
    throw new SiibraError('BAD_DATA', `${JSON.stringify(url)} is no http(s) URL`, { url })
  })
}

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text)
}

function parseJson<T>(bytes: Uint8Array, url: string): T {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T
  } catch (thrown) {
    throw new SiibraError('BAD_DATA', `${url} is no JSON: ${jsonFault(bytes, thrown)}`, { url }, { cause: thrown })
  }
}

function postOnce(
  client: HttpClient,
  limiter: Limiter,
  url: string,
  body: string,
  limitMs: number,
  read: ReadOptions,
): Promise<Uint8Array> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const post = async ({ signal, maxBytes = MAX_BYTES }: ReadOptions) => {
    const answer = await client.request(url, { method: 'POST', headers, body, signal, maxBytes })
    if (answer.status >= 300) throw unexpectedStatus(url, answer)
    return answer.body
  }
  return limiter.run(hostOf(url), () => limitTime(url, limitMs, read, post), read.signal)
}

function findMember(archive: ZipArchive, member: string, url: string): string | undefined {
  if (archive.entries.has(member)) return member
  const fitting = [...archive.entries.keys()].filter((name) => name.endsWith(member))
  if (fitting.length <= 1) return fitting[0]
  throw new SiibraError('BAD_DATA', `${member} fits several members of ${url}: ${fitting.slice(0, 10).join(', ')}`, {
    url,
    candidates: fitting,
  })
}
