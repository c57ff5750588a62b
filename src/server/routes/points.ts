import Type from 'typebox'
import { DataFrameModel } from '../../models/features.ts'
import {
  AssignManyParams,
  POINTS_CSV,
  PointsBody,
  TransformedPoints,
  TransformPointsBody,
  WarpBody,
  WarpedPoints,
  WarpParams,
  WarpPointsParams,
} from '../../models/points.ts'
import { NEVER, type RouteRecord, V3 } from './route.ts'

const MAX_BODY_BYTES = 128 * 1024 ** 2
const base = { versions: V3, criticality: 'normal', cache: NEVER, extension: true } as const
const example = { points: [[-20, 10, 10]] }

/** Many points at once: their regions, and where they lie in other spaces. */
export const pointRoutes: readonly RouteRecord[] = [
  {
    ...base,
    method: 'POST',
    name: 'post_assign_points',
    path: '/map/assign',
    tag: 'maps',
    summary: 'The regions that many points belong to, with scores',
    description:
      'As GET, for up to a million points. A point in no region has no row; `input_structure` is the number of the point, or its id.',
    params: AssignManyParams,
    body: {
      accepts: { 'application/json': { schema: PointsBody }, 'text/csv': { description: POINTS_CSV } },
      maxBytes: MAX_BODY_BYTES,
      example,
    },
    response: { json: DataFrameModel, forms: 'table' },
    task: { name: 'assign_points', queue: 'volumes', isHeavy: () => true },
    python: [
      'parcellation_map = siibra.get_map(parcellation_id, space_id, assignment_type or "statistical")',
      'points = siibra.PointSet([(-20, 10, 10)], space=space_id, sigma_mm=float(sigma_mm or 0))',
      'print(parcellation_map.assign(points))',
    ].join('\n'),
  },
  {
    ...base,
    method: 'GET',
    name: 'warp_points',
    tool: 'move_points',
    path: '/spaces/{space_id}/warp',
    tag: 'space',
    summary: 'Where some points lie in another space',
    params: WarpPointsParams,
    response: { json: WarpedPoints },
    task: { name: 'warp_points', queue: 'volumes' },
    python: [
      'points = siibra.PointSet([tuple(float(n) for n in one.replace("mm", "").split(",")) for one in point], space=space_id)',
      'print(points.warp(target_space_id))',
    ].join('\n'),
  },
  {
    ...base,
    method: 'POST',
    name: 'post_warp_points',
    path: '/spaces/{space_id}/warp',
    tag: 'space',
    summary: 'Where many points lie in another space',
    params: WarpParams,
    body: { accepts: { 'application/json': { schema: WarpBody } }, maxBytes: MAX_BODY_BYTES, example },
    response: { json: WarpedPoints },
    task: { name: 'warp_many_points', queue: 'volumes', isHeavy: () => true },
  },
  {
    ...base,
    method: 'POST',
    versions: ['v1'],
    name: 'transform_points',
    path: '/transform-points',
    tag: 'space',
    summary: 'Points in another space, as the EBRAINS spatial backend gives them',
    params: Type.Object({}),
    body: {
      accepts: { 'application/json': { schema: TransformPointsBody } },
      maxBytes: MAX_BODY_BYTES,
      example: {
        source_space: 'MNI 152 ICBM 2009c Nonlinear Asymmetric',
        target_space: 'MNI Colin 27',
        source_points: [[-20, 10, 10]],
      },
    },
    response: { json: TransformedPoints },
    task: { name: 'transform_points', queue: 'volumes' },
  },
]
