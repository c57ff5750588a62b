/** Parameters and bodies of routes that take many points. */
import Type, { type Static } from 'typebox'
import { id, parcellationId, spaceId } from './parameters/shared.ts'

/** More points than that are refused, wherever the service runs. */
const MAX_POINTS = 1_000_000

const coordinates = Type.Array(Type.Number(), { minItems: 3, maxItems: 3, description: 'x, y, z in mm.' })

/** For the documentation; `data-handlers/bodies/points-body.ts` checks it, point by point. */
export const PointsBody = Type.Object({
  points: Type.Array(coordinates, { maxItems: MAX_POINTS }),
  sigma_mm: Type.Optional(
    Type.Union([Type.Number({ minimum: 0 }), Type.Array(Type.Number({ minimum: 0 }))], {
      description: 'Uncertainty in mm, of all points or one for each. Wins over the query.',
    }),
  ),
  ids: Type.Optional(
    Type.Array(Type.Union([Type.String(), Type.Number()]), {
      description: 'One for each point; the answer names them.',
    }),
  ),
})

export const POINTS_CSV = `A header, then a point a line: columns \`x\`, \`y\`, \`z\` in mm, and, if wanted, \`sigma_mm\` (empty: as in the query) and \`id\`. Up to ${MAX_POINTS} points.`

/** Points alone, as they are moved between spaces. */
export const WarpBody = Type.Object({ points: Type.Array(coordinates, { maxItems: MAX_POINTS }) })

export const AssignManyParams = Type.Object({
  parcellation_id: Type.Optional(parcellationId),
  parcellation_ids: Type.Optional(
    Type.Array(id('Id, key or name of a parcellation.'), {
      description:
        'Several parcellations in one go, by repeating the parameter; the answer then has a column `parcellation_id`.',
      maxItems: 20,
    }),
  ),
  space_id: spaceId,
  assignment_type: Type.Enum(['statistical', 'labelled'], {
    description: 'Which map the points are looked up in.',
    default: 'statistical',
  }),
  sigma_mm: Type.Number({
    description:
      'Uncertainty of all points that have none of their own, in mm. Below three voxels of the map it does not count.',
    minimum: 0,
    default: 0,
  }),
  point_space_id: Type.Optional(id('Space of the points, where it is not that of the map: they are moved first.')),
  lower_threshold: Type.Number({
    description: 'Exact points in statistical maps: only values above it.',
    default: 0,
  }),
  level: Type.Optional(
    Type.Integer({
      description: 'Names the region at that depth of the tree instead (1: the outermost ones).',
      minimum: 1,
      maximum: 100,
    }),
  ),
  summary: Type.Optional(
    Type.Enum(['region'], { description: 'How many points lie in each region, instead of a row for each of them.' }),
  ),
})
export type AssignManyParams = Static<typeof AssignManyParams>

export const WarpParams = Type.Object({
  space_id: spaceId,
  target_space_id: id('Id, key or name of the space that the points go to.'),
})
export type WarpParams = Static<typeof WarpParams>

export const WarpPointsParams = Type.Object({
  ...WarpParams.properties,
  point: Type.Array(Type.String({ maxLength: 1024 }), {
    description: 'Coordinates in mm, as for `/map/assign`; several by repeating the parameter.',
    examples: [['-8.75mm,-88.25mm,1.5mm']],
    minItems: 1,
    maxItems: 1000,
  }),
})
export type WarpPointsParams = Static<typeof WarpPointsParams>

export const WarpedPoints = Type.Object(
  {
    points: Type.Array(Type.Union([coordinates, Type.Null()]), {
      description: 'In the order of the request; null where a point cannot be reached in the target space.',
    }),
  },
  { title: 'WarpedPoints' },
)

/** The EBRAINS spatial backend's form. */
export const TransformPointsBody = Type.Object({
  source_space: Type.String({ maxLength: 1024 }),
  target_space: Type.String({ maxLength: 1024 }),
  source_points: Type.Array(coordinates, { maxItems: MAX_POINTS }),
})
export const TransformedPoints = Type.Object({ target_points: Type.Array(coordinates) }, { title: 'TransformedPoints' })
