/** Which runs of an image some labels have, and their unions: what masks are made of. In steps, as fine volumes have a million runs. */
import { loadOncePer } from '../../retrieval/cache/once-per.ts'
import { createSlices, endsStep, runInSlices, type Steps } from '../../slices.ts'
import type { Runs } from './components.ts'
import type { LabelRuns } from './label-runs.ts'

/** Runs between two looks at the clock. */
const STEP_RUNS = 1 << 14

/** The runs of some labels together; neighbouring ones in a row become one. */
export async function selectRuns(
  runs: LabelRuns,
  labels: ReadonlySet<number>,
  nx: number,
  signal?: AbortSignal,
): Promise<Runs> {
  const byLabel = await loadOncePer(runs, groupByLabel, { signal })
  return runInSlices(select(runs, byLabel, labels, nx), createSlices(signal))
}

function* select(
  { startVox, lengthVox }: LabelRuns,
  byLabel: ByLabel,
  labels: ReadonlySet<number>,
  nx: number,
): Steps<Runs> {
  const wanted = yield* runNumbersOf(byLabel, labels)
  const start = new Int32Array(wanted.length)
  const length = new Int32Array(wanted.length)
  let count = 0
  let end = -1
  for (let n = 0; n < wanted.length; n++) {
    if (endsStep(n, STEP_RUNS)) yield
    const run = wanted[n]!
    const first = startVox[run]!
    if (first === end && first % nx !== 0) length[count - 1]! += lengthVox[run]!
    else {
      start[count] = first
      length[count++] = lengthVox[run]!
    }
    end = first + lengthVox[run]!
  }
  return { startVox: start.slice(0, count), lengthVox: length.slice(0, count) }
}

/** Numbers of the runs of some labels, ascending. */
function* runNumbersOf({ order, range }: ByLabel, labels: ReadonlySet<number>): Steps<Int32Array> {
  const parts = [...labels].flatMap((label) => {
    const [from, to] = range.get(label) ?? [0, 0]
    return to > from ? [order.subarray(from, to)] : []
  })
  if (parts.length <= 1) return parts[0] ?? new Int32Array()
  const numbers = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0))
  if (numbers.length * SORT_BELOW < order.length) {
    let at = 0
    for (const part of parts) {
      numbers.set(part, at)
      at += part.length
    }
    return numbers.sort()
  }
  const isWanted = new Uint8Array(order.length)
  for (const part of parts) {
    for (let n = 0; n < part.length; n++) {
      if (endsStep(n, STEP_RUNS)) yield
      isWanted[part[n]!] = 1
    }
  }
  for (let run = 0, at = 0; at < numbers.length; run++) {
    if (endsStep(run, STEP_RUNS)) yield
    if (isWanted[run] === 1) numbers[at++] = run
  }
  return numbers
}

/** Of more than this part of all runs, going once through all is quicker than sorting (4 million runs: 12 instead of 290 ms). */
const SORT_BELOW = 16

interface ByLabel {
  /** Numbers of the runs, by label, ascending within each. */
  order: Int32Array
  /** Where each label begins and ends in `order`. */
  range: ReadonlyMap<number, readonly [from: number, to: number]>
}

/** Made when the first mask is asked for: an atlas has hundreds of regions, and each would look at every run. */
function groupByLabel(runs: LabelRuns, signal: AbortSignal): Promise<ByLabel> {
  return runInSlices(grouped(runs), createSlices(signal))
}

function* grouped({ label }: LabelRuns): Steps<ByLabel> {
  const counts = new Map<number, number>()
  for (let run = 0; run < label.length; run++) {
    if (endsStep(run, STEP_RUNS)) yield
    counts.set(label[run]!, (counts.get(label[run]!) ?? 0) + 1)
  }
  const range = new Map<number, [number, number]>()
  let at = 0
  for (const [value, count] of counts) {
    range.set(value, [at, at])
    at += count
  }
  const order = new Int32Array(label.length)
  for (let run = 0; run < label.length; run++) {
    if (endsStep(run, STEP_RUNS)) yield
    const place = range.get(label[run]!)!
    order[place[1]++] = run
  }
  return { order, range }
}

/** The union of runs of one grid: what any of them covers. */
export function* uniteRuns(parts: readonly Runs[], nx: number): Steps<Runs> {
  let [all = { startVox: new Int32Array(), lengthVox: new Int32Array() }, ...others] = parts
  for (const part of others) all = yield* uniteTwo(all, part, nx)
  return all
}

function* uniteTwo(a: Runs, b: Runs, nx: number): Steps<Runs> {
  const startVox = new Int32Array(a.startVox.length + b.startVox.length)
  const lengthVox = new Int32Array(startVox.length)
  let count = 0
  let end = -1
  for (let i = 0, j = 0; i < a.startVox.length || j < b.startVox.length; ) {
    if (endsStep(i + j, STEP_RUNS)) yield
    const takesFirst = j === b.startVox.length || (i < a.startVox.length && a.startVox[i]! <= b.startVox[j]!)
    const start = takesFirst ? a.startVox[i]! : b.startVox[j]!
    const length = takesFirst ? a.lengthVox[i++]! : b.lengthVox[j++]!
    if (start < end || (start === end && start % nx !== 0)) {
      end = Math.max(end, start + length)
      lengthVox[count - 1] = end - startVox[count - 1]!
    } else {
      startVox[count] = start
      lengthVox[count++] = length
      end = start + length
    }
  }
  return { startVox: startVox.slice(0, count), lengthVox: lengthVox.slice(0, count) }
}
