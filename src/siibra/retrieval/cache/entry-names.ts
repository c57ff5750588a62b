/**
 * Keys of the disk cache: an object (`<namespace><url>`), a part of one (a byte range), and either of them while nothing
 * has decoded it yet. NUL separates them, since it is in no URL.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ByteRange } from '../stores/store.ts'

const UNPROVEN = '\0unproven'

/** A byte range of an object that is not there as a whole. */
export const partKey = (object: string, range: ByteRange): string => `${object}\0${JSON.stringify(range)}`

/** The same entry, as long as nothing has decoded it. */
export const unprovenKey = (key: string): string => key + UNPROVEN

/** The key under which an entry is kept for good. */
export const provenKey = (key: string): string => (key.endsWith(UNPROVEN) ? key.slice(0, -UNPROVEN.length) : key)

/** Whether the key names the object, a part of it, or either of them unproven. */
export const belongsTo = (key: string, object: string): boolean => key === object || key.startsWith(`${object}\0`)

/**
 * Where entries lie: `ab/cdef...` for an object, `ab/cdef....parts/0123...` for its parts, both with `.new` as long as
 * they are unproven. So all of an object can be found, by any process.
 */
export function entryPath(folder: string, key: string): string {
  const [object = '', ...parts] = provenKey(key).split('\0')
  const suffix = key.endsWith(UNPROVEN) ? '.new' : ''
  const path = objectPath(folder, object)
  return parts.length === 0 ? path + suffix : join(partsFolder(path), hashOf(parts.join('\0')).slice(0, 40)) + suffix
}

export function objectPath(folder: string, object: string): string {
  const hash = hashOf(object)
  return join(folder, hash.slice(0, 2), hash.slice(2))
}

export const partsFolder = (path: string): string => `${path}.parts`

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
