/**
 * The parameters of every route: path and query together, as a handler receives them. A property with a default is
 * always there when a handler runs; an optional one may be missing. Names are those of the recorded OpenAPI document.
 */
import Type, { type Static } from 'typebox'
import type { Extent } from '../siibra/index.ts'
import { FEATURE_TYPES } from '../siibra/index.ts'
import { MAP_TYPES } from './common.ts'

/** Longest id that a path or query may hold; longer ones are refused before anything looks at them. */
export const MAX_ID_BYTES = 4096

/** What this service's own parser of parameters knows beside JSON Schema (`server/http/parameters/params.ts`). */
interface ParserHints {
  /** Missing is an error where the parameter of that name is missing or empty, too. */
  requiredWithout?: string
}

export const id = (description: string, example?: string, hints: ParserHints = {}) =>
  Type.String({
    description,
    maxLength: MAX_ID_BYTES,
    ...(example === undefined ? {} : { examples: [example] }),
    ...hints,
  })

export const atlasId = id('Id, key or name of an atlas.', 'juelich/iav/atlas/v1.0.0/1')
export const spaceId = id(
  'Id, key or name of a reference space.',
  'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2',
)
const PARCELLATION_EXAMPLE = 'minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579-290'
export const parcellationId = id('Id, key or name of a parcellation.', PARCELLATION_EXAMPLE)
export const regionId = id(
  'Name, key or id of a region of the parcellation, or the `@id` that listings give.',
  'Area hOc1 (V1, 17, CalcS) left',
)
export const mapId = id('Id of a map, as listings give it.')
export const featureId = id('Id of a feature, as listings give it.')

/** Allowed values that the documents tell; what else is sent is judged by the handler, as recorded. */
const documented = (values: readonly string[]) => ({ documentedValues: values })

export const featureType = Type.Optional(
  Type.String({
    description:
      'Feature type: the last part of a name that `/feature/_types` lists. `RegionalValues` (values by region of an imported atlas) is an addition of this service.',
    maxLength: 256,
    examples: ['ReceptorDensityFingerprint'],
    ...documented(FEATURE_TYPES.map(({ name }) => name)),
  }),
)
export const bbox = Type.Optional(
  Type.String({
    description: 'Two opposite corners in mm, as JSON: `[[x, y, z], [x, y, z]]`.',
    maxLength: 1024,
    examples: ['[[-10, -10, -10], [10, 10, 10]]'],
  }),
)
export const gene = Type.String({
  description: 'Gene symbol, or several, separated by commas.',
  maxLength: MAX_ID_BYTES,
  examples: ['MAOA'],
})
const subject = Type.String({
  description: 'One of the `subjects` of a connectivity data set or of time series.',
  maxLength: 256,
  examples: ['000'],
})
export const find = Type.Optional(
  Type.String({
    description: 'Words, or a regular expression between slashes, e.g. `/^hoc[12]/i`.',
    maxLength: MAX_ID_BYTES,
  }),
)

export const mapType = Type.Enum(MAP_TYPES, {
  title: 'MapType',
  description: 'One label per voxel, or one volume of probabilities per region.',
})

export const PLOTLY_TEMPLATES = [
  'plotly',
  'plotly_white',
  'plotly_dark',
  'ggplot2',
  'seaborn',
  'simple_white',
  'none',
] as const

/** The values of `Extent` of the library. */
export const EXTENTS = ['parts', 'own', 'drawn'] as const satisfies readonly Extent[]
export const extent = Type.Optional(
  Type.Enum(EXTENTS, {
    description:
      'Which voxels belong to a region. `parts` (what holds where nothing is given): its own label and those of all its parts that the map draws; of a region that the map does not draw, all of its children, each of which must be drawn. `own`: of a region that the map draws its own label alone, as siibra-python has it. `drawn`: as `parts`, but a region that the map does not draw has those of its parts that it draws, even where others are missing.',
  }),
)

