/** Several `redis-server` of the tests' own that stand in for each other: behind Sentinels, or as a Cluster. */
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type Certificate, findFreePort, findRedisProgram, type RedisServer, startRedis } from './redis.ts'

export interface RedisFleet {
  /** As the service is told of it. */
  url: string
  /** All of them, Sentinels left out; the order says nothing of their roles. */
  servers: RedisServer[]
  /** Those that hold keys at the moment. */
  primaries(): Promise<RedisServer[]>
  /** Makes a replica the primary in good order, with nothing lost. */
  handOver(): Promise<void>
  /** Waits until another server than these is primary in their place; gives the ms that it took. */
  untilReplaced(gone: RedisServer, withinMs?: number): Promise<number>
  /** Waits until every primary has its replicas again. */
  untilWhole(): Promise<void>
  /** Gives each of these slots, with its keys, to another primary, while both answer. A Cluster only. */
  moveSlots?(slots: readonly number[]): Promise<void>
  close(): Promise<void>
}

/** Why there are no Sentinels on this machine; undefined where there are. */
export const missingForSentinels = (): string | undefined =>
  findRedisProgram('redis-sentinel') === undefined ? 'redis-sentinel is not installed' : undefined

const PASSWORD = 'of the/servers'
const SENTINEL_PASSWORD = 'of&sentinels'
const NAME = 'siibra'
/** What is silent for so long is taken for dead. */
const DOWN_AFTER_MS = 1_000

/** One primary, two replicas, three Sentinels, all with passwords; with a certificate they speak TLS, which this process has to trust. */
export async function startSentinels(tls?: Certificate): Promise<RedisFleet> {
  const connect = connector(tls)
  const first = await startRedis({ password: PASSWORD, tls, arguments: replicating() })
  const replicas = await Promise.all(
    [1, 2].map(() =>
      startRedis({
        password: PASSWORD,
        tls,
        arguments: [...replicating(), '--replicaof', '127.0.0.1', String(first.port)],
      }),
    ),
  )
  const servers = [first, ...replicas]
  await untilAll(connect, servers, PASSWORD, hasCompany)
  const sentinels = await Promise.all(
    [1, 2, 3].map(() => startRedis({ tls, sentinel: sentinelConfiguration(first.port) })),
  )
  const asked = sentinels.map(({ port }) => connect(port, SENTINEL_PASSWORD))
  const ask = asked[0] as Redis
  await until(async () => {
    const [fields] = (await ask.call('SENTINEL', 'MASTERS')) as [string[]]
    const told = (name: string) => fields[fields.indexOf(name) + 1]
    return told('num-other-sentinels') === '2' && told('num-slaves') === '2'
  })
  const primary = async () => {
    const [, port] = (await ask.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)) as string[]
    return servers.find((server) => server.port === Number(port)) as RedisServer
  }
  const login = `:${encodeURIComponent(PASSWORD)}@`
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')
  return {
    url: `${tls ? 'rediss' : 'redis'}+sentinel://${login}${hosts}/${NAME}/0?sentinelPassword=${encodeURIComponent(SENTINEL_PASSWORD)}`,
    servers,
    primaries: async () => [await primary()],
    async handOver() {
      const before = await primary()
      // refused while another failover is not quite over
      await until(async () => (await ask.call('SENTINEL', 'FAILOVER', NAME).catch(() => undefined)) === 'OK')
      await until(async () => (await primary()) !== before)
    },
    untilReplaced: (gone, withinMs) => until(async () => (await primary()) !== gone, withinMs),
    untilWhole: () => untilAll(connect, servers, PASSWORD, hasCompany),
    async close() {
      for (const one of asked) one.disconnect()
      await Promise.all([...sentinels, ...servers].map((server) => server.close()))
    },
  }
}

/** A replica that follows its primary, or a primary that both follow. */
async function hasCompany(redis: Redis): Promise<boolean> {
  const told = await redis.info('replication')
  return told.includes('master_link_status:up') || told.includes('connected_slaves:2')
}

