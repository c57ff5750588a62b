/** Parameters of the handlers of `core`. */
import Type, { type Static } from 'typebox'
import {
  atlasId,
  extent,
  find,
  id,
  mapId,
  mapType,
  PARCELLATION_EXAMPLE,
  paging,
  parcellationId,
  regionId,
  spaceId,
} from './shared.ts'

export const SingleAtlasParams = Type.Object({ atlas_id: atlasId })
export type SingleAtlasParams = Static<typeof SingleAtlasParams>

export const SingleSpaceParams = Type.Object({ space_id: spaceId })
export type SingleSpaceParams = Static<typeof SingleSpaceParams>

export const SingleParcellationParams = Type.Object({ parcellation_id: parcellationId })
export type SingleParcellationParams = Static<typeof SingleParcellationParams>

export const leaf = Type.Enum(['true', 'false'], {
  description: '`true`: only regions without parts; `false`: only those with parts.',
})

export const AllRegionsParams = Type.Object({
  parcellation_id: Type.Optional(
    id(
      'Id, key or name of a parcellation. May be left out where `find` is given: then all of them are searched.',
      PARCELLATION_EXAMPLE,
      {
        requiredWithout: 'find',
      },
    ),
  ),
  find,
  atlas_id: Type.Optional(atlasId),
  species: Type.Optional(
    Type.String({
      description: 'Only parcellations of that species: its name, or its id in the knowledge graph.',
      maxLength: 256,
      examples: ['Homo sapiens'],
    }),
  ),
  within: Type.Optional(
    id('Only that region and its parts. Of several parcellations, those that have none like it are left out.'),
  ),
  leaf: Type.Optional(leaf),
  label: Type.Optional(
    Type.Integer({ description: 'Only regions that a labelled map of the parcellation draws with that label.' }),
  ),
  ...paging,
})
export type AllRegionsParams = Static<typeof AllRegionsParams>

export const SingleRegionParams = Type.Object({
  region_id: regionId,
  parcellation_id: parcellationId,
  space_id: Type.Optional(spaceId),
  extent,
})
export type SingleRegionParams = Static<typeof SingleRegionParams>

export const RelatedRegionsParams = Type.Object({ region_id: regionId, parcellation_id: parcellationId, ...paging })
export type RelatedRegionsParams = Static<typeof RelatedRegionsParams>

export const FilteredMapsParams = Type.Object({
  parcellation_id: Type.Optional(parcellationId),
  space_id: Type.Optional(spaceId),
  map_type: Type.Optional(mapType),
  ...paging,
})
export type FilteredMapsParams = Static<typeof FilteredMapsParams>

export const SingleMapParams = Type.Object({ map_id: mapId })
export type SingleMapParams = Static<typeof SingleMapParams>

export const GetMapParams = Type.Object({ parcellation_id: parcellationId, space_id: spaceId, map_type: mapType })
export type GetMapParams = Static<typeof GetMapParams>

export const GenesParams = Type.Object({ find, ...paging })
export type GenesParams = Static<typeof GenesParams>
