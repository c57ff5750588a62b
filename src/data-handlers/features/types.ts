import type { FeatureMetaModel } from '../../models/features.ts'
import type { FeatureCategory } from '../../models/parameters/features.ts'
import { PagingParams } from '../../models/parameters/shared.ts'
import {
  displayNameOf,
  FEATURE_TYPES,
  type FeatureType,
  type FeatureTypeName,
  featureIndex,
  lineageOf,
  qualifiedName,
} from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { paginate } from '../paging.ts'

interface RouteParameters {
  required: readonly string[]
  optional: readonly string[]
}

/** Query parameters of the routes that list features, apart from paging. */
const ROUTES: Readonly<Record<FeatureCategory, RouteParameters>> = {
  RegionalConnectivity: { required: ['parcellation_id'], optional: ['type'] },
  CorticalProfile: { required: ['parcellation_id', 'region_id'], optional: ['type'] },
  Tabular: { required: ['parcellation_id', 'region_id'], optional: ['type'] },
  Image: { required: ['space_id'], optional: ['bbox', 'type'] },
  GeneExpressions: { required: ['parcellation_id', 'region_id', 'gene'], optional: [] },
  EbrainsDataFeature: { required: ['parcellation_id', 'region_id'], optional: [] },
}

/** Types that are listed only where the configuration has such features: the original does not know them. */
const ONLY_WHERE_FOUND: ReadonlySet<FeatureTypeName> = new Set<FeatureTypeName>([
  'AnatomoFunctionalConnectivity',
  'RegionalValues',
])

function toMeta({ name, category }: FeatureType): FeatureMetaModel {
  const route = lineageOf(name)
    .toReversed()
    .find((one): one is FeatureCategory & FeatureTypeName => one in ROUTES)
  const parameters = route && ROUTES[route]
  return {
    name: qualifiedName(name),
    display_name: displayNameOf(name),
    category,
    path: route ? `/feature/${route}` : null,
    query_params: parameters ? [...parameters.required, ...parameters.optional] : null,
    required_query_params: parameters ? [...parameters.required] : null,
    optional_query_params: parameters ? [...parameters.optional] : null,
    path_params: parameters ? [] : null,
  }
}

/** All types of features by their dotted names, and which route lists them. */
export const featureTypes: DataHandler<PagingParams> = {
  name: 'feature_types',
  queue: 'features',
  params: PagingParams,
  async run(paging, context) {
    const { types } = await featureIndex(await context.core())
    const listed = FEATURE_TYPES.filter(({ name }) => !ONLY_WHERE_FOUND.has(name) || types.has(name))
    const sorted = listed.map(toMeta).sort((a, b) => (a.name < b.name ? -1 : 1))
    return { json: await paginate(sorted, paging, (meta) => meta) }
  },
}
