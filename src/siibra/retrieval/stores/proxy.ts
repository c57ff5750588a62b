/**
 * Which proxy a request takes, by the rules that Python's requests follows: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and
 * NO_PROXY, of which the configuration reads both cases.
 */
import { BlockList, isIP } from 'node:net'

export interface ProxySettings {
  /** Proxy of http URLs, e.g. `http://user:password@proxy:3128`; without a scheme http is meant. */
  http?: string | undefined
  https?: string | undefined
  /** For schemes that have none of their own. */
  all?: string | undefined
  /**
   * Hosts that are asked without a proxy, between commas: ends of host names with or without a port, addresses, IPv4
   * networks (`10.0.0.0/8`), or `*` for all.
   */
  no?: string | undefined
}

/** The proxy for a URL; undefined where it is asked directly. */
export function proxyFor(url: URL, settings: ProxySettings): URL | undefined {
  const proxy = (url.protocol === 'https:' ? settings.https : settings.http) || settings.all
  if (!proxy || isExcepted(url, settings.no ?? '')) return undefined
  return new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`)
}

/** The user info of a proxy's URL is sent as basic authentication; socks proxies need a program of their own. */
export const isHttpProxy = (proxy: URL): boolean => proxy.protocol === 'http:' || proxy.protocol === 'https:'

function isExcepted(url: URL, no: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const hostAndPort = url.port === '' ? host : `${host}:${url.port}`
  const entries = no
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
  // as urllib has it: `*` counts where it stands alone
  if (entries.length === 1 && entries[0] === '*') return true
  if (isIP(host) === 4 && entries.some((entry) => isInNetwork(host, entry))) return true
  return entries.some((entry) => {
    const name = entry.replace(/^\.+/, '')
    if (isIP(host) !== 0) return host === name || hostAndPort === name
    return [host, hostAndPort].some((asked) => asked === name || (name !== '' && asked.endsWith(entry)))
  })
}

function isInNetwork(address: string, network: string): boolean {
  const [, base = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(network) ?? []
  if (isIP(base) !== 4 || Number(bits) < 1 || Number(bits) > 32) return false
  const list = new BlockList()
  list.addSubnet(base, Number(bits))
  return list.check(address)
}
