import type { AnyHandler } from '../../tasks/task.ts'
import { assignPoint } from './assign-point.ts'
import { assignPoints } from './assign-points.ts'
import { featureImage, templateCutout } from './exports/cutout.ts'
import { mapZarr } from './exports/map-zarr.ts'
import { labelledSurface, regionMesh, templateMesh } from './exports/mesh.ts'
import { drawPicture } from './exports/picture.ts'
import { assignImageBody } from './images/assign-image.ts'
import { clustersOfImage } from './images/clusters.ts'
import { colorizedMap } from './images/colorized-map.ts'
import { valuesOfImage } from './images/image-values.ts'
import { pointDensity } from './images/point-density.ts'
import { labelledMap, resampledTemplate } from './labelled-map.ts'
import { mapOverlap } from './map-overlap.ts'
import { regionTable } from './region-table.ts'
import { statisticalMap, statisticalMapInfo } from './statistical-map.ts'
import { structureAt } from './structure-at.ts'
import { transformPoints, warpQueryPoints, warpSentPoints } from './warp-points.ts'

/** The handlers of the queue `volumes`. */
export const volumeHandlers: readonly AnyHandler[] = [
  labelledMap,
  resampledTemplate,
  statisticalMap,
  statisticalMapInfo,
  assignPoint,
  assignPoints,
  warpQueryPoints,
  warpSentPoints,
  transformPoints,
  structureAt,
  drawPicture,
  regionMesh,
  templateMesh,
  labelledSurface,
  regionTable,
  mapOverlap,
  templateCutout,
  featureImage,
  mapZarr,
  colorizedMap,
  pointDensity,
  assignImageBody,
  clustersOfImage,
  valuesOfImage,
]
