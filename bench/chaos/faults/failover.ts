/** One Redis of several goes, and another takes over. The end of such a fault is that moment. */
import type { RedisServer } from '../../../test/redis.ts'
import type { RedisFleet } from '../../../test/redis-fleets.ts'
import type { Fleet } from '../fleet.ts'
import type { Fault } from './fault.ts'

const SENTINELS = 'server and two workers on Redis behind Sentinels'
const CLUSTER = 'server and two workers on a Redis Cluster'
const EACH: Pick<Fault, 'fleets'> = { fleets: [SENTINELS, CLUSTER] }

function groupOf({ group }: Fleet): RedisFleet {
  if (group === undefined) throw new Error('this fleet has one Redis')
  return group
}

/** Those of the fault before are there again. */
async function primaryOf(fleet: Fleet): Promise<RedisServer> {
  const group = groupOf(fleet)
  for (const server of group.servers) await server.start()
  await group.untilWhole()
  const [primary] = await group.primaries()
  if (primary === undefined) throw new Error('there is no primary')
  return primary
}

async function without(fleet: Fleet, stop: (primary: RedisServer) => unknown): Promise<void> {
  const primary = await primaryOf(fleet)
  await stop(primary)
  await groupOf(fleet).untilReplaced(primary)
}

export const FAILOVER_FAULTS: Fault[] = [
  {
    ...EACH,
    name: 'a primary is killed, and a replica takes over',
    lastsS: 0,
    begin: (fleet) => without(fleet, (primary) => primary.kill()),
  },
  {
    ...EACH,
    name: 'a primary hangs (SIGSTOP), and a replica takes over',
    lastsS: 0,
    begin: (fleet) => without(fleet, (primary) => primary.freeze()),
  },
  {
    ...EACH,
    name: 'primaries hand over in good order',
    lastsS: 0,
    async begin(fleet) {
      await primaryOf(fleet)
      await groupOf(fleet).handOver()
    },
  },
]
