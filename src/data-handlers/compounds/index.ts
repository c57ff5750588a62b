import type { AnyHandler } from '../../dispatch/task.ts'

/** The handlers of the queue `compounds`. */
export const compoundHandlers: readonly AnyHandler[] = []
