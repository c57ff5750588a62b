import type { Criticality } from '../../tasks/task.ts'

/** Share of the waiting room that tasks of a criticality may fill, so that there is always room for more critical ones. */
export const ROOM_SHARE: Readonly<Record<Criticality, number>> = { critical: 1, normal: 0.8, background: 0.5 }

const SMOOTHING = 0.1
const MIN_RETRY_S = 2
const MAX_RETRY_S = 60

export interface Pace {
  /** A task has ended while others waited. */
  ended(): void
  /** No task waits: the next end says nothing about how quickly a queue moves. */
  rested(): void
  /** How long a task will wait that has so many before it, by how they have ended lately. 0 where nothing is known. */
  expectedWaitMs(before: number): number
}

/** Follows how quickly a queue moves. */
export function createPace(nowMs: () => number = () => performance.now()): Pace {
  let intervalMs = 0
  let lastMs: number | undefined
  return {
    ended() {
      const now = nowMs()
      if (lastMs !== undefined)
        intervalMs = intervalMs === 0 ? now - lastMs : intervalMs + SMOOTHING * (now - lastMs - intervalMs)
      lastMs = now
    },
    rested() {
      lastMs = undefined
    },
    expectedWaitMs: (before) => before * intervalMs,
  }
}

/** When to come back, in whole seconds: when the queue will have moved on. */
export function retryAfterS(expectedWaitMs: number): number {
  return Math.min(MAX_RETRY_S, Math.max(MIN_RETRY_S, Math.ceil(expectedWaitMs / 1000)))
}
