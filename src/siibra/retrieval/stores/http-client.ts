/**
 * A small HTTP client on node:http(s) with keep-alive and proxies. Chosen over undici 7, whose import and first use cost
 * 100 ms of CPU and 20 MB in each thread (node:http: 11 ms and 3 MB, node:https 17 ms and 5 MB, each loaded when it is
 * needed; Node 20.20), and over the global `fetch`, which is an older undici without its agents.
 */
import type { Agent, ClientRequest, IncomingHttpHeaders } from 'node:http'
import { SiibraError } from '../../errors.ts'
import { isPrivateAddress, isPrivateHost } from '../../private-hosts.ts'
import { abortError, throwIfAborted, upstreamUnavailable } from '../upstream-errors.ts'
import { readBody, SilenceError } from './http-body.ts'
import { isHttpProxy, type ProxySettings, proxyFor } from './proxy.ts'
import { publicLookup } from './public-lookup.ts'

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
  /** Proxies, as the environment names them. Default: none. */
  proxies?: ProxySettings | undefined
  /** Follow redirects of public servers to private, link-local and loopback addresses. Default false. */
  allowsPrivateRedirects?: boolean | undefined
  aroundRequest?: AroundRequest | undefined
}

/** Wraps each request that is sent (redirects are requests of their own); `send` takes headers to add. For tracing. */
export type AroundRequest = <T extends { answer: { status: number } }>(
  request: { method: string; url: URL },
  send: (headers: Record<string, string>) => Promise<T>,
) => Promise<T>

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
    proxies = {},
    allowsPrivateRedirects = false,
    aroundRequest,
  } = options
  const agents = new Map<string, Agent>()

  /** How a URL is reached. `isFresh`: by a connection of its own. */
  async function transportOf(url: URL, isGuarded: boolean, isFresh: boolean) {
    const { request, Agent: PlainAgent } =
      url.protocol === 'https:' ? await import('node:https') : await import('node:http')
    const proxy = proxyFor(url, proxies)
    // of private names a proxy knows more than we do
    const guard = isGuarded && !proxy ? { lookup: publicLookup } : {}
    const options = { keepAlive: !isFresh, maxSockets: maxSocketsPerHost, scheduling: 'lifo' as const, ...guard }
    const create = () => (proxy ? createProxyAgent(url, proxy, options) : new PlainAgent(options))
    const isProxied = proxy !== undefined
    if (isFresh) return { request, agent: await create(), isProxied }
    const key = [url.protocol, isGuarded, proxy?.href].join(' ')
    const known = agents.get(key) ?? (await create())
    // requests that began in the meantime have the same one, which keeps and bounds their connections
    const agent = agents.get(key) ?? known
    agents.set(key, agent)
    return { request, agent, isProxied }
  }

  interface Attempt {
    answer: HttpAnswer
    /** The server is in the own network. */
    isPrivate: boolean
  }

  /** A connection that was kept may have been closed by the server in the meantime: that is no failure, and no retry. */
  async function attempt(url: URL, asked: HttpRequestOptions, isGuarded: boolean): Promise<Attempt> {
    try {
      return await attemptOnce(url, asked, isGuarded, false)
    } catch (thrown) {
      if (!(thrown instanceof ClosedMeanwhileError)) throw thrown
      return attemptOnce(url, asked, isGuarded, true)
    }
  }

  async function attemptOnce(url: URL, asked: HttpRequestOptions, isGuarded: boolean, isFresh: boolean) {
    const { method = 'GET', body, signal, maxBytes = Number.POSITIVE_INFINITY, wantsBody } = asked
    throwIfAborted(signal)
    const { request, agent, isProxied } = await transportOf(url, isGuarded, isFresh)
    const headers: Record<string, string> = { 'user-agent': userAgent, 'accept-encoding': 'identity', ...asked.headers }
    if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body))
    const failed = (cause: unknown) =>
      signal?.aborted
        ? abortError(signal)
        : cause instanceof SiibraError
          ? cause
          : upstreamUnavailable(url.href, describe(cause), { retryable: true, timedOut: isSilence(cause), cause })
    return new Promise<Attempt>((resolve, reject) => {
      const outgoing: ClientRequest = request(url, { method, headers, agent, signal, timeout: idleTimeoutMs })
      let hasAnswer = false
      outgoing.on('error', (cause) => {
        const wasClosed = outgoing.reusedSocket && !hasAnswer && !isFresh && !signal?.aborted && isReset(cause)
        reject(wasClosed ? new ClosedMeanwhileError() : failed(cause))
      })
      outgoing.on('timeout', () => outgoing.destroy(new SilenceError(`silent for ${idleTimeoutMs} ms`)))
      limitConnecting(outgoing, connectTimeoutMs)
      if (isProxied) limitTunnel(outgoing, idleTimeoutMs)
      outgoing.on('response', (incoming) => {
        hasAnswer = true
        const status = incoming.statusCode ?? 0
        const isPrivate = !isProxied && isPrivateAddress(incoming.socket.remoteAddress ?? '')
        if (wantsBody && !wantsBody(status, incoming.headers)) {
          incoming.on('error', () => {})
          if (Number(incoming.headers['content-length'] ?? Number.POSITIVE_INFINITY) > 65_536) outgoing.destroy()
          else incoming.resume()
          resolve({ answer: { status, headers: incoming.headers, body: EMPTY }, isPrivate })
          return
        }
        readBody(incoming, url.href, { maxBytes, windowMs: idleTimeoutMs }).then(
          (bytes) => resolve({ answer: { status, headers: incoming.headers, body: bytes }, isPrivate }),
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
      let isGuarded = false
      for (let hops = 0; ; hops++) {
        const { method = 'GET', headers } = asked
        const send = (added?: Record<string, string>) =>
          attempt(target, { ...asked, headers: { ...headers, ...added }, wantsBody }, isGuarded)
        const { answer, isPrivate } = await (aroundRequest ? aroundRequest({ method, url: target }, send) : send())
        const location = REDIRECTS.has(answer.status) ? answer.headers.location : undefined
        if (!location) return answer
        if (hops === maxRedirects) throw upstreamUnavailable(url, `more than ${maxRedirects} redirects`)
        if (hops === 0) isGuarded = !allowsPrivateRedirects && !isPrivate && !isPrivateHost(target.hostname)
        target = parseUrl(location, target)
        if (isGuarded && isPrivateHost(target.hostname)) {
          throw upstreamUnavailable(url, 'it redirects to a private address, which is not followed')
        }
        if (answer.status === 303) asked = { ...asked, method: 'GET', body: undefined }
      }
    },
    close() {
      for (const agent of agents.values()) agent.destroy()
      agents.clear()
    },
  }
}

/** The server closed a connection that was kept, before it answered. */
class ClosedMeanwhileError extends Error {}

const RESETS: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED'])

function isReset(cause: unknown): boolean {
  return RESETS.has((cause as NodeJS.ErrnoException).code)
}

/** Loaded where a proxy is named: most services have none. */
async function createProxyAgent(url: URL, proxy: URL, options: object): Promise<Agent> {
  if (!isHttpProxy(proxy)) {
    throw new SiibraError('UNSUPPORTED', `proxies of the kind ${proxy.protocol} are not supported, only http and https`)
  }
  if (url.protocol === 'https:') {
    const { HttpsProxyAgent } = await import('https-proxy-agent')
    return new HttpsProxyAgent(proxy, options)
  }
  const { HttpProxyAgent } = await import('http-proxy-agent')
  return new HttpProxyAgent(proxy, options)
}

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

/** A proxy has to give a connection, too. */
function limitTunnel(outgoing: ClientRequest, limitMs: number): void {
  const giveUp = () => outgoing.destroy(new SilenceError(`the proxy gave no connection within ${limitMs} ms`))
  const timer = setTimeout(giveUp, limitMs)
  const stop = () => clearTimeout(timer)
  outgoing.once('socket', stop).once('close', stop)
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
