/** What a soak came to, as a table, and whether it failed. */
import type { Counts } from './mix.ts'
import { type Sample, trendOf } from './trend.ts'
import { seriesOf } from './watch.ts'

/** p99 over an interval between two samples. */
export interface LoopDelay {
  serverMs: number
  /** Of a process that does nothing: what the machine makes of it. */
  idleMs: number
}

export interface LoopJudged {
  /** Of the intervals in which the machine was quiet, and of all. */
  quietMs: number
  allMs: number
  idleMs: number
  quiet: number
  intervals: number
  /** From the quiet intervals; where there are too few, from how much later than a process that does nothing. */
  judgedBy: 'quiet intervals' | 'difference'
  verdict: 'in time' | 'late'
}

const IN_TIME_MS = 20
/** The machine is quiet where a process that does nothing is not later than this. */
const QUIET_MS = 5
/** Fewer intervals tell nothing. */
const LEAST_QUIET = 20

/**
 * The middle of the intervals' p99, of those in which the machine itself delayed nobody; where it is never quiet, less what a process
 * that does nothing was delayed by.
 */
export function judgeLoop(delays: readonly LoopDelay[]): LoopJudged {
  const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
  const quiet = delays.filter(({ idleMs }) => idleMs <= QUIET_MS)
  const quietMs = middle(quiet.map(({ serverMs }) => serverMs))
  const moreMs = middle(delays.map(({ serverMs, idleMs }) => serverMs - idleMs))
  const isQuiet = quiet.length >= LEAST_QUIET
  return {
    quietMs,
    allMs: middle(delays.map(({ serverMs }) => serverMs)),
    idleMs: middle(delays.map(({ idleMs }) => idleMs)),
    quiet: quiet.length,
    intervals: delays.length,
    judgedBy: isQuiet ? 'quiet intervals' : 'difference',
    verdict: (isQuiet ? quietMs : moreMs) < IN_TIME_MS ? 'in time' : 'late',
  }
}

export interface Soaked {
  role: string
  minutes: number
  settledS: number
  series: ReadonlyMap<string, readonly Sample[]>
  loop: LoopJudged
  keys: readonly Record<string, number>[]
  counts: Counts
  /** CPU time of the service by time of the wall. */
  cores: number
  /** Resident memory of all processes without garbage, once settled and in the end, MB. */
  collectedMB: readonly number[]
}

/** What is held may rise by so much while it is measured. */
const mayHold = (firstMB: number) => firstMB + Math.max(10, 0.05 * firstMB)

/** Prints it; true where something grows, a request failed or the event loop was late. */
export function report({ role, minutes, settledS, series, loop, keys, counts, cores, collectedMB }: Soaked): boolean {
  const { right, refused, wrong, lost, said } = counts
  console.log(
    `\nrole ${role}, ${minutes} minutes, of which ${(settledS / 60).toFixed(0)} to settle; ${cores.toFixed(2)} cores`,
  )
  console.log(`\n${'series'.padEnd(40)} ${'first'.padStart(9)} ${'last'.padStart(9)} ${'an hour'.padStart(9)}`)
  let growing = 0
  for (const [name, samples] of [...series].sort(([a], [b]) => a.localeCompare(b))) {
    const { unit, tolerance, isSawtooth = false, isGarbageInIt = false } = seriesOf(name)
    const trend = trendOf(samples, { fromS: settledS, tolerance, isSawtooth })
    if (trend?.verdict === 'grows' && !isGarbageInIt) growing++
    const numbers = trend
      ? [trend.first, trend.last, trend.perHour]
          .map((value) => value.toFixed(unit === '' ? 0 : 1).padStart(9))
          .join(' ')
      : ''
    console.log(
      `${name.padEnd(40)} ${numbers} ${unit.padEnd(2)} ${trend?.verdict ?? 'too few samples'}${isGarbageInIt ? ' (with garbage)' : ''}`,
    )
  }
  const [settledMB = Number.NaN, endMB = Number.NaN] = collectedMB
  const isHeld = endMB <= mayHold(settledMB)
  console.log(
    `\nresident without garbage, all processes: ${settledMB.toFixed(0)} MB once settled, ${endMB.toFixed(0)} in the end: ${isHeld ? 'level' : 'grows'}`,
  )
  const [early, late] = [keys[Math.floor(settledS / 60)] ?? keys[0], keys.at(-1)]
  if (early && late) {
    console.log('\nkeys of Redis by kind, once settled and in the end')
    for (const kind of Object.keys({ ...early, ...late }).sort())
      console.log(`  ${kind.padEnd(70)} ${String(early[kind] ?? 0).padStart(6)} ${String(late[kind] ?? 0).padStart(6)}`)
  }
  console.log(
    `\nevent loop p99, ms: ${loop.quietMs.toFixed(1)} in ${loop.quiet} of ${loop.intervals} intervals on a quiet machine, ${loop.allMs.toFixed(1)} in all; of a process that does nothing ${loop.idleMs.toFixed(1)}: ${loop.verdict} (by ${loop.judgedBy})`,
  )
  console.log(
    `${right + refused + wrong + lost} requests: ${right} right, ${refused} refused, ${wrong} wrong, ${lost} lost`,
  )
  for (const [words, count] of Object.entries(said)) console.log(`  ${count} x ${words}`)
  return growing + refused + wrong + lost > 0 || loop.verdict === 'late' || !isHeld
}
