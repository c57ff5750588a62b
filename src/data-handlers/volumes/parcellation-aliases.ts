import { type AtlasCore, type MapType, SiibraError } from '../../siibra/index.ts'
import { type FoundMap, type MapQuery, requireMap } from './find-map.ts'

const JULICH_BRAIN = 'minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579'

/**
 * Parcellations that another one stands for where points are assigned (siibra-api's `volumes/parcellationmap.py`):
 * siibra-explorer in the BigBrain asks for statistical maps of the BigBrain's own parcellation in MNI152, which are those
 * of Julich-Brain 2.9.
 */
const STAND_INS: Readonly<Record<string, string>> = { [`${JULICH_BRAIN}-bb`]: `${JULICH_BRAIN}-290` }

/** As `requireMap`; the map of the stand-in where the parcellation has none of the kind in that space. */
export function requireMapForPoints(core: AtlasCore, query: MapQuery, mapType: MapType): FoundMap {
  try {
    return requireMap(core, query, mapType)
  } catch (thrown) {
    const isMissing = thrown instanceof SiibraError && thrown.code === 'INVALID_COMBINATION'
    const standIn = isMissing && STAND_INS[core.parcellations.get(query.parcellation_id).id]
    if (!standIn || !core.parcellations.byId(standIn)) throw thrown
    return requireMap(core, { ...query, parcellation_id: standIn }, mapType)
  }
}
