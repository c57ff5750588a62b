import {
  AllFeaturesParams,
  type FeatureCategory,
  RegionFeaturesParams,
  SingleFeatureParams,
} from '../../models/parameters/features.ts'
import {
  type AtlasCore,
  FEATURE_TYPES,
  type Feature,
  type FeatureTypeName,
  featureHasWords,
  isKindOf,
  listImages,
  listPreconfigured,
  listRegionFeatures,
  parseAskedTypes,
  parseBox,
  RECORDING_CONDITIONS,
  type RecordingConditions,
  SiibraError,
} from '../../siibra/index.ts'
import type { DataHandler, HandlerContext } from '../../tasks/task.ts'
import type { CitationFormParams } from '../citation-answer.ts'
import { gapHeaders } from '../gap-header.ts'
import { matchHeaders } from '../match-header.ts'
import { lookUpConcept, pageOptions, parseGenes } from './shared/context.ts'
import { featureDetail } from './shared/feature-detail.ts'
import { featurePage } from './shared/feature-page.ts'

/** The branch of the tree of types that the `type` parameter of a route may name; for profiles, as recorded, any table. */
const BRANCHES: Readonly<Record<FeatureCategory, FeatureTypeName>> = {
  RegionalConnectivity: 'RegionalConnectivity',
  CorticalProfile: 'Tabular',
  Tabular: 'Tabular',
  Image: 'Image',
  GeneExpressions: 'GeneExpressions',
  EbrainsDataFeature: 'EbrainsDataFeature',
}

interface Query {
  category: FeatureCategory
  parcellation_id?: string | undefined
  region_id?: string | undefined
  type?: string | undefined
  gene?: string | undefined
}

type Choice = Pick<AllFeaturesParams, 'find' | keyof RecordingConditions>

/** Those of a listing that the request chooses by words, and by how field potentials were recorded. */
function choose<F extends Feature>(features: readonly F[], { find, ...conditions }: Choice): readonly F[] {
  const asked = RECORDING_CONDITIONS.filter((name) => conditions[name] !== undefined)
  if (!find && asked.length === 0) return features
  return features.filter(
    (feature) =>
      (!find || featureHasWords(feature, find)) &&
      asked.every((name) => feature.kind === 'field-potential' && feature.recording[name] === conditions[name]),
  )
}

async function listCategory(core: AtlasCore, query: Query, context: HandlerContext) {
  const { category, parcellation_id, region_id, type, gene } = query
  if (parcellation_id === undefined) {
    throw new SiibraError('INVALID_PARAMETER', 'parcellation_id: is missing', { parameter: 'parcellation_id' })
  }
  const { region, headers } = lookUpConcept(core, parcellation_id, region_id)
  const asked = parseAskedTypes(type ?? category, BRANCHES[category])
  // tables that are no profiles have a model of their own, and are listed by /feature/Tabular
  const isListed = (name: FeatureTypeName) => category !== 'CorticalProfile' || isKindOf(name, 'CorticalProfile')
  const types = { ...asked, names: asked.names.filter(isListed) }
  const genes = parseGenes(gene)
  const features = await listRegionFeatures(core, region, types, { genes, signal: context.signal })
  return { features, region, headers }
}

/** The features of one category: of a parcellation, a region, or (images) a space. */
export const allFeatures: DataHandler<AllFeaturesParams> = {
  name: 'all_features',
  queue: 'features',
  params: AllFeaturesParams,
  async run({ page, size, include, ...query }, context) {
    const core = await context.core()
    const paging = { page, size }
    if (query.category === 'Image') {
      const space = core.spaces.lookUp(query.space_id ?? '')
      const box = query.bbox === undefined ? undefined : parseBox(query.bbox, space.object)
      const options = pageOptions(context, include)
      const images = await listImages(core, space.object, query.type, box, context.signal)
      const answer = await featurePage(core, choose(images, query), paging, options)
      return { ...answer, headers: { ...matchHeaders({ space }), ...gapHeaders(options.gaps) } }
    }
    const { features, region, headers } = await listCategory(core, query, context)
    const options = pageOptions(context, include, region)
    const answer = await featurePage(core, choose(features, query), paging, options)
    return { ...answer, headers: { ...headers, ...gapHeaders(options.gaps) } }
  },
}

/** One feature of a listing, with its data. */
export const singleFeature: DataHandler<SingleFeatureParams & CitationFormParams> = {
  name: 'single_feature',
  queue: 'features',
  params: SingleFeatureParams,
  async run({ feature_id, subject, include, format, ...query }, context) {
    const core = await context.core()
    const { features, region, headers } = await listCategory(core, query, context)
    const feature = features.find(({ id }) => id === feature_id)
    if (!feature) {
      throw new SiibraError('NOT_FOUND', `'${region.name}' has no feature ${feature_id} of this kind`, {
        kind: 'feature',
        spec: feature_id.slice(0, 200),
      })
    }
    const answer = await featureDetail(core, feature, { subject, include, format, asked: region }, context)
    return { ...answer, headers: { ...headers, ...answer.headers } }
  },
}

const CONCRETE_TYPES = FEATURE_TYPES.filter(({ category }) => category !== null).map(({ name }) => name)

/** All features of the configuration that belong to a region; those made on the fly have routes of their own. */
export const regionFeatures: DataHandler<RegionFeaturesParams> = {
  name: 'region_features',
  queue: 'features',
  params: RegionFeaturesParams,
  async run({ parcellation_id, region_id, type, find, include, ...paging }, context) {
    const core = await context.core()
    const { region, headers } = lookUpConcept(core, parcellation_id, region_id)
    const types = type === undefined ? CONCRETE_TYPES : parseAskedTypes(type, 'Feature').names
    const features = await listPreconfigured(core, region, types, { signal: context.signal })
    const options = pageOptions(context, include, region)
    const answer = await featurePage(core, choose(features, { find }), paging, options)
    return { ...answer, headers: { ...headers, ...gapHeaders(options.gaps) } }
  },
}
