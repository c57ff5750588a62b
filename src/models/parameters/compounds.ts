/** Parameters of the handlers of `compounds`. */
import Type, { type Static } from 'typebox'
import { bbox, extent, featureId, id, parcellationId, regionId, spaceId } from './shared.ts'

export const AtlasDownloadParams = Type.Object({
  space_id: Type.Optional(spaceId),
  parcellation_id: Type.Optional(parcellationId),
  bbox,
  region_id: Type.Optional(regionId),
  feature_id: Type.Optional(featureId),
  strict_mode: Type.Optional(
    Type.String({
      description: 'Where given, the bundle holds only the most special of region, parcellation and space.',
      maxLength: 64,
    }),
  ),
  extent,
})
export type AtlasDownloadParams = Static<typeof AtlasDownloadParams>

export const DownloadTaskParams = Type.Object({ task_id: id('Id of a download, as `/atlas_download` gave it.') })
export type DownloadTaskParams = Static<typeof DownloadTaskParams>
