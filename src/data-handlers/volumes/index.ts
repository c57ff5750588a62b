import type { AnyHandler } from '../../dispatch/task.ts'

/** The handlers of the queue `volumes`. */
export const volumeHandlers: readonly AnyHandler[] = []
