/** What the faults are done to: servers and workers with a Redis, a source of data and, where there are several servers, a balancer. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Redis } from 'ioredis'
import { demoConfigurationFiles } from '../../src/demo/index.ts'
import { findFreePort, type RedisServer, startRedis } from '../../test/redis.ts'
import { type RedisFleet, startCluster, startSentinels } from '../../test/redis-fleets.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { createProcess, type ServiceProcess } from './process.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'
import { type Source, startSource } from './source.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

export interface FleetOptions {
  /** `all`: one process; `server`: servers and workers. */
  role: 'all' | 'server'
  servers?: number
  workers?: number
  hasMovableClocks?: boolean
  /** More of the environment of all its processes. */
  environment?(places: { folder: string; redisUrl: string }): Record<string, string>
  /** Several Redis that stand in for each other, instead of one; or one more, for the queue `features`. */
  redis?: 'sentinels' | 'cluster' | 'two'
}

export interface Fleet {
  role: 'all' | 'server'
  /** Where the load asks. */
  base: string
  servers: ServiceProcess[]
  workers: ServiceProcess[]
  /** Those that read data: the workers, or the one process of role all. */
  readers: ServiceProcess[]
  /** All that they write lies below it. */
  folder: string
  /** Several Redis, where the fleet is on such. */
  group: RedisFleet | undefined
  /** The Redis of the queue `features`, where it has one of its own. */
  second: RedisServer | undefined
  /** The one Redis itself, past the proxy; used by the service where there is no group. */
  redis: RedisServer
  client: Redis
  proxy: TcpProxy
  source: Source
  /** The folder of cached remote data, of all readers, and of what is downloaded. */
  cacheDir: string
  /** Where that folder lies. */
  disk: SmallDisk
  close(): Promise<void>
}

export async function startFleet({
  role,
  servers = 1,
  workers = 2,
  hasMovableClocks = false,
  environment = () => ({}),
  redis: several,
}: FleetOptions): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), 'siibra-api-chaos-'))
  const configuration = join(folder, 'configuration')
  await writeDemoConfiguration(configuration)
  const [redis, source, group, second] = await Promise.all([
    startRedis(),
    startSource(),
    several === 'cluster' ? startCluster() : several === 'sentinels' ? startSentinels() : undefined,
    several === 'two' ? startRedis() : undefined,
  ])
  const proxy = await startTcpProxy(redis.port)
  const client = new Redis(redis.url, { maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  const disk = mountSmallDisk(join(folder, 'disk'))
  const cacheDir = join(disk.path, 'cache')
  const env = {
    SIIBRA_USE_CONFIGURATION: configuration,
    SIIBRA_API_MIRROR: source.base,
    SIIBRA_API_OFFLINE: '1',
    SIIBRA_CACHEDIR: cacheDir,
    SIIBRA_API_WARM_UP: 'off',
    SIIBRA_API_LOG_LEVEL: 'error',
    SIIBRA_API_LOG_DIR: join(folder, 'log'),
    SIIBRA_API_GRACE_S: '10',
    ...(role === 'all' ? {} : { SIIBRA_API_BROKER_URL: group?.url ?? `redis://127.0.0.1:${proxy.port}` }),
    ...(second === undefined ? {} : { SIIBRA_API_QUEUE_BROKERS: `features=${second.url}` }),
    ...environment({ folder, redisUrl: redis.url }),
  }
  const make = async (name: string, more: Record<string, string>, portName: string, args: string[] = []) => {
    const port = await findFreePort()
    return createProcess({
      name,
      port,
      args,
      env: { ...env, ...more, [portName]: String(port) },
      folder,
      hasMovableClock: hasMovableClocks,
    })
  }
  const own: ServiceProcess[] = []
  for (let i = 0; i < servers; i++)
    own.push(await make(`${role} ${i + 1}`, { SIIBRA_API_ROLE: role }, 'SIIBRA_API_PORT'))
  const others: ServiceProcess[] = []
  for (let i = 0; role === 'server' && i < workers; i++)
    others.push(await make(`worker ${i + 1}`, { SIIBRA_API_ROLE: 'worker' }, 'SIIBRA_API_WORKER_PORT', ['worker']))
  for (const one of [...own, ...others]) await one.start()
  const balancer: Balancer | undefined =
    servers > 1
      ? await startBalancer(
          own.map(({ base }) => base),
          folder,
        )
      : undefined
  const fleet: Fleet = {
    role,
    base: balancer?.base ?? (own[0] as ServiceProcess).base,
    servers: own,
    workers: others,
    readers: role === 'all' ? own : others,
    folder,
    group,
    second,
    redis,
    client,
    proxy,
    source,
    cacheDir,
    disk,
    async close() {
      await balancer?.close()
      await Promise.all([...own, ...others].map((one) => one.end('SIGKILL').catch(() => undefined)))
      client.disconnect()
      await Promise.all([proxy.close(), redis.close(), source.close(), group?.close(), second?.close()])
      disk.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
  await untilReady(own)
  return fleet
}

/** Servers are ready when their workers are known to them. */
export async function untilReady(servers: readonly ServiceProcess[]): Promise<void> {
  const giveUpMs = performance.now() + 60_000
  for (const { name, base } of servers) {
    while ((await fetch(`${base}/ready`).catch(() => undefined))?.status !== 200) {
      if (performance.now() > giveUpMs) throw new Error(`${name} is not ready`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** The demo atlas as a folder of files; its data come from the source. */
async function writeDemoConfiguration(folder: string): Promise<void> {
  const files = demoConfigurationFiles()
  for (const path of await files.list()) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), files.read(path))
  }
}
