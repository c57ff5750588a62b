/** Collects, while what an answer tells is loaded, whether other services were away that it would have needed to be complete. */
export interface Gaps {
  areRetryable: boolean
}

export const createGaps = (): Gaps => ({ areRetryable: false })
