import type { AnyHandler } from '../index.ts'

/** The handlers of the queue `compounds`. */
export const compoundHandlers: readonly AnyHandler[] = []
