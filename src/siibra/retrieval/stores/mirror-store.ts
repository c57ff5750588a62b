import { createHash } from 'node:crypto'
import { createFolderStore } from './folder-store.ts'
import type { Store } from './store.ts'

/**
 * Where a mirror keeps the copy of a URL: `<host>/<path>`, percent-decoded, with `@@` and the first 16 hex digits of the
 * SHA-256 of the percent-decoded query where the URL has one.
 */
export function toMirrorPath(url: string): string {
  const { host, pathname, search } = new URL(url)
  const path = host + decodeLoosely(pathname)
  const query = search.slice(1)
  if (query === '') return path
  return `${path}@@${createHash('sha256').update(decodeLoosely(query)).digest('hex').slice(0, 16)}`
}

/** The address of a URL's copy on a mirror that is served over HTTP. */
export function toMirrorUrl(baseUrl: string, url: string): string {
  const { host, pathname, search } = new URL(url)
  return `${baseUrl.replace(/\/+$/, '')}/${host}${pathname}${search}`
}

/** Copies of remote objects in a folder; keys are the original URLs. */
export function createFolderMirror(folder: string): Store {
  return mapKeys(createFolderStore(folder), toMirrorPath)
}

/** Copies of remote objects on an HTTP server that `store` can ask; keys are the original URLs. */
export function createHttpMirror(store: Store, baseUrl: string): Store {
  return mapKeys(store, (url) => toMirrorUrl(baseUrl, url))
}

/** The same store under other names: `keyOf` gives the inner key of an outer one. */
export function mapKeys(store: Store, keyOf: (key: string) => string): Store {
  const { getRange, stat } = store
  return {
    get: (key, options) => store.get(keyOf(key), options),
    getRange: getRange && ((key, range, options) => getRange.call(store, keyOf(key), range, options)),
    stat: stat && ((key, options) => stat.call(store, keyOf(key), options)),
  }
}

function decodeLoosely(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'))
  } catch {
    return text
  }
}
