/**
 * How clients see this service where proxies stand before it: below which path, by which scheme, from which address. Headers say
 * so (`X-Forwarded-*`), and are believed of proxies that the configuration names, as anybody can send them.
 */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import type { Config } from '../../config.ts'
import { isBasePath } from '../../config-variables.ts'

export type ForwardedConfig = Pick<Config, 'basePath' | 'trustedProxies'>

export interface Forwarded {
  /** The path below which the client finds the service: nothing, or `/atlas`. */
  prefixOf(request: IncomingMessage): string
  /** The path and query of a request below that path, where a proxy hands the whole of it on; others cut it off themselves. */
  urlBelow(request: IncomingMessage, prefix: string): string
  /** Who asks: the last address of `X-Forwarded-For` that is none of the proxies. */
  clientOf(request: IncomingMessage): string
  schemeOf(request: IncomingMessage): string
}

export function createForwarded({ basePath, trustedProxies }: ForwardedConfig): Forwarded {
  const isTrusted = createIsTrusted(trustedProxies)
  /** The value of a header, where a trusted proxy sent it. Most requests have none: all headers are not made into an object for it. */
  const said = ({ rawHeaders, socket }: IncomingMessage, name: string): string | undefined => {
    if (trustedProxies.length === 0) return undefined
    let value: string | undefined
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const header = rawHeaders[i] as string
      if (header.length !== name.length || header.toLowerCase() !== name) continue
      value = value === undefined ? rawHeaders[i + 1] : `${value}, ${rawHeaders[i + 1]}`
    }
    return value !== undefined && isTrusted(withoutMapping(socket.remoteAddress ?? '')) ? value : undefined
  }

  return {
    prefixOf(request) {
      const path = said(request, 'x-forwarded-prefix')?.trim().replace(/\/+$/, '')
      if (path === undefined) return basePath
      return path === '' || isBasePath(path) ? path : basePath
    },

    urlBelow({ url = '/' }, prefix) {
      if (prefix === '' || !url.startsWith(prefix)) return url
      const rest = url.slice(prefix.length)
      return rest.startsWith('/') ? rest : url
    },

    clientOf(request) {
      const peer = withoutMapping(request.socket.remoteAddress ?? '')
      const hops = said(request, 'x-forwarded-for')
      if (hops === undefined) return peer
      // from the nearest to the farthest: who stands behind an untrusted one may have written anything
      const nearestFirst = hops.split(',').map((hop) => withoutMapping(hop.trim()))
      const client = nearestFirst.reverse().find((hop) => isIP(hop) === 0 || !isTrusted(hop))
      return client !== undefined && isIP(client) !== 0 ? client : peer
    },

    schemeOf: (request) =>
      said(request, 'x-forwarded-proto')?.split(',').at(-1)?.trim() === 'https' ? 'https' : 'http',
  }
}

function createIsTrusted(proxies: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList()
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    if (bits === undefined) trusted.addAddress(address, familyOf(address))
    else trusted.addSubnet(address, Number(bits), familyOf(address))
  }
  return (address) => isIP(address) !== 0 && trusted.check(address, familyOf(address))
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** An IPv4 address as such where it came by a socket of IPv6. */
const withoutMapping = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address)
