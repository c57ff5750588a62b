import Type, { type Static } from 'typebox'
import { MAP_TYPES } from '../common.ts'
import { parcellationId, regionId, spaceId } from '../parameters/shared.ts'

/** Longest side of what is seen, in pixels. */
const size = (maximum: number) =>
  Type.Integer({
    description: 'Pixels of the longest side of the space that is seen.',
    minimum: 32,
    maximum,
    default: 512,
  })

const shared = {
  space_id: spaceId,
  parcellation_id: Type.Optional(parcellationId),
  region_id: Type.Optional(regionId),
  map_type: Type.Optional(
    Type.Enum(MAP_TYPES, {
      title: 'MapType',
      description: 'What is drawn over the template: labelled regions (default), or the statistical map of the region.',
    }),
  ),
  colors: Type.Optional(
    Type.String({
      description:
        'JSON with a number or a colour (`#rrggbb`) for each region, in place of their own colours: numbers go from the least to the largest through the ramp; parts of a region have its value unless they have one; regions without one are not drawn.',
      maxLength: 65_536,
      examples: ['{"Area hOc1 (V1, 17, CalcS) left": 0.8, "Area hOc2 (V2, 18) left": "#ff8800"}'],
    }),
  ),
  background: Type.String({
    description: '`light`, `dark`, `transparent`, or a colour as `#rrggbb`.',
    maxLength: 16,
    default: 'light',
  }),
}

export const SliceParams = Type.Object({
  ...shared,
  plane: Type.Enum(['axial', 'coronal', 'sagittal', 'horizontal'], {
    description: '`horizontal` is another word for `axial`.',
    default: 'axial',
  }),
  at_mm: Type.Optional(
    Type.Number({
      description: 'Where the plane cuts its axis, in mm; else through the region, or the middle of the space.',
    }),
  ),
  size: size(2048),
})
export type SliceParams = Static<typeof SliceParams>

export const PictureParams = Type.Object({ ...shared, size: size(1024) })
export type PictureParams = Static<typeof PictureParams>

/** What the handler of all pictures receives. */
export const DrawParams = Type.Object({
  ...SliceParams.properties,
  plane: Type.Optional(SliceParams.properties.plane),
  form: Type.Enum(['png', 'svg']),
})
export type DrawParams = Static<typeof DrawParams>
