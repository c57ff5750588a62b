/** Parameters and answers of what puts features and regions together: searches, matrices, overviews, vocabularies. */
import Type, { type Static } from 'typebox'
import { AtId, Nullable } from './common.ts'
import { ParcellationEntityVersionModel, RegionRelationAsmtModel } from './core.ts'
import { FeatureModel } from './features.ts'
import {
  bbox,
  featureType,
  findFeatures,
  id,
  include,
  paging,
  parcellationId,
  regionId,
  spaceId,
} from './parameters/shared.ts'

export const SearchFeaturesParams = Type.Object({
  find: findFeatures,
  type: featureType,
  modality: Type.Optional(Type.String({ description: 'Words of the modality.', maxLength: 256 })),
  species: Type.Optional(
    Type.String({ description: 'Name of a species.', maxLength: 256, examples: ['Homo sapiens'] }),
  ),
  parcellation_id: Type.Optional(parcellationId),
  region_id: Type.Optional(regionId),
  space_id: Type.Optional(spaceId),
  bbox,
  licence: Type.Optional(
    Type.String({ description: 'Words of the licence of one of the data sets.', maxLength: 256, examples: ['CC BY'] }),
  ),
  dataset_id: Type.Optional(id('Id of a data set, or the end of it.')),
  include,
  ...paging,
})
export type SearchFeaturesParams = Static<typeof SearchFeaturesParams>

/** One query of the Allen API each. */
export const MAX_GENES = 20

export const MATRIX_TYPES = [
  'ReceptorDensityFingerprint',
  'LayerwiseCellDensity',
  'RegionalValues',
  'GeneExpressions',
] as const

export const FeatureMatrixParams = Type.Object({
  parcellation_id: parcellationId,
  type: Type.Optional(
    Type.Enum(MATRIX_TYPES, {
      description:
        'What the columns are: receptors (fmol/mg), layers (cells per 0.1 mm3), what tables of regions have, genes. Not needed with `gene`.',
    }),
  ),
  gene: Type.Optional(
    Type.Array(Type.String({ maxLength: 4096 }), {
      description: `Symbols of genes, by repeating the parameter or between commas; at most ${MAX_GENES}.`,
      maxItems: MAX_GENES,
      examples: [['MAOA']],
    }),
  ),
  measure: Type.Enum(['level', 'zscore'] as const, {
    description: 'Of genes: the mean expression level, or the mean z-score, of all probes and samples.',
    default: 'level',
  }),
})
export type FeatureMatrixParams = Static<typeof FeatureMatrixParams>

/** First features of each type in an overview. */
const MAX_FIRST = 20

export const RegionOverviewParams = Type.Object({
  region_id: regionId,
  parcellation_id: parcellationId,
  space_id: Type.Optional(spaceId),
  size: Type.Integer({
    description: 'How many features of each type, and related regions, are told.',
    minimum: 0,
    maximum: MAX_FIRST,
    default: 5,
  }),
})
export type RegionOverviewParams = Static<typeof RegionOverviewParams>

const total = Type.Integer({ description: 'How many there are in all.', minimum: 0 })

export const RegionOverviewModel = Type.Object(
  {
    region: ParcellationEntityVersionModel,
    parcellation: Type.Object({ '@id': Type.String(), name: Type.String() }),
    space: Nullable(AtId),
    centre: Nullable(
      Type.Array(Type.Number(), {
        description:
          'x, y, z in mm of the space: the centroid of the largest component. Null without a space, and where it is not drawn there.',
      }),
    ),
    ancestors: Type.Array(ParcellationEntityVersionModel, { description: 'The outermost first.' }),
    children: Type.Array(ParcellationEntityVersionModel),
    related: Type.Object({ total, items: Type.Array(RegionRelationAsmtModel) }),
    features: Type.Array(
      Type.Object({
        type: Type.String(),
        display_name: Type.String(),
        total: Nullable(total),
        items: Type.Array(FeatureModel),
      }),
      {
        description:
          'By type, as far as there are any. The total is null where another service did not answer in time.',
      },
    ),
  },
  { title: 'RegionOverviewModel' },
)
export type RegionOverviewModel = Static<typeof RegionOverviewModel>

const spelling = { name: Type.String(), markdown: Type.String(), latex: Type.String() }

export const ReceptorModel = Type.Object(
  {
    '@type': Type.Literal('siibra-0.4/vocabulary/receptor'),
    symbol: Type.String({ description: 'As tables of receptor densities have it.' }),
    receptor: Type.Object(spelling),
    neurotransmitter: Type.Object({ ...spelling, label: Type.String() }),
  },
  { title: 'ReceptorModel' },
)
export type ReceptorModel = Static<typeof ReceptorModel>

export const VocabularyParams = Type.Object({
  find: Type.Optional(Type.String({ description: 'Words of symbols or names.', maxLength: 4096 })),
  ...paging,
})
export type VocabularyParams = Static<typeof VocabularyParams>

const values = Type.Array(Type.String())

export const RecordingConditionsModel = Type.Object(
  { pathology: values, pharmacology: values, signal_quality: values },
  { title: 'RecordingConditionsModel' },
)
