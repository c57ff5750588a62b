import Type, { type Static } from 'typebox'
import { AtId, Nullable, PointCoordinates, Untyped, Vocab } from './common.ts'
import { ParcellationEntityVersionModel } from './core.ts'
import { EbrainsDatasetModel } from './datasets.ts'
import { VolumeModel } from './volumes.ts'

/** Models of features. Titles are those of the recorded OpenAPI document; further kinds of a model share its schema. */

export const CoordinatePointModel = Type.Object(
  {
    '@context': Vocab,
    '@id': Type.String(),
    '@type': Type.Literal('siibra-0.4/point'),
    coordinateSpace: AtId,
    coordinates: Type.Array(PointCoordinates),
  },
  { title: 'CoordinatePointModel' },
)
export type CoordinatePointModel = Static<typeof CoordinatePointModel>

export const LocationModel = Type.Object(
  { '@type': Type.Literal('siibra-0.4/location'), space: AtId },
  { title: 'LocationModel' },
)
export type LocationModel = Static<typeof LocationModel>

export const BoundingBoxModel = Type.Object(
  {
    '@type': Type.Literal('siibra-0.4/location/bbox'),
    space: AtId,
    center: CoordinatePointModel,
    minpoint: CoordinatePointModel,
    maxpoint: CoordinatePointModel,
    shape: Type.Array(Type.Number({ description: 'mm' })),
    isPlanar: Type.Boolean(),
  },
  { title: 'BoundingBoxModel', description: 'Axis-aligned, corners in mm.' },
)
export type BoundingBoxModel = Static<typeof BoundingBoxModel>

export const SiibraRegionAssignmentQual = Type.Object(
  { '@type': Untyped, region: ParcellationEntityVersionModel, qualification: Type.String() },
  { title: 'SiibraRegionAssignmentQual' },
)

export const SiibraAnatomicalAssignmentModel = Type.Object(
  {
    '@type': Type.Literal('siibra-0.4/anatomical_assignment'),
    qualification: Type.String(),
    query_structure: ParcellationEntityVersionModel,
    assigned_structure: ParcellationEntityVersionModel,
    explanation: Type.String(),
  },
  { title: 'SiibraAnatomicalAssignmentModel' },
)
export type SiibraAnatomicalAssignmentModel = Static<typeof SiibraAnatomicalAssignmentModel>

export const SiibraAnchorModel = Type.Object(
  {
    '@type': Type.Literal('siibra-0.4/anchor'),
    location: Type.Union([Type.Null(), CoordinatePointModel, LocationModel]),
    regions: Type.Array(SiibraRegionAssignmentQual, {
      description: 'In all parcellations that know the region of the data set.',
    }),
    last_match_description: Type.String({ description: 'How the feature relates to the region that was asked for.' }),
    last_match_result: Type.Array(SiibraAnatomicalAssignmentModel),
  },
  { title: 'SiibraAnchorModel' },
)
export type SiibraAnchorModel = Static<typeof SiibraAnchorModel>

export const DataFrameModel = Type.Object(
  {
    '@type': Untyped,
    index: Type.Array(Type.Unknown(), { description: 'Labels of the rows: texts, numbers or regions.' }),
    columns: Type.Array(Type.Unknown(), { description: 'Labels of the columns: texts or regions.' }),
    ndim: Type.Integer(),
    data: Nullable(Type.Array(Type.Array(Type.Unknown()), { description: 'Row by row; null where missing.' })),
  },
  { title: 'DataFrameModel' },
)
export type DataFrameModel = Static<typeof DataFrameModel>

const feature = {
  id: Type.String(),
  modality: Nullable(Type.String()),
  category: Type.String(),
  description: Type.String(),
  name: Type.String(),
  datasets: Type.Array(EbrainsDatasetModel),
  anchor: Nullable(SiibraAnchorModel),
}

export const SiibraRegionalConnectivityModel = Type.Object(
  {
    '@type': Type.Literal('siibra-0.4/feature/regional_connectivity'),
    ...feature,
    cohort: Type.String(),
    subjects: Type.Array(Type.String()),
    matrices: Nullable(
      Type.Record(Type.String(), DataFrameModel, {
        description: 'By subject; `_average` is the mean of all. Null in listings.',
      }),
    ),
  },
  { title: 'SiibraRegionalConnectivityModel' },
)
export type SiibraRegionalConnectivityModel = Static<typeof SiibraRegionalConnectivityModel>

