/** Parameters of the handlers of `volumes`. */
import Type, { type Static } from 'typebox'
import { cutout, documented, extent, fragment, id, MAX_ID_BYTES, parcellationId, regionId, spaceId } from './shared.ts'

export const ResampledTemplateParams = Type.Object({
  parcellation_id: parcellationId,
  space_id: spaceId,
  name: Type.Optional(id('Part of the name of the map, where the parcellation has several in this space.')),
})
export type ResampledTemplateParams = Static<typeof ResampledTemplateParams>

export const LabelledMapParams = Type.Object({
  parcellation_id: parcellationId,
  space_id: spaceId,
  region_id: Type.Optional(regionId),
  extent,
  fragment,
  ...cutout,
})
export type LabelledMapParams = Static<typeof LabelledMapParams>

export const StatisticalMapParams = Type.Object({
  parcellation_id: parcellationId,
  region_id: regionId,
  space_id: spaceId,
  name: Type.String({
    description: 'Part of the name of the map, where the parcellation has several in this space.',
    maxLength: MAX_ID_BYTES,
    default: '',
  }),
  fragment,
  ...cutout,
})
export type StatisticalMapParams = Static<typeof StatisticalMapParams>

export const AssignParams = Type.Object({
  parcellation_id: parcellationId,
  space_id: spaceId,
  point: Type.String({
    description: 'Coordinates in mm: `-8.75mm,-88.25mm,1.5mm`, `-8.75, -88.25, 1.5` or `[-8.75, -88.25, 1.5]`.',
    maxLength: 1024,
    examples: ['-8.75mm,-88.25mm,1.5mm'],
  }),
  assignment_type: Type.String({
    description: 'Which map the point is looked up in.',
    maxLength: 64,
    default: 'statistical',
    ...documented(['statistical', 'labelled']),
  }),
  sigma_mm: Type.Number({
    description:
      'Uncertainty of the point, in mm (standard deviation). Below three voxels of the map it does not count, as in siibra-python: the point is taken as exact, and the header `x-siibra-note` says so.',
    default: 0,
  }),
})
export type AssignParams = Static<typeof AssignParams>
