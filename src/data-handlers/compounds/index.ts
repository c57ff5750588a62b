import type { AnyHandler } from '../../tasks/task.ts'
import { atlasDownload } from './atlas-download.ts'

/** The handlers of the queue `compounds`. */
export const compoundHandlers: readonly AnyHandler[] = [atlasDownload]
