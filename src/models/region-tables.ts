/** Parameters of tables over all regions of a parcellation. */
import Type, { type Static } from 'typebox'
import { MAP_TYPES } from './common.ts'
import { leaf } from './parameters/core.ts'
import { id, parcellationId, spaceId } from './parameters/shared.ts'

/** What is known without a map. */
export const TREE_COLUMNS = [
  'name',
  'short_name',
  'id',
  'parent_id',
  'path',
  'depth',
  'order',
  'is_leaf',
  'color',
  'side',
  'label',
  'volume',
  'fragment',
] as const

/** What is counted in the voxels of a space. */
export const MEASURE_COLUMNS = [
  'voxels',
  'volume_mm3',
  'components',
  'centroid_x_mm',
  'centroid_y_mm',
  'centroid_z_mm',
  'bbox_min_x_mm',
  'bbox_min_y_mm',
  'bbox_min_z_mm',
  'bbox_max_x_mm',
  'bbox_max_y_mm',
  'bbox_max_z_mm',
] as const

export const REGION_COLUMNS = [...TREE_COLUMNS, ...MEASURE_COLUMNS] as const
export type RegionColumn = (typeof REGION_COLUMNS)[number]

export const RegionTableParams = Type.Object({
  parcellation_id: parcellationId,
  space_id: Type.Optional(
    id('Space whose map tells labels, volumes and fragments, and in whose voxels regions are measured.'),
  ),
  map_type: Type.Enum([...MAP_TYPES, 'labelled', 'statistical'], {
    description: 'Of the map in that space. In a statistical map regions have no labels, and are not measured.',
    default: 'LABELLED',
    // either case is taken; generators of clients make one name of both
    documentedValues: MAP_TYPES,
  }),
  within: Type.Optional(id('Only that region and its parts.')),
  level: Type.Optional(
    Type.Integer({ description: 'Only regions at that depth (1: the outermost ones).', minimum: 1, maximum: 100 }),
  ),
  leaf: Type.Optional(leaf),
  columns: Type.Optional(
    Type.Array(Type.Enum(REGION_COLUMNS), {
      description: 'Only these columns, in this order, by repeating the parameter.',
      maxItems: REGION_COLUMNS.length,
    }),
  ),
})
export type RegionTableParams = Static<typeof RegionTableParams>

export const MapOverlapParams = Type.Object({
  parcellation_id: parcellationId,
  other_parcellation_id: id('Id, key or name of the parcellation that is laid over the first one.'),
  space_id: spaceId,
})
export type MapOverlapParams = Static<typeof MapOverlapParams>
