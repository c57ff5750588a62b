import { FilteredMapsParams, GetMapParams, SingleMapParams } from '../../models/parameters/core.ts'
import { serializeMap, serializeMapSummary } from '../../serialization/maps.ts'
import { createGaps, findMap, loadDatasetFacts, loadVolumesFacts, SiibraError } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { type CitationFormParams, citationAnswer } from '../citation-answer.ts'
import { gapHeaders } from '../gap-header.ts'
import { matchMapSpace } from '../map-space.ts'
import { matchHeaders } from '../match-header.ts'
import { paginate } from '../paging.ts'

/** Maps by parcellation, space and type. An empty id is nobody's: such a listing has no items, as in the original. */
export const filteredMaps: DataHandler<FilteredMapsParams> = {
  name: 'filtered_maps',
  queue: 'core',
  params: FilteredMapsParams,
  async run({ parcellation_id, space_id, map_type, ...paging }, context) {
    const core = await context.core()
    const parcellation = parcellation_id ? core.parcellations.lookUp(parcellation_id) : undefined
    const space = space_id ? core.spaces.lookUp(space_id) : undefined
    const maps = core.maps.all.filter(
      (map) =>
        (parcellation_id === undefined || map.parcellation === parcellation?.object) &&
        (space_id === undefined || map.space === space?.object) &&
        (map_type === undefined || map.mapType === map_type),
    )
    const gaps = createGaps()
    const json = await paginate(maps, paging, async (map) =>
      serializeMapSummary(map, await loadDatasetFacts(core, map, gaps)),
    )
    return { json, headers: { ...matchHeaders({ parcellation, space }), ...gapHeaders(gaps) } }
  },
}

export const singleMap: DataHandler<SingleMapParams & CitationFormParams> = {
  name: 'single_map',
  queue: 'core',
  params: SingleMapParams,
  async run({ map_id, format }, context) {
    const core = await context.core()
    const map = core.maps.byId(map_id)
    if (!map) throw new SiibraError('NOT_FOUND', `There is no map '${map_id}'`, { parameter: 'map_id' })
    if (format) return citationAnswer(core, [map, map.parcellation], format)
    const gaps = createGaps()
    const json = serializeMap(map, await loadVolumesFacts(core, map, gaps), { remap: context.remapProviders })
    return { json, headers: gapHeaders(gaps) }
  },
}

/** The first map of a parcellation in a space; superseded by `single_map`. */
export const getMap: DataHandler<GetMapParams> = {
  name: 'get_map',
  queue: 'core',
  params: GetMapParams,
  async run({ parcellation_id, space_id, map_type }, context) {
    const core = await context.core()
    const parcellation = core.parcellations.lookUp(parcellation_id)
    const map = findMap(core, { parcellation: parcellation.object, space: space_id, mapType: map_type })
    if (!map) {
      const message = `'${parcellation.object.name}' has no ${map_type.toLowerCase()} map in the space '${space_id}'`
      throw new SiibraError('INVALID_COMBINATION', message, { parcellation_id, space_id, map_type })
    }
    const space = matchMapSpace(core, map, space_id)
    const gaps = createGaps()
    const json = serializeMap(map, await loadVolumesFacts(core, map, gaps), { remap: context.remapProviders })
    return { json, headers: { ...matchHeaders({ parcellation, space }), ...gapHeaders(gaps) } }
  },
}
