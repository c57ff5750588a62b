import type { DataHandler } from '../dispatch/task.ts'
import { coreHandlers } from './core/index.ts'

/** Every handler there is; each queue's folder adds its own list here. */
// biome-ignore lint/suspicious/noExplicitAny: handlers of different parameters stand in one list; the schema of each checks them
export const dataHandlers: readonly DataHandler<any>[] = [...coreHandlers]
