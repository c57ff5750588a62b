/** Parameters of the handlers of `features`. */
import Type, { type Static } from 'typebox'
import {
  bbox,
  featureId,
  featureType,
  findFeatures,
  gene,
  include,
  MAX_ID_BYTES,
  PLOTLY_TEMPLATES,
  paging,
  parcellationId,
  recordingConditions,
  regionId,
  spaceId,
  subject,
} from './shared.ts'

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
