import { findRegionByModelId } from '../core/search/region-index.ts'
import { findRegions } from '../core/search/region-search.ts'
import type { MapIndex, ParcellationMap } from '../core/types.ts'
import { SiibraError } from '../errors.ts'

/**
 * Where a map draws the region that `spec` means: the exact name, the `@id` of answers, or whatever of the parcellation matches and is in the map.
 * Throws NOT_AVAILABLE where nothing is, AMBIGUOUS with `details.candidates` where several are (siibra's get_index).
 */
export function findMapIndex(map: ParcellationMap, spec: string): MapIndex {
  const named = findRegionByModelId(map.parcellation, spec)?.name ?? spec
  const [exact] = map.indices.get(named) ?? []
  if (exact) return exact
  const names = new Set(findRegions(map.parcellation, spec).map(({ name }) => name))
  const mapped = [...names].filter((name) => map.indices.has(name))
  const [only] = mapped.length === 1 ? map.indices.get(mapped[0]!)! : []
  if (only) return only
  const kind = map.mapType.toLowerCase()
  if (mapped.length === 0) {
    const message = `'${spec}' has no ${kind} map among those of '${map.parcellation.name}' in '${map.space.name}'`
    throw new SiibraError('NOT_AVAILABLE', message, { parameter: 'region_id', map: map.id })
  }
  const message = `'${spec}' fits several regions with ${kind} maps: ${mapped.slice(0, 20).join(', ')}`
  throw new SiibraError('AMBIGUOUS', message, { parameter: 'region_id', candidates: mapped })
}
