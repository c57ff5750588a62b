import {
  type AtlasCore,
  findMap,
  type MapType,
  type Match,
  type Parcellation,
  type ParcellationMap,
  SiibraError,
} from '../../siibra/index.ts'
import { matchMapSpace } from '../map-space.ts'
import { matchHeaders } from '../match-header.ts'

export interface MapQuery {
  parcellation_id: string
  space_id: string
}

export interface FoundMap {
  map: ParcellationMap
  parcellation: Match<Parcellation>
  headers: Record<string, string>
}

/** The map of a parcellation in a space. NOT_FOUND for unknown ones, INVALID_COMBINATION where they have no such map. */
export function requireMap(
  core: AtlasCore,
  { parcellation_id, space_id }: MapQuery,
  mapType: MapType,
  name = '',
): FoundMap {
  const parcellation = core.parcellations.lookUp(parcellation_id)
  const map = findMap(core, { parcellation: parcellation.object, space: space_id, mapType, name })
  if (!map) {
    const space = core.spaces.lookUp(space_id).object
    const named = name ? ` named '${name}'` : ''
    throw new SiibraError(
      'INVALID_COMBINATION',
      `'${parcellation.object.name}' has no ${mapType.toLowerCase()} map${named} in the space '${space.name}'`,
      { parcellation_id, space_id, map_type: mapType },
    )
  }
  const space = matchMapSpace(core, map, space_id)
  return { map, parcellation, headers: matchHeaders({ parcellation, space }) }
}
