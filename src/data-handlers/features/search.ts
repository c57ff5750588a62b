import { SearchFeaturesParams } from '../../models/feature-tables.ts'
import { type AtlasCore, findSpecies, parseBox, SiibraError, searchFeatures } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { gapHeaders } from '../gap-header.ts'
import { matchHeaders } from '../match-header.ts'
import { lookUpConcept, pageOptions } from './shared/context.ts'
import { featurePage } from './shared/feature-page.ts'

/** Features of the configuration by whatever is known of them. */
export const searchAllFeatures: DataHandler<SearchFeaturesParams> = {
  name: 'search_features',
  queue: 'features',
  params: SearchFeaturesParams,
  async run({ page, size, include, ...query }, context) {
    const core = await context.core()
    const { parcellation_id, region_id, space_id, bbox } = query
    if (region_id !== undefined && parcellation_id === undefined) throw missing('parcellation_id', 'region_id')
    if (bbox !== undefined && space_id === undefined) throw missing('space_id', 'bbox')
    const concept = parcellation_id === undefined ? undefined : lookUpConcept(core, parcellation_id, region_id)
    const space = space_id === undefined ? undefined : core.spaces.lookUp(space_id)
    const features = await searchFeatures(
      core,
      {
        text: query.find,
        type: query.type,
        modality: query.modality,
        species: query.species && requireSpecies(core, query.species),
        region: concept?.region,
        space: space?.object,
        box: bbox === undefined || !space ? undefined : parseBox(bbox, space.object),
        dataset: query.dataset_id,
        licence: query.licence,
      },
      context.signal,
    )
    const options = pageOptions(context, include, concept?.region)
    const answer = await featurePage(core, features, { page, size }, options)
    return { ...answer, headers: { ...concept?.headers, ...matchHeaders({ space }), ...gapHeaders(options.gaps) } }
  },
}

const missing = (parameter: string, beside: string) =>
  new SiibraError('INVALID_PARAMETER', `${parameter}: is needed with ${beside}`, { parameter })

/** A species that siibra or the configuration knows. */
function requireSpecies({ atlases }: AtlasCore, spec: string): string {
  const served = [...new Set(atlases.all.map(({ species }) => species))]
  const found = findSpecies(spec) ?? served.find((name) => name.toLowerCase() === spec.trim().toLowerCase())
  if (found) return found
  const message = `species: ${JSON.stringify(spec.slice(0, 200))} is not known`
  throw new SiibraError('INVALID_PARAMETER', message, { parameter: 'species', allowed: served })
}
