/**
 * A small HTTP client on node:http(s) with keep-alive. Chosen over the global `fetch`, whose first use costs 20 ms and
 * 8 MB per thread (node:http: 10 ms, 2.6 MB); node:https is loaded when the first https URL is asked.
 */
import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { SiibraError } from '../../errors.ts'
import { abortError, throwIfAborted, tooLarge, upstreamUnavailable } from '../upstream-errors.ts'

export interface HttpClientOptions {
  /** Longest time until a connection is there. Default 5,000 ms. */
  connectTimeoutMs?: number
  /** Longest silence on the connection before an attempt counts as failed. Default 20,000 ms. */
  idleTimeoutMs?: number
  /** Default 5. */
  maxRedirects?: number
  /** Default `siibra-api`. */
  userAgent?: string
  /** Sockets kept open per host. Default 16. */
  maxSocketsPerHost?: number
}

export interface HttpRequestOptions {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  signal?: AbortSignal
  maxBytes?: number
  /** Asked before the body is read; false leaves it unread and gives an empty one. Default: always read. */
  wantsBody?: (status: number, headers: IncomingHttpHeaders) => boolean
}

export interface HttpAnswer {
  status: number
  headers: IncomingHttpHeaders
  /** Decoded from any content-encoding; memory of its own, never a part of a pool. */
  body: Uint8Array
}

export interface HttpClient {
  /** Follows redirects. Any status is an answer; a failing network is UPSTREAM_UNAVAILABLE (retryable). */
  request(url: string, options?: HttpRequestOptions): Promise<HttpAnswer>
  /** Closes the idle connections. */
  close(): void
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const EMPTY = new Uint8Array(0)

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const {
    connectTimeoutMs = 5_000,
    idleTimeoutMs = 20_000,
    maxRedirects = 5,
    userAgent = 'siibra-api',
    maxSocketsPerHost = 16,
  } = options
  const agents = new Map<string, Agent>()

  async function transportOf(protocol: string) {
    const transport = protocol === 'https:' ? await import('node:https') : await import('node:http')
    let agent = agents.get(protocol)
    if (!agent) {
      agent = new transport.Agent({ keepAlive: true, maxSockets: maxSocketsPerHost, scheduling: 'lifo' })
      agents.set(protocol, agent)
    }
    return { request: transport.request, agent }
  }

  async function attempt(url: URL, asked: HttpRequestOptions): Promise<HttpAnswer> {
    const { method = 'GET', body, signal, maxBytes = Number.POSITIVE_INFINITY, wantsBody } = asked
    throwIfAborted(signal)
    const { request, agent } = await transportOf(url.protocol)
    const headers: Record<string, string> = { 'user-agent': userAgent, 'accept-encoding': 'identity', ...asked.headers }
    if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body))
    const failed = (cause: unknown) =>
      signal?.aborted
        ? abortError(signal)
        : cause instanceof SiibraError
          ? cause
          : upstreamUnavailable(url.href, describe(cause), { retryable: true, timedOut: isSilence(cause), cause })
    return new Promise<HttpAnswer>((resolve, reject) => {
      const outgoing: ClientRequest = request(url, { method, headers, agent, signal, timeout: idleTimeoutMs })
      outgoing.on('error', (cause) => reject(failed(cause)))
      outgoing.on('timeout', () => outgoing.destroy(new SilenceError(`silent for ${idleTimeoutMs} ms`)))
      limitConnecting(outgoing, connectTimeoutMs)
      outgoing.on('response', (incoming) => {
        const status = incoming.statusCode ?? 0
        if (wantsBody && !wantsBody(status, incoming.headers)) {
          incoming.on('error', () => {})
          if (Number(incoming.headers['content-length'] ?? Number.POSITIVE_INFINITY) > 65_536) outgoing.destroy()
          else incoming.resume()
          resolve({ status, headers: incoming.headers, body: EMPTY })
          return
        }
        readBody(incoming, url.href, maxBytes).then(
          (bytes) => resolve({ status, headers: incoming.headers, body: bytes }),
          (cause) => {
            outgoing.destroy()
            reject(failed(cause))
          },
        )
      })
      outgoing.end(body)
    })
  }

  return {
    async request(url, asked = {}) {
      let target = parseUrl(url)
      const wantsBody = (status: number, headers: IncomingHttpHeaders) =>
        !(REDIRECTS.has(status) && headers.location) && (asked.wantsBody?.(status, headers) ?? true)
      for (let hops = 0; ; hops++) {
        const answer = await attempt(target, { ...asked, wantsBody })
        const location = REDIRECTS.has(answer.status) ? answer.headers.location : undefined
        if (!location) return answer
        if (hops === maxRedirects) throw upstreamUnavailable(url, `more than ${maxRedirects} redirects`)
        target = parseUrl(location, target)
        if (answer.status === 303) asked = { ...asked, method: 'GET', body: undefined }
      }
    },
    close() {
      for (const agent of agents.values()) agent.destroy()
      agents.clear()
    },
  }
}

