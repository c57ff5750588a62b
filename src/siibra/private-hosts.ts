import { BlockList, isIP } from 'node:net'

/** Addresses that lead into a machine or its own network: loopback, private, link-local, shared (RFC 6890, RFC 4193). */
const PRIVATE = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['240.0.0.0', 4],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv4')
PRIVATE.addAddress('::', 'ipv6')
PRIVATE.addAddress('::1', 'ipv6')
PRIVATE.addSubnet('fc00::', 7, 'ipv6')
PRIVATE.addSubnet('fe80::', 10, 'ipv6')
PRIVATE.addSubnet('fec0::', 10, 'ipv6')

/** Names that are given within a machine, a network or a cluster only. */
const INTERNAL_NAME = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home\.arpa|corp|svc)$/i

/** Whether an IP address, with or without the brackets of a URL, is one of this machine or its network. */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '')
  const version = isIP(bare)
  if (version === 4) return PRIVATE.check(bare, 'ipv4')
  if (version === 0) return false
  // an IPv4 address in IPv6's clothes; URL writes it in hexadecimal
  const mapped = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(bare)
  if (!mapped) return PRIVATE.check(bare, 'ipv6')
  const [, dotted, high = '0', low = '0'] = mapped
  const bytes = [Number.parseInt(high, 16), Number.parseInt(low, 16)].flatMap((part) => [part >> 8, part & 255])
  return PRIVATE.check(dotted ?? bytes.join('.'), 'ipv4')
}

/** Whether the host of a URL can only be meant for this machine or its network: its address, or its name without asking DNS. */
export function isPrivateHost(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '')
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0) return isPrivateAddress(name)
  return !name.includes('.') || INTERNAL_NAME.test(name)
}
