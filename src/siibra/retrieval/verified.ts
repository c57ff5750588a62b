/**
 * Bytes are believed once something has decoded them. A server that answers 200 with a web page, with nothing or with
 * half of a file must not cost seven days of a wrong answer: what cannot be decoded is dropped and asked for once more.
 */
import { SiibraError } from '../errors.ts'
import type { Retrieval } from './retrieval-types.ts'
import type { Store } from './stores/store.ts'

/** The reading part of a retrieval. It notes what it gives, so it is of use within one `verified` only. */
export type Reads = Pick<Retrieval, 'store' | 'bytes' | 'range' | 'json' | 'zipMember'>

/**
 * Runs `load`, which reads and decodes, and tells the caches what came of it. Where something could not be decoded, it
 * is dropped from them and `load` runs once more, unless it was asked for anew within the last seconds.
 * What `load` throws the second time is thrown, and nothing of it stays in a cache for longer than 10 s.
 */
export async function verified<T>(retrieval: Retrieval, load: (reads: Reads) => Promise<T>): Promise<T> {
  const read = new Set<string>()
  try {
    const value = await load(noting(retrieval, read))
    await retrieval.confirm?.(read)
    return value
  } catch (thrown) {
    if (!isDoubtful(thrown) || !(await retrieval.reject?.(suspectsOf(thrown, read)))) throw thrown
  }
  const readAgain = new Set<string>()
  const value = await load(noting(retrieval, readAgain))
  await retrieval.confirm?.(readAgain)
  return value
}

/** What decoders throw of bytes that are not what they should be; errors that nobody foresaw among them. */
function isDoubtful(thrown: unknown): boolean {
  if (thrown instanceof SiibraError) return DOUBTFUL.has(thrown.code)
  return thrown instanceof Error && thrown.name !== 'AbortError'
}

const DOUBTFUL: ReadonlySet<SiibraError['code']> = new Set(['BAD_DATA', 'UNSUPPORTED', 'BAD_CONFIGURATION', 'INTERNAL'])

/** The URL that the error names, if it was read; else all that was read. */
function suspectsOf(thrown: unknown, read: ReadonlySet<string>): ReadonlySet<string> {
  const named = thrown instanceof SiibraError ? thrown.details.url : undefined
  if (typeof named !== 'string') return read
  const suspects = [...read].filter((url) => named === url || named.startsWith(`${url} `))
  return suspects.length > 0 ? new Set(suspects) : read
}

function noting(retrieval: Retrieval, urls: Set<string>): Reads {
  const note = <Rest extends unknown[], T>(read: (url: string, ...rest: Rest) => T) => {
    return (url: string, ...rest: Rest): T => {
      urls.add(url)
      return read(url, ...rest)
    }
  }
  return {
    store: notingStore(retrieval.store, note),
    bytes: note((url, options) => retrieval.bytes(url, options)),
    range: note((url, range, options) => retrieval.range(url, range, options)),
    json: note((url, options) => retrieval.json(url, options)) as Reads['json'],
    zipMember: note((url, member, options) => retrieval.zipMember(url, member, options)),
  }
}

type Note = <Rest extends unknown[], T>(read: (url: string, ...rest: Rest) => T) => (url: string, ...rest: Rest) => T

function notingStore(store: Store, note: Note): Store {
  const { getRange, stat } = store
  return {
    get: note((url, options) => store.get(url, options)),
    getRange: getRange && note((url, range, options) => getRange.call(store, url, range, options)),
    stat: stat && note((url, options) => stat.call(store, url, options)),
  }
}