/** The other side said nothing for too long. */
class SilenceError extends Error {}

function isSilence(cause: unknown): true | undefined {
  return cause instanceof SilenceError || undefined
}

function limitConnecting(outgoing: ClientRequest, limitMs: number): void {
  outgoing.once('socket', (socket) => {
    if (!socket.connecting) return
    const giveUp = () => outgoing.destroy(new SilenceError(`no connection within ${limitMs} ms`))
    const timer = setTimeout(giveUp, limitMs)
    const stop = () => clearTimeout(timer)
    socket.once('connect', stop).once('close', stop)
  })
}

function parseUrl(url: string, base?: URL): URL {
  const parsed = URL.canParse(url, base?.href) ? new URL(url, base) : undefined
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed
  throw new SiibraError('BAD_DATA', `${JSON.stringify(url)} is no http(s) URL`, { url })
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const first = cause instanceof AggregateError ? cause.errors[0] : undefined
  return cause.message || (first instanceof Error ? first.message : cause.name)
}

async function readBody(incoming: IncomingMessage, url: string, maxBytes: number): Promise<Uint8Array> {
  const encoding = incoming.headers['content-encoding']
  const announced = Number(incoming.headers['content-length'] ?? Number.NaN)
  if (announced > maxBytes) throw tooLarge(url, announced, maxBytes)
  const bytes = Number.isSafeInteger(announced)
    ? await readSized(incoming, announced)
    : await readChunks(incoming, url, maxBytes)
  return encoding && encoding !== 'identity' ? decode(bytes, encoding, url, maxBytes) : bytes
}

async function readSized(incoming: IncomingMessage, sizeBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes)
  let filled = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes.set(chunk, filled)
    filled += chunk.length
  }
  if (filled !== sizeBytes) throw new Error(`the connection broke after ${filled} of ${sizeBytes} bytes`)
  return bytes
}

async function readChunks(incoming: IncomingMessage, url: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > maxBytes) throw tooLarge(url, sizeBytes, maxBytes)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(sizeBytes)
  let filled = 0
  for (const chunk of chunks) {
    bytes.set(chunk, filled)
    filled += chunk.length
  }
  return bytes
}

async function decode(bytes: Uint8Array, encoding: string, url: string, maxBytes: number): Promise<Uint8Array> {
  const { brotliDecompressSync, unzipSync } = await import('node:zlib')
  const decoders: Record<string, typeof unzipSync> = {
    gzip: unzipSync,
    'x-gzip': unzipSync,
    deflate: unzipSync,
    br: brotliDecompressSync,
  }
  const unpack = decoders[encoding.trim().toLowerCase()]
  if (!unpack) throw new SiibraError('UNSUPPORTED', `${url} came in the encoding ${encoding}`, { url, encoding })
  try {
    return Uint8Array.from(unpack(bytes, { maxOutputLength: Math.min(maxBytes, 2 ** 32) }))
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    const what = code === 'ERR_BUFFER_TOO_LARGE' ? `unpacks to more than ${maxBytes} bytes` : `is damaged: ${message}`
    throw new SiibraError('BAD_DATA', `${url} (sent as ${encoding}) ${what}`, { url }, { cause: thrown })
  }
}
