/**
 * siibra-explorer as a client: all HttpClient requests go through one queue, last in first out, at most 6 in flight,
 * one dispatched per 16 ms. window.fetch and navigations bypass it, but share the browser's 6 connections to a host.
 */
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { FAILED_COUNTS_AS_MS } from '../../src/tasks/weights.ts'

export const DISPATCH_INTERVAL_MS = 16
export const MAX_IN_FLIGHT = 6
/** What browsers accept. */
const BROWSER_HEADERS = { 'accept-encoding': 'gzip, deflate, br' }

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  bytes: Buffer
  /** From sending the request to the last byte of its answer. */
  ms: number
}

/** A request that is not answered by then has failed. */
export const TIME_LIMIT_MS = FAILED_COUNTS_AS_MS

/** Asks with GET; with POST where there is a body. */
export function send(
  base: URL,
  agent: Agent,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array,
): Promise<Answer> {
  const method = body === undefined ? 'GET' : 'POST'
  const length = body === undefined ? {} : { 'content-length': String(body.byteLength) }
  const started = performance.now()
  return new Promise((done) => {
    const failed = () => done({ status: 0, headers: {}, bytes: Buffer.alloc(0), ms: TIME_LIMIT_MS })
    const sent = request(
      {
        host: base.hostname,
        port: base.port,
        path,
        method,
        agent,
        headers: { ...headers, ...length },
        timeout: TIME_LIMIT_MS,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', failed)
        response.on('end', () => {
          const ms = performance.now() - started
          done({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks), ms })
        })
      },
    )
    sent.on('timeout', () => sent.destroy())
    sent.on('error', failed)
    sent.end(body)
  })
}

export interface ExplorerClient {
  /** Through the queue of HttpClient. */
  get(path: string): Promise<Answer>
  /** At once. */
  fetch(path: string): Promise<Answer>
  close(): void
}

export function createExplorerClient(base: URL, more: Record<string, string> = {}): ExplorerClient {
  const headers = { ...BROWSER_HEADERS, ...more }
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_IN_FLIGHT })
  const waiting: (() => void)[] = []
  let inFlight = 0
  const tick = setInterval(() => {
    if (inFlight >= MAX_IN_FLIGHT) return
    waiting.pop()?.()
  }, DISPATCH_INTERVAL_MS)

  const get = (path: string) =>
    new Promise<Answer>((done) => {
      waiting.push(() => {
        inFlight++
        send(base, agent, path, headers).then((answer) => {
          inFlight--
          done(answer)
        })
      })
    })

  return {
    get,
    fetch: (path) => send(base, agent, path, headers),
    close() {
      clearInterval(tick)
      agent.destroy()
    },
  }
}
