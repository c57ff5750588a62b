/**
 * Faults under load, each counted. The built service answers requests of all queues while something of it, or around it, is killed,
 * cut, filled, damaged or suspended; each request is right (the answer from before the fault), refused honestly (an error's envelope,
 * Retry-After where it may be asked again), wrong, or lost. Wrong and lost are failures, and so is a service that takes longer than
 * its bound to be as before. Redis, the way to it, the sources of data and all processes are this program's own.
 *
 *   npm run chaos -- [--short] [--only TEXT] [--fleet TEXT]
 *
 * What was found is written to .cache/chaos.json, and to .cache/chaos.md as the tables of docs/reliability.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { missingForSentinels } from '../test/redis-fleets.ts'
import { findNginx } from './chaos/balancer.ts'
import { BROKER_FAULTS } from './chaos/faults/broker.ts'
import { CLOCK_FAULTS } from './chaos/faults/clock.ts'
import { DISK_FAULTS } from './chaos/faults/disk.ts'
import { FAILOVER_FAULTS } from './chaos/faults/failover.ts'
import { type Fault, FLEETS, type FleetName } from './chaos/faults/fault.ts'
import { PROCESS_FAULTS } from './chaos/faults/processes.ts'
import { SOURCE_FAULTS } from './chaos/faults/sources.ts'
import { type FleetOptions, startFleet } from './chaos/fleet.ts'
import { learn } from './chaos/load.ts'
import { findFaketime } from './chaos/process.ts'
import { type Found, runFault } from './chaos/run-fault.ts'
import { tablesOf } from './chaos/tables.ts'

const {
  short,
  only,
  fleet: wanted,
} = parseArgs({
  options: { short: { type: 'boolean', default: false }, only: { type: 'string' }, fleet: { type: 'string' } },
}).values
const FAULTS: readonly Fault[] = [
  ...PROCESS_FAULTS,
  ...BROKER_FAULTS,
  ...DISK_FAULTS,
  ...SOURCE_FAULTS,
  ...CLOCK_FAULTS,
  ...FAILOVER_FAULTS,
]

/** Why a fleet cannot be had on this machine; undefined where it can. */
function missingFor(name: FleetName): string | undefined {
  const { servers = 1, hasMovableClocks = false, redis }: FleetOptions = FLEETS[name]
  if (redis === 'sentinels' && missingForSentinels()) return missingForSentinels()
  if (servers > 1 && findNginx() === undefined) return 'nginx is not installed'
  return hasMovableClocks && findFaketime() === undefined ? 'libfaketime is not installed' : undefined
}

const found: Found[] = []
let failed = 0
for (const name of Object.keys(FLEETS) as FleetName[]) {
  const faults = FAULTS.filter(({ fleets, shortIn = [] }) => (short ? shortIn : fleets).includes(name)).filter(
    (fault) => (only === undefined || fault.name.includes(only)) && (wanted === undefined || name.includes(wanted)),
  )
  if (faults.length === 0) continue
  const missing = missingFor(name)
  if (missing !== undefined) {
    console.log(`SKIPPED: ${faults.length} faults of ${name}: ${missing}`)
    continue
  }
  console.log(`\n${name}\n${'asked'.padStart(56)} right refused wrong  lost  normal after  longest`)
  const fleet = await startFleet(FLEETS[name])
  try {
    const right = await learn(fleet.base)
    for (const fault of faults) {
      const one = await runFault(fault, name, fleet, right)
      found.push(one)
      show(one)
      if (one.problems.length > 0) failed++
    }
  } finally {
    await fleet.close()
  }
}

function show({ fault, asked, right, refused, wrong, lost, normalAfterS, longestS, problems, refusals }: Found): void {
  const numbers = [right, refused, wrong, lost].map((n) => String(n).padStart(6)).join('')
  const times = `${normalAfterS.toFixed(1).padStart(11)} s ${longestS.toFixed(1).padStart(7)} s`
  console.log(`${fault.padEnd(50).slice(0, 50)}${String(asked).padStart(6)}${numbers}${times}`)
  for (const [why, count] of Object.entries(refusals)) console.log(`    refused ${count} x ${why}`)
  for (const problem of problems) console.log(`    PROBLEM ${problem}`)
}

const sum = (key: 'asked' | 'right' | 'refused' | 'wrong' | 'lost') => found.reduce((total, one) => total + one[key], 0)
mkdirSync('.cache', { recursive: true })
writeFileSync('.cache/chaos.json', JSON.stringify(found, undefined, 1))
writeFileSync('.cache/chaos.md', tablesOf(found))
for (const { fault, fleet, problems } of found)
  for (const problem of problems) console.log(`\nPROBLEM of ${fleet}, ${fault}: ${problem}`)
console.log(
  `\n${found.length} faults, ${sum('asked')} requests: ${sum('right')} right, ${sum('refused')} refused, ${sum('wrong')} wrong, ${sum('lost')} lost; ${failed} faults with problems`,
)
process.exit(failed === 0 ? 0 : 1)
