import type { Criticality } from './task.ts'

export type Weights = Readonly<Record<Criticality, number>>

/** What a second of waiting weighs, by how much a person depends on the answer. */
export const DEFAULT_WEIGHTS: Weights = Object.freeze({ critical: 10, normal: 3, background: 1 })

/** A request that fails (status 500 and above) counts as if it had taken this long. */
export const FAILED_COUNTS_AS_MS = 30_000
