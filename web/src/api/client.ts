/** Requests to the service that this page comes from, by the client that other programs use as well. Nothing else is asked. */
import { ApiError, createClient } from '@siibra-api/client'

export { ApiError }

/** Where the routes are: beside the page, wherever that lies. */
export const API = new URL('./v3_0', document.baseURI).href.replace(/\/$/, '')

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>

export interface Options {
  signal?: AbortSignal | undefined
  /** Called while bytes arrive; `total` is undefined where the service does not say it. */
  onProgress?: (received: number, total: number | undefined) => void
}

/** Paths of this page have their ids in them already (see `id`): what they answer is told by who asks. */
type Ask<T> = (path: string, query: Query, options: Options) => Promise<T>

// the browser itself keeps answers
const client = createClient(API, { retries: 2, cacheBytes: 0 })

/** The address of a route; `path` has its ids encoded already (see `id`). */
export const apiUrl = (path: string, query: Query = {}): string =>
  (client.url as (path: string, query: Query) => string)(path, given(query))

/** An id as part of a path. */
export const id = encodeURIComponent

export const getJson = <T>(path: string, query: Query = {}, { signal }: Options = {}): Promise<T> =>
  inWords((client.get as Ask<unknown> as Ask<T>)(path, given(query), { signal }))

/** All items of a listing. */
export const getAll = <T>(path: string, query: Query = {}, { signal }: Options = {}): Promise<T[]> =>
  inWords((client.all as Ask<unknown> as Ask<T[]>)(path, given(query), { signal }))

/** The bytes of a file, and how far they are. Paths are texts here, where the client's types know each route. */
export const getBytes = async (path: string, query: Query = {}, options: Options = {}): Promise<ArrayBuffer> =>
  (await inWords((client.bytes as unknown as Ask<Uint8Array<ArrayBuffer>>)(path, given(query), options))).buffer

/** A field that was left empty is no parameter. */
const given = (query: Query): Query => Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))

/** A service that is gone is told to people, not its address. */
async function inWords<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (thrown) {
    throw thrown instanceof ApiError && thrown.status === 0 ? unreachable(thrown.url) : thrown
  }
}

const unreachable = (url: string) =>
  new ApiError(0, 'UNREACHABLE', 'The service does not answer. Is it still running?', url)
