import type { Fleet, FleetOptions } from '../fleet.ts'

/** Fleets that faults are done to. */
export const FLEETS = {
  'role all': { role: 'all' },
  'server and two workers': { role: 'server', workers: 2 },
  'role all, clock by faketime': { role: 'all', hasMovableClocks: true },
  'server and worker, clocks by faketime': { role: 'server', workers: 1, hasMovableClocks: true },
  'two servers and four workers behind nginx': { role: 'server', servers: 2, workers: 4 },
  'server and two workers on Redis behind Sentinels': { role: 'server', workers: 2, redis: 'sentinels' },
  'server and two workers on a Redis Cluster': { role: 'server', workers: 2, redis: 'cluster' },
  'server and two workers on two Redis, one for features': { role: 'server', workers: 2, redis: 'two' },
} satisfies Record<string, FleetOptions>

export type FleetName = keyof typeof FLEETS

export interface Fault {
  name: string
  fleets: readonly FleetName[]
  /** Part of the short form, in these of its fleets; none: only in the whole form. */
  shortIn?: readonly FleetName[]
  /** Does it, for as long as it lasts. */
  begin(fleet: Fleet): Promise<void>
  /** Seconds between the two. */
  lastsS: number
  end?(fleet: Fleet): Promise<void>
  /** New requests are right so soon after its end. Default 5 s. */
  normalWithinS?: number
  /** Nobody whose request was under way waits longer for its right answer. */
  answeredWithinS?: number
}

export const ALL = 'role all'
export const QUEUE = 'server and two workers'
