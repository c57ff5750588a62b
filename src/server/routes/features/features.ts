import { pageOf } from '../../../models/common.ts'
import {
  FeatureMetaModel,
  FeatureModel,
  PlotlyFigure,
  SiibraCorticalProfileModel,
  SiibraEbrainsDataFeatureModel,
  SiibraRegionalConnectivityModel,
  SiibraTabularModel,
  SiibraVoiModel,
  TabularModel,
} from '../../../models/features.ts'
import {
  ConnectivityListParams,
  EbrainsListParams,
  FeatureByIdParams,
  type FeatureCategory,
  FeatureDownloadParams,
  FeaturePlotlyParams,
  GeneListParams,
  ImageListParams,
  RegionalListParams,
  SingleConnectivityParams,
  SingleEbrainsParams,
  SingleGeneParams,
  SingleRegionalParams,
  SingleTabularParams,
  TabularListParams,
} from '../../../models/parameters/features.ts'
import { PagingParams } from '../../../models/parameters/shared.ts'
import { ALWAYS, API_VERSIONS, type CacheRule, type RouteRecord, V3 } from '../route.ts'

const base = { method: 'GET', versions: V3, tag: 'feature', criticality: 'normal', cache: ALWAYS } as const
/** What is searched for differs from client to client. */
const LISTING: CacheRule = { kind: 'unless', parameters: ['find', 'pathology', 'pharmacology', 'signal_quality'] }
const listOf = (category: FeatureCategory) =>
  ({ name: 'all_features', queue: 'features', fixed: { category } }) as const
const oneOf = (category: FeatureCategory) =>
  ({ name: 'single_feature', queue: 'features', fixed: { category } }) as const

const regionFeatures = (type: string) => `region = siibra.get_region(parcellation_id, region_id)
for feature in siibra.features.get(region, ${type}):
    print(feature.id, feature.name)`
const regionFeature = (type: string) => `region = siibra.get_region(parcellation_id, region_id)
feature = next(f for f in siibra.features.get(region, ${type}) if f.id == feature_id)
print(feature.name, feature.data)`
const featureById = 'feature = siibra.features.Feature.get_instance_by_id(feature_id)'

