/**
 * Staining intensities of the BigBrain along the depth of the cortex, by the profiles that Konrad Wagstyl extracted at
 * the vertices of a surface of the left hemisphere (https://github.com/kwagstyl/cortical_layers_tutorial).
 */
import type { Anchor, BigBrainProfileFeature, TableFeature } from '../../features/feature.ts'
import { anchoredName, featureId, LIVE_CATEGORY, liveFeatureId } from '../../features/feature.ts'
import { LAYER_NAMES } from '../../features/load/layers.ts'
import type { LiveQuery } from '../live-query.ts'
import { matchRegion, SPECIES } from './match-region.ts'
import { BOUNDARY_COUNT, summariseLayers } from './profiles.ts'
import { DATASET, LAYER_DESCRIPTION, PROFILE_DESCRIPTION } from './texts.ts'

const MODALITY = 'Modified silver staining'

/** One profile per vertex that lies in the region. */
export const queryIntensityProfiles: LiveQuery = async (core, region, { signal }) => {
  const found = await matchRegion(core, region, signal)
  if (!found) return []
  const { bigBrain, profiles, matches } = found
  const { depthCount } = profiles
  const depths = Array.from({ length: depthCount }, (_, i) => i * (1 / depthCount))
  return matches.flatMap(({ part, vertices }) =>
    vertices.map((vertex): BigBrainProfileFeature => {
      const location = { kind: 'point' as const, space: bigBrain, pointMm: profiles.verticesMm[vertex]! }
      const anchor: Anchor = { species: SPECIES, regionSpec: part.name, location }
      const name = anchoredName('BigBrainIntensityProfile', MODALITY, anchor)
      const own = profiles.boundaries.subarray(vertex * BOUNDARY_COUNT, (vertex + 1) * BOUNDARY_COUNT)
      return {
        kind: 'bigbrain-profile',
        type: 'BigBrainIntensityProfile',
        category: LIVE_CATEGORY,
        modality: MODALITY,
        id: liveFeatureId('BigBrainIntensityProfile', region, featureId(name, [DATASET])),
        name,
        description: PROFILE_DESCRIPTION,
        anchor,
        datasets: [DATASET],
        file: null,
        depths,
        values: profiles.intensities.subarray(vertex * depthCount, (vertex + 1) * depthCount),
        boundaries: Array.from(own.subarray(0, BOUNDARY_COUNT - 1)),
        location,
      }
    }),
  )
}

/** Mean and standard deviation of the intensities per layer, over all vertices of each part of the region. */
export const queryLayerwiseIntensities: LiveQuery = async (core, region, { signal }) => {
  const found = await matchRegion(core, region, signal)
  if (!found) return []
  return found.matches.map(({ part, vertices }): TableFeature => {
    const anchor: Anchor = { species: SPECIES, regionSpec: part.name, location: null }
    const name = anchoredName('LayerwiseBigBrainIntensities', MODALITY, anchor)
    const layers = summariseLayers(found.profiles, vertices)
    const finite = (value: number) => (Number.isFinite(value) ? value : null)
    return {
      kind: 'table',
      type: 'LayerwiseBigBrainIntensities',
      category: LIVE_CATEGORY,
      modality: MODALITY,
      id: liveFeatureId('LayerwiseBigBrainIntensities', region, featureId(name, [DATASET])),
      name,
      description: LAYER_DESCRIPTION,
      anchor,
      datasets: [DATASET],
      file: null,
      table: {
        indexName: 'layer',
        indexType: 'object',
        index: LAYER_NAMES.slice(1, -1),
        columns: [
          { name: 'mean', type: 'float32', values: layers.map(({ mean }) => finite(mean)) },
          { name: 'std', type: 'float32', values: layers.map(({ deviation }) => finite(deviation)) },
        ],
      },
    }
  })
}
