/** Collects, while an answer is made, whether other services were away that it would have needed to be complete. */
export interface Gaps {
  areRetryable: boolean
}

export const createGaps = (): Gaps => ({ areRetryable: false })
