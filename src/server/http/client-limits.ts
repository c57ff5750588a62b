/** What one client may ask for: requests in a second, and requests and uploads under way. Off unless it is set. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LRUCache } from 'lru-cache'
import type { Config } from '../../config.ts'
import { errorBody } from './errors.ts'
import { createForwarded } from './forwarded.ts'
import type { BaseHeaders } from './headers.ts'

export type ClientLimitsConfig = Pick<
  Config,
  'clientRate' | 'clientBurst' | 'clientRequests' | 'clientUploads' | 'trustedProxies'
>

/** True where a request was refused, and answered. */
export type RefuseTooMany = (request: IncomingMessage, response: ServerResponse) => boolean

interface Client {
  /** Requests that it may send at once. */
  tokens: number
  /** When that was counted. */
  atMs: number
  requests: number
  uploads: number
}

/** Clients that are remembered; those that were heard of longest ago are forgotten, and begin anew. */
const MAX_CLIENTS = 50_000
/** Probes and metrics are asked by those who run the service. */
const EXEMPT = /^\/(?:livez|readyz?|metrics)(?:$|\?)/

/**
 * A bucket of tokens for each client: `clientBurst` of them at first, `clientRate` more in a second, one for a request. A client is an
 * address, or the network of one (IPv6, 64 bits); behind a trusted proxy the last address of `X-Forwarded-For` that is no such proxy.
 * Refusals are 429 with `Retry-After`.
 */
export function createClientLimits(
  { clientRate, clientBurst, clientRequests, clientUploads, trustedProxies }: ClientLimitsConfig,
  base: () => BaseHeaders,
  nowMs: () => number = () => performance.now(),
): RefuseTooMany | undefined {
  if (clientRate === 0 && clientRequests === 0 && clientUploads === 0) return undefined
  const clients = new LRUCache<string, Client>({ max: MAX_CLIENTS })
  const addressOf = createAddressOf(trustedProxies)

  const clientOf = (address: string): Client => {
    let client = clients.get(address)
    if (client === undefined) {
      client = { tokens: clientBurst, atMs: nowMs(), requests: 0, uploads: 0 }
      clients.set(address, client)
    }
    return client
  }

  /** Seconds until there is a token; 0 where one was taken. */
  const take = (client: Client): number => {
    const now = nowMs()
    client.tokens = Math.min(clientBurst, client.tokens + ((now - client.atMs) / 1000) * clientRate)
    client.atMs = now
    if (client.tokens < 1) return (1 - client.tokens) / clientRate
    client.tokens--
    return 0
  }

  const refuse = (response: ServerResponse, detail: string, retryAfterS: number): true => {
    const body = errorBody(429, detail)
    response.writeHead(429, {
      ...base().record,
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'retry-after': String(Math.max(1, Math.ceil(retryAfterS))),
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
    return true
  }

  return (request, response) => {
    if (EXEMPT.test(request.url ?? '')) return false
    const client = clientOf(addressOf(request))
    const isUpload = request.method === 'POST'
    if (clientRequests > 0 && client.requests >= clientRequests)
      return refuse(response, `More than ${clientRequests} requests of this client are under way`, 1)
    if (isUpload && clientUploads > 0 && client.uploads >= clientUploads)
      return refuse(response, `More than ${clientUploads} uploads of this client are under way`, 2)
    if (clientRate > 0) {
      const waitS = take(client)
      if (waitS > 0) return refuse(response, `This client sends more than ${clientRate} requests a second`, waitS)
    }
    client.requests++
    if (isUpload) client.uploads++
    response.once('close', () => {
      client.requests--
      if (isUpload) client.uploads--
    })
    return false
  }
}

/** Who sent a request, as a text that is the same for the same client. */
export function createAddressOf(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const { clientOf } = createForwarded({ basePath: '', trustedProxies })
  return (request) => networkOf(clientOf(request))
}

/** Whoever has an address of IPv6 has 2^64 of them. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const behind = tail === undefined || tail === '' ? [] : tail.split(':')
  if (tail !== undefined) while (groups.length + behind.length < 8) groups.push('0')
  return groups
    .concat(behind)
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
