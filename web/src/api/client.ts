/** Requests to the service that this page comes from. Nothing else is asked. */

/** Where the routes are: beside the page, wherever that lies. */
export const API = new URL('./v3_0', document.baseURI).href.replace(/\/$/, '')

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>

/** What the service says when it cannot answer, in words. */
export class ApiError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The address of a route; `path` has its ids encoded already (see `id`). */
export function apiUrl(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) =>
      one === undefined || one === '' ? [] : [`${name}=${encodeURIComponent(String(one))}`],
    ),
  )
  return API + path + (pairs.length > 0 ? `?${pairs.join('&')}` : '')
}

/** An id as part of a path. */
export const id = encodeURIComponent

export interface Options {
  signal?: AbortSignal | undefined
  /** Called while bytes arrive; `total` is undefined where the service does not say it. */
  onProgress?: (received: number, total: number | undefined) => void
}

async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (thrown) {
    if ((thrown as Error).name === 'AbortError') throw thrown
    throw new ApiError(0, 'The service does not answer. Is it still running?')
  }
  if (!response.ok) throw errorOf(response.status, await response.text())
  return response
}

/** The detail of the service's error envelope. */
export function errorOf(status: number, text: string): ApiError {
  try {
    const { message } = JSON.parse(text) as { message: string }
    const { detail } = JSON.parse(message) as { detail: unknown }
    return new ApiError(status, typeof detail === 'string' ? detail : JSON.stringify(detail))
  } catch {
    return new ApiError(status, text.slice(0, 300) || `The service answered with status ${status}.`)
  }
}

export async function getJson<T>(path: string, query?: Query, { signal }: Options = {}): Promise<T> {
  const response = await send(apiUrl(path, query), { signal: signal ?? null })
  return (await response.json()) as T
}

export interface Page<T> {
  items: T[]
  total: number
  pages: number
}

/** All items of a listing: the first page, then the others beside each other. */
export async function getAll<T>(path: string, query: Query = {}, options: Options = {}): Promise<T[]> {
  const first = await getJson<Page<T>>(path, { ...query, size: 100 }, options)
  const others = Array.from({ length: Math.max(0, first.pages - 1) }, (_, n) =>
    getJson<Page<T>>(path, { ...query, size: 100, page: n + 2 }, options),
  )
  return [first, ...(await Promise.all(others))].flatMap(({ items }) => items)
}

/** The bytes of a file, and how far they are. */
export async function getBytes(path: string, query?: Query, options: Options = {}): Promise<ArrayBuffer> {
  return readBytes(await send(apiUrl(path, query), { signal: options.signal ?? null }), options)
}

async function readBytes(response: Response, { onProgress }: Options): Promise<ArrayBuffer> {
  if (!onProgress || !response.body) return response.arrayBuffer()
  const length = response.headers.get('content-length')
  const total = length && !response.headers.get('content-encoding') ? Number(length) : undefined
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let received = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    received += value.length
    onProgress(received, total)
  }
  return new Blob(chunks).arrayBuffer()
}
