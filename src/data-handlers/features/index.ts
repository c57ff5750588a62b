import type { AnyHandler } from '../../dispatch/task.ts'

/** The handlers of the queue `features`. */
export const featureHandlers: readonly AnyHandler[] = []
