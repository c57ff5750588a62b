import { splitWhitespace } from './names.ts'
import { conceptMatches, type Registry } from './registry.ts'
import type { MapType, Parcellation, ParcellationMap } from './types.ts'

export interface MapQuery {
  parcellation: Parcellation
  /** Id, key or words of the name of a space; several may match, the first map counts. */
  space: string
  mapType: MapType
  /** Words of the map's name, where there are several maps of this kind. */
  name?: string
}

/** siibra's `Parcellation.get_map`: the first map of the kind; `undefined` where there is none. */
export function findMap(core: { maps: Registry<ParcellationMap> }, query: MapQuery): ParcellationMap | undefined {
  const candidates = core.maps.all.filter(
    (map) =>
      map.mapType === query.mapType &&
      map.parcellation === query.parcellation &&
      conceptMatches(map.space, query.space),
  )
  if (candidates.length <= 1) return candidates[0]
  const words = splitWhitespace((query.name ?? '').toLowerCase())
  return candidates.find(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
}