const resolution = Type.Optional(
  Type.Number({
    description:
      'In mm. Of a pyramid the coarsest scale is taken whose voxels are at most this large, else the finest that `max_voxels` allows; other volumes have one resolution.',
    exclusiveMinimum: 0,
  }),
)

/** What cuts a part out of an image; where none of it is given, the whole is sent as it is. */
export const cutout = {
  bbox,
  resolution_mm: resolution,
  max_voxels: Type.Optional(
    Type.Integer({
      description: 'More voxels than this are refused (422, which says what would be possible). Default 16777216.',
      minimum: 1,
      maximum: 134_217_728,
    }),
  ),
}

export const fragment = Type.Optional(
  id('Part of the name of a fragment, e.g. `left`; all of them where it is left out.', 'left'),
)

/** For listings and single features. */
export const include = Type.Optional(
  Type.String({
    description:
      'What is told beside: `anchor` (where it belongs, and how it relates to the region that was asked for; single features other than images have it anyway), `data`; several between commas.',
    maxLength: 64,
    examples: ['anchor'],
  }),
)

/** Of listings of features. */
export const findFeatures = Type.Optional(
  Type.String({
    description:
      'Words that all occur in name, modality, type, id, region or cohort of a feature, in any case and order.',
    maxLength: MAX_ID_BYTES,
  }),
)

/** How recordings of field potentials were made; other features are left out where one is given. */
const condition = (description: string) =>
  Type.Optional(
    Type.String({
      description: `Only field potentials: ${description} \`/vocabularies/lfp\` lists the values.`,
      maxLength: 1024,
    }),
  )
const recordingConditions = {
  pathology: condition('of animals with that pathology.'),
  pharmacology: condition('under that drug.'),
  signal_quality: condition('of that quality.'),
}

/** Properties of every listing. */
export const paging = {
  page: Type.Integer({ description: 'Page, from 1.', minimum: 1, default: 1 }),
  size: Type.Integer({ description: 'Items per page.', minimum: 1, maximum: 100, default: 50 }),
}
export const PagingParams = Type.Object(paging)
export type PagingParams = Static<typeof PagingParams>

// --- core -----------------------------------------------------------------------------------------------------------
export const SingleAtlasParams = Type.Object({ atlas_id: atlasId })
export type SingleAtlasParams = Static<typeof SingleAtlasParams>

export const SingleSpaceParams = Type.Object({ space_id: spaceId })
export type SingleSpaceParams = Static<typeof SingleSpaceParams>

export const SingleParcellationParams = Type.Object({ parcellation_id: parcellationId })
export type SingleParcellationParams = Static<typeof SingleParcellationParams>

export const leaf = Type.Enum(['true', 'false'], {
  description: '`true`: only regions without parts; `false`: only those with parts.',
})

export const AllRegionsParams = Type.Object({
  parcellation_id: Type.Optional(
    id(
      'Id, key or name of a parcellation. May be left out where `find` is given: then all of them are searched.',
      PARCELLATION_EXAMPLE,
      {
        requiredWithout: 'find',
      },
    ),
  ),
  find,
  atlas_id: Type.Optional(atlasId),
  species: Type.Optional(
    Type.String({
      description: 'Only parcellations of that species: its name, or its id in the knowledge graph.',
      maxLength: 256,
      examples: ['Homo sapiens'],
    }),
  ),
  within: Type.Optional(
    id('Only that region and its parts. Of several parcellations, those that have none like it are left out.'),
  ),
  leaf: Type.Optional(leaf),
  label: Type.Optional(
    Type.Integer({ description: 'Only regions that a labelled map of the parcellation draws with that label.' }),
  ),
  ...paging,
})
export type AllRegionsParams = Static<typeof AllRegionsParams>

export const SingleRegionParams = Type.Object({
  region_id: regionId,
  parcellation_id: parcellationId,
  space_id: Type.Optional(spaceId),
  extent,
})
export type SingleRegionParams = Static<typeof SingleRegionParams>

export const RelatedRegionsParams = Type.Object({ region_id: regionId, parcellation_id: parcellationId, ...paging })
export type RelatedRegionsParams = Static<typeof RelatedRegionsParams>

