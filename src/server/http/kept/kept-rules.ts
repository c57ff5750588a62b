/**
 * What a kept answer is, said once for both ways that send one: the short way (hot-path.ts), which answers a raw URL that
 * was answered before, and the whole way (answer.ts), which does all that a request may ask for.
 */
import type { Config } from '../../../config.ts'
import type { CacheEntry, Encoding } from '../../cache/cache.ts'
import { COMPRESSED_ENCODINGS } from '../../cache/cache.ts'
import type { HeaderList } from '../exchange.ts'
import { PYTHON_MEDIA_TYPE } from '../parameters/python-snippet.ts'

/** Headers of requests that decide which form of an answer is sent. */
export const VARY = 'Accept-Encoding, Accept'

/**
 * Headers of requests that ask for more than a kept answer as it is, each with what it asks for where it has that value:
 * `private`: an answer that is kept nowhere; `fresh`: one that is made now; `other`: one of another form, or a part of it.
 */
const DEMANDS: Readonly<Record<string, (value: string) => 'private' | 'fresh' | 'other' | undefined>> = {
  authorization: () => 'private',
  'x-bypass-fastapi-cache': (value) => (value === '' ? undefined : 'fresh'),
  'cache-control': (value) => (value === 'no-cache' ? 'fresh' : undefined),
  accept: (value) => (value === PYTHON_MEDIA_TYPE ? 'other' : undefined),
  range: () => 'other',
}
const DEMANDING = Object.keys(DEMANDS)
/** Lengths of these names: headers of other lengths need not be looked at. */
export const DEMANDING_LENGTHS: ReadonlySet<number> = new Set(DEMANDING.map((name) => name.length))

/** What one header asks for beyond the kept answer; its name in lower case. */
export const demandOf = (name: string, value: string): ReturnType<(typeof DEMANDS)[string]> =>
  Object.hasOwn(DEMANDS, name) ? DEMANDS[name]?.(value) : undefined

/** Whether some header of a request asks for this. */
export function demands(headers: Readonly<Record<string, unknown>>, what: 'private' | 'fresh' | 'other'): boolean {
  return DEMANDING.some((name) => headers[name] !== undefined && demandOf(name, String(headers[name])) === what)
}

/** Answers that take ranges: all but JSON. */
export const isFile = ({ contentType }: Pick<CacheEntry, 'contentType'>): boolean =>
  !contentType.startsWith('application/json')

/** The validator of one encoding of a body: a strong one stands for the very bytes. */
export const etagOfEncoding = (etag: string, encoding: Encoding): string =>
  encoding === 'identity' ? etag : `${etag.slice(0, -1)}-${encoding}"`

const ENCODING_SUFFIX = new RegExp(`-(?:${COMPRESSED_ENCODINGS.join('|')})"$`)

/**
 * `If-None-Match`, weakly compared, as for GET and HEAD: the validator of any encoding says that the client has the answer.
 * `etag` is that of the identity.
 */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((candidate) => {
    const tag = candidate.trim().replace(/^W\//, '').replace(ENCODING_SUFFIX, '"')
    return tag === '*' || tag === etag
  })
}

/** Headers of a kept answer beside those that every answer has, and its length. */
export function keptHeaders(entry: CacheEntry, encoding: Encoding, cacheControl: string): HeaderList {
  const { contentType, etag } = entry
  const headers: HeaderList = ['etag', etagOfEncoding(etag, encoding), 'vary', VARY]
  if (isFile(entry)) headers.push('accept-ranges', 'bytes')
  headers.push('content-type', contentType, 'cache-control', cacheControl)
  for (const name in entry.headers) if (name !== 'cache-control') headers.push(name, entry.headers[name] as string)
  if (encoding !== 'identity') headers.push('content-encoding', encoding)
  return headers
}

export type PublicCaching = Pick<Config, 'browserCacheS' | 'edgeCacheS' | 'edgeStaleS'>

/** `Cache-Control` of what everybody may keep; caches between (an edge, a CDN) may have times of their own (RFC 5861, RFC 9111). */
export function publicCacheControl({ browserCacheS, edgeCacheS, edgeStaleS }: PublicCaching): string {
  const shared = edgeCacheS === 0 ? '' : `, s-maxage=${edgeCacheS}`
  const stale = edgeStaleS === 0 ? '' : `, stale-while-revalidate=${edgeStaleS}, stale-if-error=${edgeStaleS}`
  return `public, max-age=${browserCacheS}${shared}${stale}`
}