/** Data sets anchored in the atlas. */
export const featureRoutes: readonly RouteRecord[] = [
  {
    ...base,
    name: 'get_all_feature_types',
    tool: 'list_feature_types',
    path: '/feature/_types',
    summary: 'All types of features, and which route lists them',
    params: PagingParams,
    response: { json: pageOf(FeatureMetaModel, 'FeatureMetaModel') },
    task: { name: 'feature_types', queue: 'features' },
    python: 'for name, feature_type in siibra.features.TYPES.items():\n    print(name, feature_type.category)',
  },
  {
    ...base,
    name: 'get_all_connectivity_features',
    path: '/feature/RegionalConnectivity',
    summary: 'List the connectivity data of a parcellation',
    description:
      'Matrices of functional or structural connectivity between all regions; `subjects` lists whose there are.',
    params: ConnectivityListParams,
    response: { json: pageOf(SiibraRegionalConnectivityModel, 'SiibraRegionalConnectivityModel') },
    task: listOf('RegionalConnectivity'),
    cache: LISTING,
    python: `parcellation = siibra.parcellations[parcellation_id]
for feature in siibra.features.get(parcellation, type or "RegionalConnectivity"):
    print(feature.id, feature.name)`,
  },
  {
    ...base,
    name: 'get_single_connectivity_feature',
    path: '/feature/RegionalConnectivity/{feature_id}',
    summary: 'One connectivity data set: the matrix of a subject, or the average of all',
    params: SingleConnectivityParams,
    response: { json: SiibraRegionalConnectivityModel, forms: 'citation' },
    task: oneOf('RegionalConnectivity'),
    python: `parcellation = siibra.parcellations[parcellation_id]
features = siibra.features.get(parcellation, type or "RegionalConnectivity")
feature = next(f for f in features if f.id == feature_id)
print(feature.data)`,
  },
  {
    ...base,
    name: 'get_all_corticalprofile_features',
    path: '/feature/CorticalProfile',
    summary: 'List the cortical profiles of a region',
    description:
      'Values along the depth of the cortex, from its surface to the white matter: cells, receptors, staining.',
    params: RegionalListParams,
    response: { json: pageOf(SiibraCorticalProfileModel, 'SiibraCorticalProfileModel') },
    task: listOf('CorticalProfile'),
    cache: LISTING,
    python: regionFeatures('type or "CorticalProfile"'),
  },
  {
    ...base,
    name: 'get_single_corticalprofile_feature',
    path: '/feature/CorticalProfile/{feature_id}',
    summary: 'One cortical profile',
    params: SingleRegionalParams,
    response: { json: SiibraCorticalProfileModel, forms: 'citation' },
    task: oneOf('CorticalProfile'),
    python: regionFeature('type or "CorticalProfile"'),
  },
  {
    ...base,
    name: 'get_all_tabular',
    path: '/feature/Tabular',
    summary: 'List the tabular features of a region',
    description: 'Fingerprints of receptors, densities by layer, time series, recordings.',
    params: TabularListParams,
    response: {
      json: pageOf(TabularModel, 'Union_SiibraCorticalProfileModel__SiibraReceptorDensityFp__SiibraTabularModel_'),
    },
    task: listOf('Tabular'),
    cache: LISTING,
    python: regionFeatures('type or "Tabular"'),
  },
  {
    ...base,
    name: 'get_single_tabular',
    path: '/feature/Tabular/{feature_id}',
    summary: 'One tabular feature',
    params: SingleTabularParams,
    response: { json: TabularModel, forms: 'citation' },
    task: oneOf('Tabular'),
    python: regionFeature('type or "Tabular"'),
  },
  {
    ...base,
    name: 'get_all_voi',
    path: '/feature/Image',
    summary: 'List the images in a space, or in a bounding box of it',
    description: 'Microscopic and other images that lie in the space, or meet a box of it.',
    params: ImageListParams,
    response: { json: pageOf(SiibraVoiModel, 'SiibraVoiModel') },
    task: listOf('Image'),
    criticality: 'background',
    cache: { kind: 'unless', parameters: ['bbox', 'find'] },
    python: `space = siibra.spaces[space_id]
images = siibra.features.get(space, type or "Image")
if bbox is not None:
    import json
    box = space.get_bounding_box(*json.loads(bbox))
    images = [image for image in images if image.anchor.location.intersects(box)]
for image in images:
    print(image.id, image.name)`,
  },
  {
    ...base,
    name: 'get_all_gene',
    path: '/feature/GeneExpressions',
    summary: 'Gene expressions measured in a region',
    description: 'Samples of the Allen Human Brain Atlas that lie within the region, asked for there at that moment.',
    params: GeneListParams,
    response: { json: pageOf(SiibraTabularModel, 'SiibraTabularModel') },
    task: listOf('GeneExpressions'),
    cache: LISTING,
    python: regionFeatures('"GeneExpressions", gene=gene'),
  },
  {
    ...base,
    name: 'get_single_gene',
    path: '/feature/GeneExpressions/{feature_id}',
    summary: 'One set of gene expressions',
    params: SingleGeneParams,
    response: { json: SiibraTabularModel, forms: 'citation' },
    task: oneOf('GeneExpressions'),
    python: regionFeature('"GeneExpressions", gene=gene'),
  },
  {
    ...base,
    name: 'get_all_ebrains_df',
    path: '/feature/EbrainsDataFeature',
    summary: 'List the EBRAINS data sets about a region',
    description: 'Data sets that the knowledge graph of EBRAINS has for the region, asked for there at that moment.',
    params: EbrainsListParams,
    response: { json: pageOf(SiibraEbrainsDataFeatureModel, 'SiibraEbrainsDataFeatureModel') },
    task: listOf('EbrainsDataFeature'),
    cache: LISTING,
    python: regionFeatures('"EbrainsDataFeature"'),
  },
  {
    ...base,
    name: 'get_single_ebrains_df',
    path: '/feature/EbrainsDataFeature/{feature_id}',
    summary: 'One EBRAINS data set',
    params: SingleEbrainsParams,
    response: { json: SiibraEbrainsDataFeatureModel, forms: 'citation' },
    task: oneOf('EbrainsDataFeature'),
    python: `region = siibra.get_region(parcellation_id, region_id)
feature = next(f for f in siibra.features.get(region, "EbrainsDataFeature") if f.id == feature_id)
print(feature.name, feature.urls)`,
  },
  {
    ...base,
    name: 'get_single_feature_plot',
    path: '/feature/{feature_id}/plotly',
    versions: API_VERSIONS,
    summary: 'A figure of a feature, for plotly',
    description: 'The templates are those of [plotly](https://plotly.com/python/templates/).',
    params: FeaturePlotlyParams,
    response: { json: PlotlyFigure },
    task: { name: 'feature_plotly', queue: 'features' },
    python: `${featureById}\nfeature.plot(backend="plotly", template=template or "plotly").show()`,
  },
  {
    ...base,
    name: 'get_single_feature_download',
    path: '/feature/{feature_id}/download',
    versions: API_VERSIONS,
    summary: 'The data of a feature, as a zip archive',
    params: FeatureDownloadParams,
    response: { file: { mediaType: 'application/zip', description: 'Data, licence and citation.' } },
    task: { name: 'feature_download', queue: 'features' },
    criticality: 'background',
    python: `${featureById}\nfeature.export("feature.zip")`,
  },
  {
    ...base,
    name: 'get_single_feature',
    tool: 'get_feature',
    path: '/feature/{feature_id}',
    summary: 'One feature of any type, by its id alone',
    description: 'What a type needs beside the id (`subject` of a connectivity, `gene` of expressions) may be given.',
    params: FeatureByIdParams,
    response: { json: FeatureModel, forms: 'citation' },
    task: { name: 'feature_by_id', queue: 'features' },
    statuses: { NOT_FOUND: 400, INVALID_PARAMETER: 400 },
    python: `${featureById}\nprint(feature.name, feature.modality)`,
  },
]
