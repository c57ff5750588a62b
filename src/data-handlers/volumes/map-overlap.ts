import { MapOverlapParams } from '../../models/region-tables.ts'
import { overlapTable } from '../../serialization/tables/overlap-table.ts'
import { type AtlasCore, overlapMaps, SiibraError } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { matchMapSpace } from '../map-space.ts'
import { matchHeaders } from '../match-header.ts'
import { provenanceOf } from '../provenance.ts'
import { type FoundMap, requireMap } from './find-map.ts'

/** How the labelled maps of two parcellations lie over each other in a space. */
export const mapOverlap: DataHandler<MapOverlapParams> = {
  name: 'map_overlap',
  queue: 'volumes',
  params: MapOverlapParams,
  async run({ parcellation_id, other_parcellation_id, space_id }, context) {
    const core = await context.core()
    const { map, parcellation } = requireMap(core, { parcellation_id, space_id }, 'LABELLED')
    const other = requireOther(core, other_parcellation_id, space_id)
    const overlaps = await overlapMaps(core, map, other.map, context.signal)
    const provenance = async () => ({
      ...(await provenanceOf(core, { map })),
      other_parcellation: other.map.parcellation.name,
      other_parcellation_id: other.map.parcellation.id,
      other_map: other.map.name,
      other_map_id: other.map.id,
    })
    return {
      table: async () => ({ ...overlapTable(overlaps), provenance: await provenance() }),
      headers: matchHeaders({
        parcellation,
        other_parcellation: other.parcellation,
        space: matchMapSpace(core, map, space_id),
      }),
    }
  },
}

function requireOther(core: AtlasCore, other_parcellation_id: string, space_id: string): FoundMap {
  try {
    return requireMap(core, { parcellation_id: other_parcellation_id, space_id }, 'LABELLED')
  } catch (thrown) {
    if (!(thrown instanceof SiibraError) || thrown.details?.parameter !== 'parcellation_id') throw thrown
    throw new SiibraError(thrown.code, thrown.message, { ...thrown.details, parameter: 'other_parcellation_id' })
  }
}
