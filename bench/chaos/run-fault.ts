/** Does one fault under load, and counts. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault, FleetName } from './faults/fault.ts'
import type { Fleet } from './fleet.ts'
import { type Asked, startLoad } from './load.ts'
import { KINDS } from './requests.ts'

export interface Found {
  fault: string
  fleet: FleetName
  asked: number
  right: number
  refused: number
  wrong: number
  lost: number
  /** From the end of the fault until new requests are right, each of them. */
  normalAfterS: number
  /** The longest that anybody waited for a right answer. */
  longestS: number
  /** What does not hold, in words. */
  problems: string[]
  /** What was told to those who were refused, with counts. */
  refusals: Record<string, number>
}

const BEFORE_MS = 700
/** So long without a request that is not right. */
const QUIET_MS = 1_500
const NORMAL_WITHIN_S = 5
const GIVE_UP_S = 60

export async function runFault(
  fault: Fault,
  fleetName: FleetName,
  fleet: Fleet,
  right: ReadonlyMap<string, string>,
): Promise<Found> {
  const load = startLoad(fleet.base, right)
  await delay(BEFORE_MS)
  await fault.begin(fleet)
  await delay(fault.lastsS * 1000)
  await fault.end?.(fleet)
  const endMs = performance.now()
  await untilQuiet(load.asked, endMs)
  await load.stop()
  return count(fault, fleetName, load.asked, endMs)
}

/** Without what differs from file to file and region to region. */
function inShort(why: string): string {
  if (/^50[23] (https?:|\(mirror\))/.test(why)) return `${why.slice(0, 3)} a source gives no such file, or another one`
  return why.replace(/\(gaps: (?!sources).*/, '(gaps: regions)').slice(0, 100)
}

/** Each kind of request has been right since then, and nothing else has been for a while. */
async function untilQuiet(asked: readonly Asked[], endMs: number): Promise<void> {
  const giveUpMs = endMs + GIVE_UP_S * 1000
  while (performance.now() < giveUpMs) {
    await delay(100)
    const after = asked.filter(({ startedMs }) => startedMs >= endMs)
    const rightKinds = new Set(after.filter(({ outcome }) => outcome === 'right').map(({ kind }) => kind))
    const troubledMs = Math.max(
      endMs,
      ...after.filter(({ outcome }) => outcome !== 'right').map(({ endedMs }) => endedMs),
    )
    if (rightKinds.size === KINDS.length && performance.now() - troubledMs > QUIET_MS) return
  }
}

function count(fault: Fault, fleet: FleetName, asked: readonly Asked[], endMs: number): Found {
  const of = (outcome: Asked['outcome']) => asked.filter((one) => one.outcome === outcome)
  const seconds = (ms: number) => Math.round(ms / 100) / 10
  const troubled = asked.filter(({ outcome, startedMs }) => outcome !== 'right' && startedMs > endMs)
  const normalAfterS = seconds(Math.max(0, ...troubled.map(({ startedMs }) => startedMs - endMs)))
  const longestS = seconds(Math.max(0, ...of('right').map(({ startedMs, endedMs }) => endedMs - startedMs)))
  const refusals: Record<string, number> = {}
  for (const { why } of of('refused')) refusals[inShort(why)] = (refusals[inShort(why)] ?? 0) + 1
  const problems = [...of('wrong'), ...of('lost')].slice(0, 8).map(({ kind, outcome, why, startedMs, endedMs }) => {
    const at = `${seconds(startedMs - endMs)} to ${seconds(endedMs - endMs)} s after its end`
    return `${outcome}: ${kind} (${at}): ${why}`
  })
  const bound = fault.normalWithinS ?? NORMAL_WITHIN_S
  if (normalAfterS > bound)
    problems.push(`new requests are normal after ${normalAfterS} s only (at most ${bound}): ${troubled.at(-1)?.why}`)
  if (fault.answeredWithinS !== undefined && longestS > fault.answeredWithinS)
    problems.push(`somebody waited ${longestS} s for the right answer (at most ${fault.answeredWithinS})`)
  const counts = {
    right: of('right').length,
    refused: of('refused').length,
    wrong: of('wrong').length,
    lost: of('lost').length,
  }
  if (counts.right === 0) problems.push('nothing was answered')
  return { fault: fault.name, fleet, asked: asked.length, ...counts, normalAfterS, longestS, problems, refusals }
}
