/**
 * The measure that the service is built for, over sliding windows: the sum of w t over the sum of w, with t the time of
 * an answer and w the weight of its criticality. A request that fails counts as if it had taken `FAILED_COUNTS_AS_MS`.
 */
import { CRITICALITIES, type Criticality, mapCriticalities, rankOf } from '../../tasks/criticality.ts'
import { FAILED_COUNTS_AS_MS, type Weights } from '../../tasks/weights.ts'

const SLOT_MS = 5_000
export const WINDOWS_S = [60, 300, 900] as const
const SLOTS = WINDOWS_S[2] / (SLOT_MS / 1000)
/** Buckets of times grow by this factor from this time on: quantiles are right to 10 %. */
const FIRST_MS = 0.05
const GROWTH = 1.2
const BUCKETS = 80
const LOG_GROWTH = Math.log(GROWTH)

interface Slot {
  /** Number of the slot since the epoch. */
  at: number
  counts: Float64Array
  failed: Float64Array
  sumsMs: Float64Array
  /** Per criticality `BUCKETS` counts in a row. */
  buckets: Uint32Array
}

export interface ClassSummary {
  answers: number
  failed: number
  /** NaN where there were no answers. */
  meanMs: number
  p50Ms: number
  p99Ms: number
}

export interface WindowSummary {
  windowS: number
  answers: number
  /** NaN where there were no answers. */
  weightedMs: number
  classes: Record<Criticality, ClassSummary>
}

export interface WeightedWindows {
  observe(criticality: Criticality, status: number, ms: number): void
  summarize(windowS: number): WindowSummary
  /** Answers a second and weighted response time of the last slots of 5 s, oldest first; NaN without answers. */
  history(slots: number): { answersPerS: number; weightedMs: number }[]
}

export function createWeightedWindows(weights: Weights, nowMs: () => number = Date.now): WeightedWindows {
  const slots: Slot[] = []
  const indexOf = mapCriticalities(rankOf)

  const slotAt = (at: number): Slot => {
    let slot = slots[at % SLOTS]
    if (slot === undefined) {
      slot = { at: -1, ...emptyCounts() }
      slots[at % SLOTS] = slot
    }
    if (slot.at !== at) {
      slot.at = at
      for (const counts of [slot.counts, slot.failed, slot.sumsMs, slot.buckets]) counts.fill(0)
    }
    return slot
  }

  const recent = (count: number): Slot[] => {
    const now = Math.floor(nowMs() / SLOT_MS)
    return slots.filter((slot) => slot !== undefined && slot.at > now - count && slot.at <= now)
  }

  const weighted = (chosen: readonly Slot[]) => {
    let times = 0
    let total = 0
    for (const { counts, sumsMs } of chosen) {
      CRITICALITIES.forEach((name, i) => {
        times += weights[name] * (sumsMs[i] as number)
        total += weights[name] * (counts[i] as number)
      })
    }
    return times / total
  }

  return {
    observe(criticality, status, ms) {
      const slot = slotAt(Math.floor(nowMs() / SLOT_MS))
      const i = indexOf[criticality]
      const isFailed = status >= 500
      const countedMs = isFailed ? FAILED_COUNTS_AS_MS : ms
      slot.counts[i] = (slot.counts[i] as number) + 1
      slot.sumsMs[i] = (slot.sumsMs[i] as number) + countedMs
      if (isFailed) slot.failed[i] = (slot.failed[i] as number) + 1
      const at = i * BUCKETS + bucketOf(countedMs)
      slot.buckets[at] = (slot.buckets[at] as number) + 1
    },
    summarize(windowS) {
      const chosen = recent(Math.ceil((windowS * 1000) / SLOT_MS))
      const classes = Object.fromEntries(
        CRITICALITIES.map((name, i) => [name, summarizeClass(chosen, i)] as const),
      ) as Record<Criticality, ClassSummary>
      const answers = CRITICALITIES.reduce((sum, name) => sum + classes[name].answers, 0)
      return { windowS, answers, weightedMs: weighted(chosen), classes }
    },
    history(count) {
      const now = Math.floor(nowMs() / SLOT_MS)
      return Array.from({ length: count }, (_, i) => {
        const chosen = slots.filter((slot) => slot?.at === now - count + 1 + i)
        const answers = chosen[0]?.counts.reduce((sum, value) => sum + value, 0) ?? 0
        return { answersPerS: (answers * 1000) / SLOT_MS, weightedMs: weighted(chosen) }
      })
    },
  }
}

function emptyCounts(): Omit<Slot, 'at'> {
  const three = () => new Float64Array(CRITICALITIES.length)
  return { counts: three(), failed: three(), sumsMs: three(), buckets: new Uint32Array(CRITICALITIES.length * BUCKETS) }
}

function bucketOf(ms: number): number {
  if (ms <= FIRST_MS) return 0
  return Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / FIRST_MS) / LOG_GROWTH))
}

function summarizeClass(slots: readonly Slot[], i: number): ClassSummary {
  const sum = (pick: (slot: Slot) => Float64Array) =>
    slots.reduce((total, slot) => total + (pick(slot)[i] as number), 0)
  const answers = sum((slot) => slot.counts)
  const buckets = Array.from({ length: BUCKETS }, (_, bucket) =>
    slots.reduce((total, slot) => total + (slot.buckets[i * BUCKETS + bucket] as number), 0),
  )
  return {
    answers,
    failed: sum((slot) => slot.failed),
    meanMs: sum((slot) => slot.sumsMs) / answers,
    p50Ms: quantile(buckets, answers * 0.5),
    p99Ms: quantile(buckets, answers * 0.99),
  }
}

/** The middle of the bucket in which the `rank`-th answer lies. */
function quantile(buckets: readonly number[], rank: number): number {
  if (rank === 0) return Number.NaN
  let seen = 0
  const bucket = buckets.findIndex((count) => {
    seen += count
    return seen >= rank
  })
  return bucket === 0 ? FIRST_MS : FIRST_MS * GROWTH ** (bucket - 0.5)
}
