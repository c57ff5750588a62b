import { type AnswerCache, createAnswerCache, freshUntilMs } from './cache.ts'
import { ApiError, errorOf } from './errors.ts'
import type { ClientOptions, FileBody, RequestOptions } from './types.ts'

export interface Sent extends RequestOptions {
  method?: string
  body?: FileBody
}

export interface Received {
  status: number
  headers: Headers
  bytes: Uint8Array<ArrayBuffer>
}

export type Send = (url: string, sent: Sent) => Promise<Received>

/** Worth another attempt: all routes compute and change nothing, so that none does harm twice. */
const AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504])
const FIRST_PAUSE_MS = 300

/** Makes the function that asks: with repetitions, and with answers that are kept. */
export function createSend(options: ClientOptions): Send {
  const { cacheBytes = 2 ** 24 } = options
  const cache = cacheBytes > 0 ? createAnswerCache(cacheBytes) : undefined
  return (url, sent) => (cache && !sent.method ? sendKept(cache, url, sent) : receive(url, sent))

  /** Gives a copy of what is kept: answers are the caller's own. */
  async function sendKept(cache: AnswerCache, url: string, sent: Sent): Promise<Received> {
    const key = JSON.stringify([url, sent.headers])
    const kept = cache.get(key)
    if (kept && kept.freshUntilMs > Date.now())
      return { status: 200, headers: new Headers(), bytes: kept.bytes.slice() }
    const validated = kept ? { ...sent, headers: { ...sent.headers, 'if-none-match': kept.etag } } : sent
    const received = await receive(url, validated)
    const { status, headers, bytes } = received
    if (kept && status === 304) {
      kept.freshUntilMs = freshUntilMs(headers)
      return { status: 200, headers, bytes: kept.bytes.slice() }
    }
    const etag = headers.get('etag')
    if (status === 200 && etag && !/no-store/.test(headers.get('cache-control') ?? ''))
      cache.set(key, { bytes: bytes.slice(), etag, freshUntilMs: freshUntilMs(headers) })
    return received
  }

  async function receive(url: string, sent: Sent): Promise<Received> {
    const { retries = 3, maxPauseMs = 30_000 } = options
    for (let attempt = 0; ; attempt++) {
      try {
        const response = await ask(url, sent)
        if (response.ok || response.status === 304) {
          const { status, headers } = response
          return { status, headers, bytes: await readBody(response, sent) }
        }
        const pauseMs = pauseOf(attempt, response.headers)
        const error = await errorOf(response, url)
        if (!AGAIN.has(error.status) || attempt >= retries || pauseMs > maxPauseMs) throw error
        await pause(pauseMs, sent.signal)
      } catch (thrown) {
        // a TypeError is how fetch tells of a connection that failed or broke
        if (!(thrown instanceof TypeError)) throw thrown
        sent.signal?.throwIfAborted()
        if (attempt >= retries) throw new ApiError(0, 'UNREACHABLE', `${url} cannot be reached`, url, { cause: thrown })
        await pause(pauseOf(attempt), sent.signal)
      }
    }
  }

  function ask(url: string, { method = 'GET', body, signal, headers }: Sent): Promise<Response> {
    const { fetch: own = fetch } = options
    return own(url, {
      method,
      headers: { ...options.headers, ...headers },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    })
  }
}

/** What `Retry-After` asks for (seconds or a date), else twice as long each time, spread so that clients do not come together. */
function pauseOf(attempt: number, headers?: Headers): number {
  const asked = headers?.get('retry-after')
  if (asked) return Number.isNaN(Number(asked)) ? Math.max(0, Date.parse(asked) - Date.now()) : Number(asked) * 1000
  return FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random())
}

export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

async function readBody(response: Response, { onProgress }: Sent): Promise<Uint8Array<ArrayBuffer>> {
  if (!onProgress || !response.body) return new Uint8Array(await response.arrayBuffer())
  const { headers } = response
  const length = headers.get('content-length')
  const total = length && !headers.get('content-encoding') ? Number(length) : undefined
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
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}