export const FilteredMapsParams = Type.Object({
  parcellation_id: Type.Optional(parcellationId),
  space_id: Type.Optional(spaceId),
  map_type: Type.Optional(mapType),
  ...paging,
})
export type FilteredMapsParams = Static<typeof FilteredMapsParams>

export const SingleMapParams = Type.Object({ map_id: mapId })
export type SingleMapParams = Static<typeof SingleMapParams>

export const GetMapParams = Type.Object({ parcellation_id: parcellationId, space_id: spaceId, map_type: mapType })
export type GetMapParams = Static<typeof GetMapParams>

export const GenesParams = Type.Object({ find, ...paging })
export type GenesParams = Static<typeof GenesParams>

// --- volumes --------------------------------------------------------------------------------------------------------
export const ResampledTemplateParams = Type.Object({
  parcellation_id: parcellationId,
  space_id: spaceId,
  name: Type.Optional(id('Part of the name of the map, where the parcellation has several in this space.')),
})
export type ResampledTemplateParams = Static<typeof ResampledTemplateParams>

export const LabelledMapParams = Type.Object({
  parcellation_id: parcellationId,
  space_id: spaceId,
  region_id: Type.Optional(regionId),
  extent,
  fragment,
  ...cutout,
})
export type LabelledMapParams = Static<typeof LabelledMapParams>

export const StatisticalMapParams = Type.Object({
  parcellation_id: parcellationId,
  region_id: regionId,
  space_id: spaceId,
  name: Type.String({
    description: 'Part of the name of the map, where the parcellation has several in this space.',
    maxLength: MAX_ID_BYTES,
    default: '',
  }),
  fragment,
  ...cutout,
})
export type StatisticalMapParams = Static<typeof StatisticalMapParams>

export const AssignParams = Type.Object({
  parcellation_id: parcellationId,
  space_id: spaceId,
  point: Type.String({
    description: 'Coordinates in mm: `-8.75mm,-88.25mm,1.5mm`, `-8.75, -88.25, 1.5` or `[-8.75, -88.25, 1.5]`.',
    maxLength: 1024,
    examples: ['-8.75mm,-88.25mm,1.5mm'],
  }),
  assignment_type: Type.String({
    description: 'Which map the point is looked up in.',
    maxLength: 64,
    default: 'statistical',
    ...documented(['statistical', 'labelled']),
  }),
  sigma_mm: Type.Number({
    description:
      'Uncertainty of the point, in mm (standard deviation). Below three voxels of the map it does not count, as in siibra-python: the point is taken as exact, and the header `x-siibra-note` says so.',
    default: 0,
  }),
})
export type AssignParams = Static<typeof AssignParams>

// --- features -------------------------------------------------------------------------------------------------------
/** The categories that have a route of their own; the route gives its own as `category` to the handler. */
export const FEATURE_CATEGORIES = [
  'RegionalConnectivity',
  'CorticalProfile',
  'Tabular',
  'Image',
  'GeneExpressions',
  'EbrainsDataFeature',
] as const
const category = Type.Enum(FEATURE_CATEGORIES)
export type FeatureCategory = Static<typeof category>