const table = Nullable(DataFrameModel)
const names = Nullable(Type.Array(Type.String()))

export const SiibraCorticalProfileModel = Type.Object(
  {
    '@type': Type.Literal('siibra-0.4/feature/tabular/cortical_profile'),
    ...feature,
    data: table,
    unit: Nullable(Type.String()),
    boundary_positions: Type.Record(Type.String(), Type.Number(), {
      description: 'Depths of the boundaries between layers, 0 (pial surface) to 1 (white matter).',
    }),
    boundaries_mapped: Type.Boolean(),
  },
  { title: 'SiibraCorticalProfileModel' },
)
export type SiibraCorticalProfileModel = Static<typeof SiibraCorticalProfileModel>

export const SiibraReceptorDensityFp = Type.Object(
  {
    '@type': Type.Literal('siibra-0.4/feature/tabular/receptor_density_fp'),
    ...feature,
    data: table,
    neurotransmitters: names,
    receptors: names,
  },
  { title: 'SiibraReceptorDensityFp' },
)
export type SiibraReceptorDensityFp = Static<typeof SiibraReceptorDensityFp>

export const SiibraTabularModel = Type.Object(
  {
    '@type': Type.Literal('siibra-0.4/feature/tabular'),
    ...feature,
    data: table,
    neurotransmitters: Type.Null(),
    receptors: Type.Null(),
    cohort: Type.Optional(Type.String({ description: 'Of matrices and time series of several subjects.' })),
    subjects: Type.Optional(Type.Array(Type.String(), { description: 'Whose data `subject` may ask for.' })),
  },
  { title: 'SiibraTabularModel' },
)
export type SiibraTabularModel = Static<typeof SiibraTabularModel>

export const SiibraVoiModel = Type.Object(
  {
    /** `image` where no box is known: siibra-explorer drops a whole page for a volume of interest without one. */
    '@type': Type.Enum(['siibra-0.4/feature/volume_of_interest', 'siibra-0.4/feature/image']),
    ...feature,
    volume: VolumeModel,
    boundingbox: Nullable(BoundingBoxModel),
  },
  { title: 'SiibraVoiModel' },
)
export type SiibraVoiModel = Static<typeof SiibraVoiModel>

export const SiibraEbrainsDataFeatureModel = Type.Object(
  {
    '@type': Type.Literal('siibra-0.4/feature/ebrains_datafeature'),
    ...feature,
    data: Type.Null(),
    neurotransmitters: Type.Null(),
    receptors: Type.Null(),
  },
  { title: 'SiibraEbrainsDataFeatureModel' },
)
export type SiibraEbrainsDataFeatureModel = Static<typeof SiibraEbrainsDataFeatureModel>

export const TabularModel = Type.Union([SiibraCorticalProfileModel, SiibraReceptorDensityFp, SiibraTabularModel])

/** A feature of any type, as found by its id. */
export const FeatureModel = Type.Union(
  [
    SiibraVoiModel,
    SiibraCorticalProfileModel,
    SiibraRegionalConnectivityModel,
    SiibraReceptorDensityFp,
    SiibraTabularModel,
    SiibraEbrainsDataFeatureModel,
  ],
  { title: 'FeatureModel' },
)
export type FeatureModel = Static<typeof FeatureModel>

export const FeatureMetaModel = Type.Object(
  {
    name: Type.String({ description: 'With the names of the types above it, e.g. `Feature.Tabular.CorticalProfile`.' }),
    display_name: Type.String(),
    path: Nullable(Type.String()),
    query_params: Nullable(Type.Array(Type.String())),
    required_query_params: Nullable(Type.Array(Type.String())),
    optional_query_params: Nullable(Type.Array(Type.String())),
    path_params: Nullable(Type.Array(Type.String())),
    category: Nullable(Type.String()),
  },
  { title: 'FeatureMetaModel' },
)
export type FeatureMetaModel = Static<typeof FeatureMetaModel>

/** What plotly.js takes. */
export const PlotlyFigure = Type.Object(
  { data: Type.Array(Type.Unknown()), layout: Type.Object({}, { additionalProperties: true }) },
  { title: 'PlotlyFigure' },
)