const replicating = () => ['--masterauth', PASSWORD, '--repl-diskless-sync-delay', '0']

const sentinelConfiguration = (port: number) => `
requirepass "${SENTINEL_PASSWORD}"
sentinel sentinel-pass "${SENTINEL_PASSWORD}"
sentinel monitor ${NAME} 127.0.0.1 ${port} 2
sentinel auth-pass ${NAME} "${PASSWORD}"
sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}
sentinel failover-timeout ${NAME} 6000
`

const SLOTS = 16_384
const SHARDS = 3
const ORDER_FORGOTTEN_MS = 6_000

/** Three primaries with a replica each, all with passwords; TLS as with Sentinels. */
export async function startCluster(tls?: Certificate): Promise<RedisFleet> {
  const connect = connector(tls)
  const servers = await Promise.all(Array.from({ length: 2 * SHARDS }, () => startClusterServer(tls)))
  const clients = servers.map(({ port }) => connect(port, PASSWORD))
  const [first, ...others] = clients as [Redis, ...Redis[]]
  const ids = (await Promise.all(clients.map((client) => client.cluster('MYID')))) as string[]
  const slotOf = (shard: number) => Math.floor((shard * SLOTS) / SHARDS)
  for (let i = 0; i < SHARDS; i++)
    await clients[i]?.call('CLUSTER', 'ADDSLOTSRANGE', String(slotOf(i)), String(slotOf(i + 1) - 1))
  await Promise.all(clients.map((client, i) => client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1))))
  const bus = ((await first.cluster('NODES')) as string).split('@')[1]?.split(/[ ,]/)[0] as string
  const { port } = servers[0] as RedisServer
  await Promise.all(others.map((client) => client.call('CLUSTER', 'MEET', '127.0.0.1', String(port), bus)))
  await Promise.all(clients.map((client) => until(async () => (await nodesOf(client)).length === 2 * SHARDS)))
  const replicas = clients.slice(SHARDS)
  await Promise.all(
    replicas.map((replica, i) => until(async () => (await replica.cluster('REPLICATE', ids[i] ?? '')) === 'OK')),
  )

  /** As told by the first that answers. */
  const nodes = async (): Promise<ClusterNode[]> => {
    const told = await Promise.any(clients.map((client) => nodesOf(client)))
    return told.filter(({ flags }) => !flags.includes('fail'))
  }
  const serverAt = (wanted: number) => servers.find((server) => server.port === wanted) as RedisServer
  const primaries = async () =>
    (await nodes())
      .filter(({ flags, slots }) => flags.includes('master') && slots > 0)
      .map((node) => serverAt(node.port))
  const untilWhole = async () => {
    await until(async () => {
      const states = await Promise.all(clients.map((client) => client.cluster('INFO')))
      return states.every((state) => state.includes('cluster_state:ok'))
    })
    await untilAll(connect, servers, PASSWORD, async (redis) =>
      /master_link_status:up|connected_slaves:[1-9]/.test(await redis.info('replication')),
    )
  }
  await untilWhole()
  return {
    url: `${tls ? 'rediss' : 'redis'}+cluster://:${encodeURIComponent(PASSWORD)}@${servers
      .slice(0, 3)
      .map((server) => `127.0.0.1:${server.port}`)
      .join(',')}`,
    servers,
    primaries,
    async handOver() {
      const before = await primaries()
      const takeOver = async (client: Redis, server: RedisServer) => {
        const hasTakenOver = async () => (await primaries()).includes(server)
        // a replica forgets the order where it gets no votes within five seconds: they are asked for at the same time
        await until(async () => {
          await client.cluster('FAILOVER').catch(() => undefined)
          return (await until(hasTakenOver, ORDER_FORGOTTEN_MS)) >= 0
        })
      }
      await Promise.all(
        clients.map((client, i) => {
          const server = servers[i] as RedisServer
          return before.includes(server) ? undefined : takeOver(client, server)
        }),
      )
    },
    untilReplaced: (gone, withinMs) =>
      until(async () => {
        const now = await primaries()
        return now.length === SHARDS && !now.includes(gone)
      }, withinMs),
    untilWhole,
    async moveSlots(slots) {
      const holding = await primaries()
      const holders = holding.map((server) => {
        const i = servers.indexOf(server)
        return { port: server.port, client: clients[i] as Redis, id: ids[i] ?? '' }
      })
      for (const slot of slots) await moveSlot(slot, holders)
    },
    async close() {
      for (const client of clients) client.disconnect()
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

interface Holder {
  port: number
  client: Redis
  id: string
}

/** As `redis-cli --cluster reshard` does it: key by key, asked for at both ends meanwhile. */
async function moveSlot(slot: number, holders: readonly Holder[]): Promise<void> {
  const ranges = (await holders[0]?.client.cluster('SLOTS')) ?? []
  const [, , holder] = ranges.find(([first, last]) => first <= slot && slot <= last) ?? []
  const port = holder?.[1]
  const at = holders.findIndex((holder) => holder.port === port)
  const from = holders[at] as Holder
  const to = holders[(at + 1) % holders.length] as Holder
  await to.client.cluster('SETSLOT', slot, 'IMPORTING', from.id)
  await from.client.cluster('SETSLOT', slot, 'MIGRATING', to.id)
  for (;;) {
    const keys = (await from.client.cluster('GETKEYSINSLOT', slot, 10)) as string[]
    if (keys.length === 0) break
    await from.client.call('MIGRATE', '127.0.0.1', to.port, '', 0, 5_000, 'AUTH', PASSWORD, 'KEYS', ...keys)
  }
  for (const { client } of [to, from, ...holders]) await client.cluster('SETSLOT', slot, 'NODE', to.id)
}

async function startClusterServer(tls?: Certificate): Promise<RedisServer> {
  const bus = await findFreePort()
  return startRedis({
    password: PASSWORD,
    tls,
    arguments: [
      ...replicating(),
      ...['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--cluster-node-timeout', String(DOWN_AFTER_MS)],
    ],
  })
}

interface ClusterNode {
  port: number
  flags: string[]
  /** Ranges of slots. */
  slots: number
}

async function nodesOf(client: Redis): Promise<ClusterNode[]> {
  const lines = ((await client.cluster('NODES')) as string).trim().split('\n')
  return lines.map((line) => {
    const [, address = '', flags = '', , , , , , ...slots] = line.split(' ')
    return { port: Number(/:(\d+)@/.exec(address)?.[1]), flags: flags.split(','), slots: slots.length }
  })
}

type Connect = (port: number, password?: string) => Redis

const connector =
  (tls: Certificate | undefined): Connect =>
  (port, password) => {
    const more = { ...(password ? { password } : {}), ...(tls ? { tls: {} } : {}) }
    const redis = new Redis({ port, host: '127.0.0.1', protocol: 2, ...more })
    redis.on('error', () => undefined)
    return redis
  }

async function untilAll(
  connect: Connect,
  servers: readonly RedisServer[],
  password: string | undefined,
  check: (redis: Redis) => Promise<boolean>,
): Promise<void> {
  const clients = servers.map(({ port }) => connect(port, password))
  await Promise.all(clients.map((redis) => until(() => check(redis))))
  for (const redis of clients) redis.disconnect()
}

/** Asks until it is so; gives the ms that it took. */
async function until(check: () => Promise<boolean>, withinMs = 60_000): Promise<number> {
  const startMs = performance.now()
  while (!(await check().catch(() => false))) {
    if (performance.now() - startMs > withinMs) throw new Error(`not so within ${withinMs} ms: ${check}`)
    await delay(20)
  }
  return performance.now() - startMs
}
