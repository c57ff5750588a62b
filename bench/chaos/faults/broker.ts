/** A Redis that dies, forgets, is full, or is far away. */
import { mkdir, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { RedisServer } from '../../../test/redis.ts'
import type { Fleet } from '../fleet.ts'
import { type Fault, QUEUE } from './fault.ts'

let folder: string | undefined
/** The working folder of a Redis of this program's own. */
async function folderOf(client: Redis): Promise<string> {
  folder ??= ((await client.config('GET', 'dir')) as string[])[1] as string
  return folder
}

const BROKER: Pick<Fault, 'fleets'> = { fleets: [QUEUE] }
const SHORT: Pick<Fault, 'fleets' | 'shortIn'> = { ...BROKER, shortIn: [QUEUE] }

const BY_QUEUE: Pick<Fault, 'fleets'> = { fleets: ['server and two workers on two Redis, one for features'] }

function secondOf({ second }: Fleet): RedisServer {
  if (second === undefined) throw new Error('this fleet has one Redis')
  return second
}

export const BROKER_FAULTS: Fault[] = [
  {
    ...SHORT,
    name: 'Redis is killed, and comes back without its data',
    lastsS: 2,
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.start(),
  },
  {
    ...BROKER,
    name: 'Redis is away for 8 s',
    lastsS: 8,
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.start(),
  },
  {
    ...SHORT,
    name: 'FLUSHALL, three times',
    lastsS: 0,
    async begin({ client }) {
      for (let i = 0; i < 3; i++) {
        await client.flushall()
        await delay(400)
      }
    },
  },
  {
    ...SHORT,
    name: 'Redis is full (maxmemory)',
    lastsS: 2,
    begin: async ({ client }) => void (await client.config('SET', 'maxmemory', '1mb')),
    end: async ({ client }) => void (await client.config('SET', 'maxmemory', '0')),
  },
  {
    ...BROKER,
    name: 'Redis becomes a read-only replica',
    lastsS: 3,
    begin: async ({ client }) => void (await client.call('REPLICAOF', '127.0.0.1', '1')),
    end: async ({ client }) => void (await client.call('REPLICAOF', 'NO', 'ONE')),
  },
  {
    ...BROKER,
    name: 'Redis cannot write its file (MISCONF)',
    lastsS: 2,
    async begin({ client }) {
      // its working folder goes from under it, so that no file can be made there
      await rm(await folderOf(client), { recursive: true })
      await client.config('SET', 'save', '3600 1')
      await client.set('chaos', '1')
      await client.bgsave()
    },
    async end({ client }) {
      await mkdir(await folderOf(client), { recursive: true })
      await client.config('SET', 'save', '')
      await client.config('SET', 'stop-writes-on-bgsave-error', 'no')
    },
  },
  {
    ...SHORT,
    name: 'the way to Redis is cut for 2 s',
    lastsS: 2,
    begin: async ({ proxy }) => proxy.cut(),
    end: async ({ proxy }) => proxy.mend(),
  },
  {
    ...BROKER,
    name: 'connections to Redis break ten times',
    lastsS: 0,
    async begin({ proxy }) {
      for (let i = 0; i < 10; i++) {
        proxy.cut()
        proxy.mend()
        await delay(200)
      }
    },
  },
  {
    ...SHORT,
    name: 'nothing comes from Redis for 4 s (connections stay)',
    lastsS: 4,
    begin: async ({ proxy }) => proxy.hold(),
    end: async ({ proxy }) => proxy.mend(),
  },
  {
    ...BROKER,
    name: 'Redis hangs for 4 s (SIGSTOP)',
    lastsS: 4,
    begin: async ({ redis }) => redis.freeze(),
    end: async ({ redis }) => redis.thaw(),
  },
  {
    ...BROKER,
    name: 'Redis is 40 ms away',
    lastsS: 4,
    begin: async ({ proxy }) => proxy.slow(20),
    end: async ({ proxy }) => proxy.mend(),
  },
  {
    ...BY_QUEUE,
    name: 'the Redis of the queue features is away for 8 s',
    lastsS: 8,
    begin: (fleet) => secondOf(fleet).kill(),
    end: (fleet) => secondOf(fleet).start(),
  },
  {
    ...BY_QUEUE,
    name: 'the Redis of all other queues is away for 8 s',
    lastsS: 8,
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.start(),
  },
]