export const ConnectivityListParams = Type.Object({
  parcellation_id: parcellationId,
  type: featureType,
  find: findFeatures,
  include,
  ...paging,
})
export const SingleConnectivityParams = Type.Object({
  feature_id: featureId,
  parcellation_id: parcellationId,
  subject: Type.Optional(subject),
  type: featureType,
  include,
})
/** Cortical profiles. */
export const RegionalListParams = Type.Object({
  parcellation_id: parcellationId,
  region_id: regionId,
  type: featureType,
  find: findFeatures,
  include,
  ...paging,
})
export const TabularListParams = Type.Object({ ...RegionalListParams.properties, ...recordingConditions })
export const SingleRegionalParams = Type.Object({
  feature_id: featureId,
  parcellation_id: parcellationId,
  region_id: regionId,
  type: featureType,
  include,
})
/** Tables may be of several subjects. */
export const SingleTabularParams = Type.Object({ ...SingleRegionalParams.properties, subject: Type.Optional(subject) })
export const ImageListParams = Type.Object({
  space_id: spaceId,
  bbox,
  type: featureType,
  find: findFeatures,
  include,
  ...paging,
})
export const GeneListParams = Type.Object({
  parcellation_id: parcellationId,
  region_id: regionId,
  gene,
  find: findFeatures,
  include,
  ...paging,
})
export const SingleGeneParams = Type.Object({
  feature_id: featureId,
  parcellation_id: parcellationId,
  region_id: regionId,
  gene,
  include,
  ...paging,
})
export const EbrainsListParams = Type.Object({
  parcellation_id: parcellationId,
  region_id: regionId,
  find: findFeatures,
  include,
  ...paging,
})
export const SingleEbrainsParams = Type.Object({
  feature_id: featureId,
  parcellation_id: parcellationId,
  region_id: regionId,
  include,
  ...paging,
})

/** What the handler of all listings of one category receives. */
export const AllFeaturesParams = Type.Object({
  category,
  parcellation_id: Type.Optional(parcellationId),
  region_id: Type.Optional(regionId),
  space_id: Type.Optional(spaceId),
  bbox,
  type: featureType,
  gene: Type.Optional(gene),
  find: findFeatures,
  ...recordingConditions,
  include,
  ...paging,
})
export type AllFeaturesParams = Static<typeof AllFeaturesParams>

/** What the handler of all single features of one category receives. */
export const SingleFeatureParams = Type.Object({
  category,
  feature_id: featureId,
  parcellation_id: parcellationId,
  region_id: Type.Optional(regionId),
  subject: Type.Optional(subject),
  type: featureType,
  gene: Type.Optional(gene),
  include,
})
export type SingleFeatureParams = Static<typeof SingleFeatureParams>

export const RegionFeaturesParams = Type.Object({
  region_id: regionId,
  parcellation_id: parcellationId,
  type: featureType,
  find: findFeatures,
  include,
  ...paging,
})
export type RegionFeaturesParams = Static<typeof RegionFeaturesParams>

/** What a feature found by its id alone may need beside it. */
const featureContext = {
  gene: Type.Optional(gene),
  subject: Type.Optional(subject),
  regions: Type.Optional(
    Type.String({ description: 'Regions to plot: names, separated by blanks or commas.', maxLength: MAX_ID_BYTES }),
  ),
}
export const FeatureByIdParams = Type.Object({ feature_id: featureId, ...featureContext, include })
export type FeatureByIdParams = Static<typeof FeatureByIdParams>

export const FeaturePlotlyParams = Type.Object({
  feature_id: featureId,
  template: Type.Enum(PLOTLY_TEMPLATES, {
    title: 'PlotlyTemplate',
    description: 'Look of the figure.',
    default: 'plotly',
  }),
  ...featureContext,
})
export type FeaturePlotlyParams = Static<typeof FeaturePlotlyParams>

export const FeatureDownloadParams = Type.Object({ feature_id: featureId, ...featureContext })
export type FeatureDownloadParams = Static<typeof FeatureDownloadParams>

// --- compounds ------------------------------------------------------------------------------------------------------
export const AtlasDownloadParams = Type.Object({
  space_id: Type.Optional(spaceId),
  parcellation_id: Type.Optional(parcellationId),
  bbox,
  region_id: Type.Optional(regionId),
  feature_id: Type.Optional(featureId),
  strict_mode: Type.Optional(
    Type.String({
      description: 'Where given, the bundle holds only the most special of region, parcellation and space.',
      maxLength: 64,
    }),
  ),
  extent,
})
export type AtlasDownloadParams = Static<typeof AtlasDownloadParams>

export const DownloadTaskParams = Type.Object({ task_id: id('Id of a download, as `/atlas_download` gave it.') })
export type DownloadTaskParams = Static<typeof DownloadTaskParams>
