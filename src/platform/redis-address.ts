/**
 * Addresses of Redis as they are configured: of one server (`redis://`), of the primary that Sentinels name
 * (`redis+sentinel://`), of a Cluster (`redis+cluster://`). No client is loaded here.
 */

export interface RedisNode {
  host: string
  port: number
}

interface Login {
  username: string | undefined
  password: string | undefined
  /** By TLS: `rediss` instead of `redis`. */
  isEncrypted: boolean
}

export type RedisAddress =
  | { kind: 'one'; url: string }
  | (Login & {
      kind: 'sentinel'
      /** The Sentinels, not the servers that they watch. */
      nodes: readonly RedisNode[]
      /** What they call the primary. */
      name: string
      database: number
      sentinelUsername: string | undefined
      sentinelPassword: string | undefined
    })
  | (Login & {
      kind: 'cluster'
      /** Where the others are learnt from: any of them. */
      nodes: readonly RedisNode[]
    })

export const REDIS_FORMS =
  'redis://[[user]:password@]host[:port][/database], redis+sentinel://[[user]:password@]host[:port],...' +
  '/name[/database][?sentinelUsername=...&sentinelPassword=...] or redis+cluster://[[user]:password@]host[:port],... ' +
  '(rediss instead of redis for TLS)'

const PORTS = { sentinel: 26379, cluster: 6379 }
const OF_SEVERAL =
  /^(?<tls>rediss?)\+(?<kind>sentinel|cluster):\/\/(?:(?<login>[^@]*)@)?(?<nodes>[^@/?#]*)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/

/** Throws an Error that says what is wrong, without the credentials in it. */
export function parseRedisAddress(text: string): RedisAddress {
  if (!/^rediss?\+/.test(text)) {
    const protocol = URL.canParse(text) ? new URL(text).protocol : undefined
    if (!['redis:', 'rediss:', 'unix:'].includes(protocol ?? ''))
      throw new Error(`not a URL of the form ${REDIS_FORMS}`)
    return { kind: 'one', url: text }
  }
  const { tls, kind, login, nodes: list = '', path = '', query } = OF_SEVERAL.exec(text)?.groups ?? {}
  if (kind !== 'sentinel' && kind !== 'cluster') throw new Error(`not a URL of the form ${REDIS_FORMS}`)
  const nodes = list.split(',').map((node) => parseNode(node, PORTS[kind]))
  const common = { nodes, isEncrypted: tls === 'rediss', ...parseLogin(login) }
  const parts = path.split('/').slice(1)
  if (kind === 'cluster') {
    if (parts.some((part) => part !== '' && part !== '0')) throw new Error('a Cluster has no databases beside 0')
    if (query) throw new Error('the address of a Cluster has no query')
    return { kind, ...common }
  }
  const [name = '', database = '0', ...more] = parts
  if (name === '' || more.length > 0)
    throw new Error('Sentinels are asked for a primary by its name: redis+sentinel://host:26379/name[/database]')
  if (!/^\d{1,4}$/.test(database)) throw new Error(`the database "${database}" is not a number from 0`)
  return { kind, ...common, name: decode(name), database: Number(database), ...parseSentinelLogin(query) }
}

function parseNode(text: string, defaultPort: number): RedisNode {
  const match = /^\s*(?:\[(?<v6>[\da-f:.]+)\]|(?<host>[\w.-]+))(?::(?<port>\d{1,5}))?\s*$/i.exec(text)
  const host = match?.groups?.v6 ?? match?.groups?.host
  const port = Number(match?.groups?.port ?? defaultPort)
  if (host === undefined || port < 1 || port > 65_535) throw new Error(`"${text}" is not of the form host[:port]`)
  return { host, port }
}

function parseLogin(text: string | undefined): Pick<Login, 'username' | 'password'> {
  if (!text) return { username: undefined, password: undefined }
  const colon = text.indexOf(':')
  const [username, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
  return { username: decode(username) || undefined, password: decode(password) || undefined }
}

function parseSentinelLogin(query = '') {
  const given = new URLSearchParams(query)
  for (const key of given.keys())
    if (key !== 'sentinelUsername' && key !== 'sentinelPassword')
      throw new Error(`"${key}" is not one of sentinelUsername, sentinelPassword`)
  const secretOf = (key: string) => given.get(key) || undefined
  return { sentinelUsername: secretOf('sentinelUsername'), sentinelPassword: secretOf('sentinelPassword') }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error('user, password or name is not percent-encoded rightly (% is %25, @ is %40)')
  }
}

/** Whether another server takes over where one fails: waiting for a moment is better than an error then. */
export const hasFailover = (text: string): boolean => parseRedisAddress(text).kind !== 'one'

/** An address as it may be shown: without users and passwords. */
export function describeRedisUrl(text: string): string {
  try {
    const address = parseRedisAddress(text)
    if (address.kind === 'one') {
      const { protocol, host, pathname } = new URL(text)
      return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
    }
    const nodes = address.nodes.map(({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`))
    const begin = `${address.isEncrypted ? 'rediss' : 'redis'}+${address.kind}://${nodes.join(',')}`
    if (address.kind === 'cluster') return begin
    return `${begin}/${address.name}${address.database === 0 ? '' : `/${address.database}`}`
  } catch {
    return 'a Redis URL that cannot be read'
  }
}
