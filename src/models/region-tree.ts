/** Parameters and answers of routes about a region's place: in the tree, in a space, in other programs. */
import Type, { type Static } from 'typebox'
import { Nullable } from './common.ts'
import { PagingParams, parcellationId, regionId, spaceId } from './parameters/shared.ts'

export const RegionRelativesParams = Type.Object({
  region_id: regionId,
  parcellation_id: parcellationId,
  ...PagingParams.properties,
})
export type RegionRelativesParams = Static<typeof RegionRelativesParams>

export const level = Type.Integer({
  description: 'Names the region at that depth of the tree instead (1: the outermost ones).',
  minimum: 1,
  maximum: 100,
})

export const StructureAtParams = Type.Object({
  space_id: spaceId,
  parcellation_id: parcellationId,
  point: Type.String({
    description: 'Coordinates in mm, as for `/map/assign`.',
    maxLength: 1024,
    examples: ['-8.75mm,-88.25mm,1.5mm'],
  }),
  level: Type.Optional(level),
})
export type StructureAtParams = Static<typeof StructureAtParams>

export const StructureAt = Type.Object(
  {
    '@id': Nullable(Type.String({ description: 'Of the region; null, as its name, where there is none.' })),
    name: Nullable(Type.String()),
    acronym: Nullable(Type.String({ description: 'Short name; null where the region has none.' })),
    hemisphere: Nullable(
      Type.Enum(['left', 'right'], {
        description:
          'As the name of the region or the fragment of the map says, else by the sign of x where x = 0 is the middle plane of the space.',
      }),
    ),
  },
  { title: 'StructureAt' },
)
export type StructureAt = Static<typeof StructureAt>

export const RegionLinksParams = Type.Object({
  region_id: regionId,
  parcellation_id: parcellationId,
  space_id: spaceId,
})
export type RegionLinksParams = Static<typeof RegionLinksParams>

export const RegionLinks = Type.Object(
  {
    position_mm: Nullable(
      Type.Array(Type.Number(), {
        description: 'x, y, z of the centre of the largest component of the region; null where it is not mapped.',
      }),
    ),
    explorer: Nullable(
      Type.String({ description: 'siibra-explorer; null where no atlas has this parcellation and space.' }),
    ),
    neuroglancer: Type.Object({
      url: Type.String(),
      state: Type.Object(
        {},
        {
          additionalProperties: true,
          description:
            'Template and map as layers, each placed by its `transform.json`; the labels of the region and its parts are selected.',
        },
      ),
    }),
  },
  { title: 'RegionLinks' },
)
