import type { AnyHandler } from '../../tasks/task.ts'
import { assignPoint } from './assign-point.ts'
import { labelledMap, resampledTemplate } from './labelled-map.ts'
import { statisticalMap, statisticalMapInfo } from './statistical-map.ts'

/** The handlers of the queue `volumes`. */
export const volumeHandlers: readonly AnyHandler[] = [
  labelledMap,
  resampledTemplate,
  statisticalMap,
  statisticalMapInfo,
  assignPoint,
]
