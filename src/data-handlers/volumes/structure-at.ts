import { StructureAtParams } from '../../models/region-tree.ts'
import {
  ancestorAtDepth,
  assignPoint,
  findMap,
  hemisphereOf,
  type MapGap,
  parsePoint,
  regionModelId,
} from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { mapGapHeaders } from '../gap-header.ts'
import { requireMap } from './find-map.ts'

/** The region at a point: that of the labelled map, or, where there is none, the most probable one of the statistical map. */
export const structureAt: DataHandler<StructureAtParams> = {
  name: 'structure_at',
  queue: 'volumes',
  params: StructureAtParams,
  async run({ point, level, ...query }, context) {
    const core = await context.core()
    const coordinateMm = parsePoint(point)
    const parcellation = core.parcellations.lookUp(query.parcellation_id).object
    const isDrawn = (mapType: 'LABELLED' | 'STATISTICAL') =>
      findMap(core, { parcellation, space: query.space_id, mapType }) !== undefined
    const { map, headers } = requireMap(
      core,
      query,
      !isDrawn('LABELLED') && isDrawn('STATISTICAL') ? 'STATISTICAL' : 'LABELLED',
    )
    const gaps: MapGap[] = []
    const located = { coordinateMm, spaceId: map.space.id, sigmaMm: 0 }
    const assigned = await assignPoint(core, map, located, { signal: context.signal, gaps })
    const named = assigned.filter(({ region }) => region !== null)
    if (map.mapType === 'STATISTICAL') named.sort((a, b) => (b.mapValue ?? 0) - (a.mapValue ?? 0))
    const [hit] = named
    const region = hit && parcellation.regions.find(({ name }) => name === hit.region)
    const shown = region && level !== undefined ? ancestorAtDepth(region, level) : region
    const place = { fragment: hit?.fragment ?? null, space: map.space, xMm: coordinateMm[0] }
    return {
      json: {
        '@id': shown ? regionModelId(shown) : null,
        name: shown?.name ?? null,
        acronym: shown?.shortname || null,
        // of the region that is there: the outer ones reach over both sides
        hemisphere: hemisphereOf(region, place),
      },
      headers: { ...headers, ...mapGapHeaders(gaps) },
    }
  },
}
