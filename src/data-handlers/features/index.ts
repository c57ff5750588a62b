import type { AnyHandler } from '../index.ts'

/** The handlers of the queue `features`. */
export const featureHandlers: readonly AnyHandler[] = []
