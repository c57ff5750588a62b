import Type from 'typebox'
import { MAX_POINTS, TransformPointsBody, WarpParams, WarpPointsParams } from '../../models/points.ts'
import {
  type AtlasCore,
  createSlices,
  parsePoint,
  SiibraError,
  spatialBackendSpaceId,
  warpPoints,
} from '../../siibra/index.ts'
import { bodyError, bodyOf, parseJsonBody } from '../../tasks/answer/body.ts'
import type { DataHandler, HandlerContext } from '../../tasks/task.ts'
import { parsePoints } from '../bodies/points-body.ts'

type Triple = [number, number, number]

/** Points given in the query, in another space. */
export const warpQueryPoints: DataHandler<WarpPointsParams> = {
  name: 'warp_points',
  queue: 'volumes',
  params: WarpPointsParams,
  async run({ point, ...spaces }, context) {
    const points = point.map((text): Triple => {
      const [x, y, z] = parsePoint(text)
      return [x, y, z]
    })
    return { json: { points: await warp(points, spaces, context) } }
  },
}

/** Points of the body, in another space. */
export const warpSentPoints: DataHandler<WarpParams> = {
  name: 'warp_many_points',
  queue: 'volumes',
  params: WarpParams,
  async run(spaces, context) {
    const { count, coordinatesMm } = await parsePoints(await bodyOf(context), createSlices(context.signal))
    const points = Array.from({ length: count }, (_, n) => [...coordinatesMm.subarray(3 * n, 3 * n + 3)] as Triple)
    return { json: { points: await warp(points, spaces, context) } }
  },
}

const NoParams = Type.Object({})

/** As the EBRAINS spatial backend does it: spaces by its names or ours; points that cannot be reached are three NaN, which JSON writes as null. */
export const transformPoints: DataHandler<Record<string, never>> = {
  name: 'transform_points',
  queue: 'volumes',
  params: NoParams,
  async run(_params, context) {
    const { source_space, target_space, source_points } = parseJsonBody(await bodyOf(context), TransformPointsBody)
    if (source_points.length > MAX_POINTS)
      throw bodyError(`${source_points.length} points are too many: ${MAX_POINTS} in one request`, {
        allowed: MAX_POINTS,
      })
    const core = await context.core()
    const [from, to] = [idOfSpace(core, source_space), idOfSpace(core, target_space)]
    const moved = await warpPoints(source_points as Triple[], from, to, core.retrieval, context.signal)
    return { json: { target_points: moved.map((point) => point ?? [null, null, null]) } }
  },
}

function idOfSpace(core: AtlasCore, name: string): string {
  return spatialBackendSpaceId(name) ?? core.spaces.lookUp(name).object.id
}

/** The points in the target space; null where they cannot be reached there. */
async function warp(points: readonly Triple[], { space_id, target_space_id }: WarpParams, context: HandlerContext) {
  const core = await context.core()
  const from = core.spaces.lookUp(space_id).object
  const to = lookUpTarget(core, target_space_id)
  const moved = await warpPoints(points, from.id, to.id, core.retrieval, context.signal)
  return moved.map((point) => point ?? null)
}

function lookUpTarget(core: AtlasCore, spec: string) {
  try {
    return core.spaces.lookUp(spec).object
  } catch (thrown) {
    if (!(thrown instanceof SiibraError)) throw thrown
    throw new SiibraError(thrown.code, thrown.message, { ...thrown.details, parameter: 'target_space_id' })
  }
}
