import { AssignManyParams } from '../../models/points.ts'
import { type AssignedPart, assignedPointsTable, assignedRegionsTable } from '../../serialization/assigned-points.ts'
import {
  type AtlasCore,
  assignPoints as assign,
  createSlices,
  type MapGap,
  type MapType,
  runInSlices,
  SiibraError,
  warpPoints,
} from '../../siibra/index.ts'
import { bodyError, bodyOf } from '../../tasks/answer/body.ts'
import { headerList } from '../../tasks/answer/header-values.ts'
import { DEFAULT_LIMITS } from '../../tasks/limits.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { parsePoints, type SentPoints } from '../bodies/points-body.ts'
import { mapGapHeaders } from '../gap-header.ts'
import { provenanceOf } from '../provenance.ts'
import { exactNote, NOTE_HEADER } from './note-header.ts'
import { requireMapForPoints } from './parcellation-aliases.ts'

/** The regions that many points belong to, as a row for each, or summed up by region. */
export const assignPoints: DataHandler<AssignManyParams> = {
  name: 'assign_points',
  queue: 'volumes',
  params: AssignManyParams,
  async run(params, context) {
    const { parcellation_id, parcellation_ids = [], space_id, assignment_type, level, summary } = params
    const parcellations = [
      ...new Set([...(parcellation_id === undefined ? [] : [parcellation_id]), ...parcellation_ids]),
    ]
    const core = await context.core()
    const mapType = assignment_type.toUpperCase() as MapType
    const found = parcellations.map((one) => requireMapForPoints(core, { parcellation_id: one, space_id }, mapType))
    const [first] = found
    if (!first) {
      throw new SiibraError('INVALID_PARAMETER', 'parcellation_id, or parcellation_ids, is missing', {
        parameter: 'parcellation_id',
      })
    }
    const sent = await parsePoints(await bodyOf(context), createSlices(context.signal), context.limits?.points)
    const sigmaMm = sent.sigmaMm.map((sigma) => (Number.isNaN(sigma) ? params.sigma_mm : sigma))
    const coordinatesMm = await moveToSpace(core, sent, params.point_space_id, first.map.space.id, context.signal)
    const gaps: MapGap[] = []
    const notes = new Set<string>()
    const parts: AssignedPart[] = []
    for (const { map } of found) {
      const assigned = await assign(
        core,
        map,
        { coordinatesMm, sigmaMm },
        {
          signal: context.signal,
          gaps,
          lowerThreshold: params.lower_threshold,
          onExact: (belowMm) => void notes.add(exactNote(belowMm)),
          maxUncertain: refuseMoreThan(context.limits?.uncertainPoints),
        },
      )
      parts.push({ map, assigned, coordinatesMm })
    }
    const options = { parts, ids: sent.ids, level, withParcellation: parcellation_ids.length > 0 }
    const makeTable = summary === 'region' ? assignedRegionsTable : assignedPointsTable
    return {
      table: async () => ({
        ...(await runInSlices(makeTable(options), createSlices(context.signal))),
        provenance: await provenanceOf(core, { map: first.map }),
      }),
      headers: {
        ...first.headers,
        ...(notes.size > 0 ? { [NOTE_HEADER]: headerList([...notes]) } : {}),
        ...mapGapHeaders(gaps),
      },
    }
  },
}

const refuseMoreThan =
  (most = DEFAULT_LIMITS.uncertainPoints) =>
  (count: number): void => {
    if (count <= most) return
    throw bodyError(`${count} points with an uncertainty are too many: ${most} in one request`, { allowed: most })
  }

/** The points in the space of the map; where they cannot be reached there, they are nowhere. */
async function moveToSpace(
  core: AtlasCore,
  { coordinatesMm, count }: SentPoints,
  pointSpace: string | undefined,
  mapSpaceId: string,
  signal: AbortSignal,
): Promise<Float64Array> {
  const from = pointSpace === undefined ? mapSpaceId : core.spaces.lookUp(pointSpace).object.id
  if (from === mapSpaceId) return coordinatesMm
  const points = Array.from({ length: count }, (_, n) => {
    const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = coordinatesMm.subarray(3 * n, 3 * n + 3)
    return [x, y, z] as const
  })
  const moved = await warpPoints(points, from, mapSpaceId, core.retrieval, signal)
  return Float64Array.from(moved.flatMap((point) => point ?? [Number.NaN, Number.NaN, Number.NaN]))
}
