import type { AnyHandler } from '../index.ts'

/** The handlers of the queue `volumes`. */
export const volumeHandlers: readonly AnyHandler[] = []
