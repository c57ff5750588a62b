import Type from 'typebox'
import { WarpParams, WarpPointsParams } from '../../models/points.ts'
import {
  type AtlasCore,
  createSlices,
  parsePoint,
  SiibraError,
  spatialBackendSpaceId,
  warpPoints,
} from '../../siibra/index.ts'
import { bodyOf } from '../../tasks/answer/body.ts'
import type { DataHandler, HandlerContext } from '../../tasks/task.ts'
import { parsePoints, parseTransform } from '../bodies/points-body.ts'

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
    const { coordinatesMm } = await parsePoints(
      await bodyOf(context),
      createSlices(context.signal),
      context.limits?.points,
    )
    return { json: { points: await warp(triplesOf(coordinatesMm), spaces, context) } }
  },
}

function triplesOf(coordinatesMm: Float64Array): Triple[] {
  const at = (n: number) => coordinatesMm[n] as number
  return Array.from({ length: coordinatesMm.length / 3 }, (_, n) => [at(3 * n), at(3 * n + 1), at(3 * n + 2)])
}

const NoParams = Type.Object({})

/** As the EBRAINS spatial backend does it: spaces by its names or ours; points that cannot be reached are three NaN, which JSON writes as null. */
export const transformPoints: DataHandler<Record<string, never>> = {
  name: 'transform_points',
  queue: 'volumes',
  params: NoParams,
  async run(_params, context) {
    const sent = await parseTransform(await bodyOf(context), createSlices(context.signal), context.limits?.points)
    const core = await context.core()
    const [from, to] = [idOfSpace(core, sent.sourceSpace), idOfSpace(core, sent.targetSpace)]
    const moved = await warpPoints(triplesOf(sent.coordinatesMm), from, to, core.retrieval, context.signal)
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
