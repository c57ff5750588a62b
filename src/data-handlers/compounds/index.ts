import type { AnyHandler } from '../../dispatch/task.ts'
import { atlasDownload } from './atlas-download.ts'

/** The handlers of the queue `compounds`. */
export const compoundHandlers: readonly AnyHandler[] = [atlasDownload]
