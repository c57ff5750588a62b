/**
 * How long kernels (inflating, indices, resampling ...) give way: they work in slices of some milliseconds, and between two of them the
 * thread looks at its messages, so that whatever is more urgent is done in between. One kernel has one slice per look, however many
 * there are under way. Who has worked least goes first (a short kernel need not wait for a long one), and every fourth
 * turn belongs to who has waited longest, so that all of them get on.
 */
import { throwIfAborted } from './retrieval/upstream-errors.ts'

/** How long a kernel works before it gives way. A look at the messages costs some 20 us. */
export const SLICE_MS = 5

const OLDEST_EVERY = 4

export interface Slices {
  /**
   * To be called every fraction of a millisecond: undefined while the slice lasts, else what resolves with the next turn. It rejects
   * where the signal has fired meanwhile.
   */
  pause(): Promise<void> | undefined
}

interface Waiting {
  workedMs: number
  resume: () => void
}

const waiting: Waiting[] = []
let isScheduled = false
let turns = 0

/** The turns of one kernel. */
export function createSlices(signal?: AbortSignal, sliceMs: number = SLICE_MS): Slices {
  let workedMs = 0
  let sinceMs = performance.now()
  return {
    pause() {
      const elapsedMs = performance.now() - sinceMs
      if (elapsedMs < sliceMs) return undefined
      workedMs += elapsedMs
      return waitForTurn(workedMs).then(() => {
        throwIfAborted(signal)
        sinceMs = performance.now()
      })
    },
  }
}

/**
 * Calls `work` for parts of `0 ... count`, `step` at a time, with pauses between them.
 * @param work From (included) and to (excluded).
 */
export async function inSlices(
  count: number,
  step: number,
  slices: Slices,
  work: (from: number, to: number) => void,
): Promise<void> {
  for (let from = 0; from < count; from += step) {
    const pause = slices.pause()
    if (pause) await pause
    work(from, Math.min(from + step, count))
  }
}

/** A computation in steps of a fraction of a millisecond, between which it can give way. */
export type Steps<T> = Generator<void, T, void>

/** Whether a loop of `Steps` gives way at its n-th turn (from 0): at the last one of every `step` turns. */
export const endsStep = (n: number, step: number): boolean => n % step === step - 1

/** Does all steps on the spot: for what is known to be small. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Does the steps with pauses between them. */
export async function runInSlices<T>(steps: Steps<T>, slices: Slices): Promise<T> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    const pause = slices.pause()
    if (pause) await pause
  }
}

function waitForTurn(workedMs: number): Promise<void> {
  return new Promise((resume) => {
    waiting.push({ workedMs, resume })
    schedule()
  })
}

function schedule(): void {
  if (isScheduled) return
  isScheduled = true
  setImmediate(giveTurn)
}

function giveTurn(): void {
  isScheduled = false
  const [next] = waiting.splice(++turns % OLDEST_EVERY === 0 ? 0 : indexOfLeast(), 1)
  next?.resume()
  if (waiting.length > 0) schedule()
}

function indexOfLeast(): number {
  let least = 0
  let leastMs = Number.POSITIVE_INFINITY
  for (const [at, { workedMs }] of waiting.entries()) {
    if (workedMs >= leastMs) continue
    least = at
    leastMs = workedMs
  }
  return least
}
