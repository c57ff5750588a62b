import Type, { type Static } from 'typebox'
import { AtId, MapType, Nullable, Untyped } from './common.ts'
import { EbrainsDatasetModel } from './datasets.ts'

export const VolumeModel = Type.Object(
  {
    '@type': Untyped,
    name: Type.String(),
    formats: Type.Array(Type.String()),
    providesMesh: Type.Boolean(),
    providesImage: Type.Boolean(),
    fragments: Type.Record(Type.String(), Type.Array(Type.String())),
    variant: Nullable(Type.String()),
    providedVolumes: Type.Record(
      Type.String(),
      Type.Union([Type.String(), Type.Record(Type.String(), Type.String())]),
      { description: 'By format: a URL, or URLs by fragment.' },
    ),
    space: AtId,
    datasets: Type.Array(EbrainsDatasetModel),
  },
  { title: 'VolumeModel' },
)
export type VolumeModel = Static<typeof VolumeModel>

export const MapIndexModel = Type.Object(
  {
    '@type': Untyped,
    volume: Type.Integer({ description: 'Number of the volume in `volumes`.' }),
    label: Nullable(Type.Integer({ description: 'Value of the voxels; null in statistical maps.' })),
    fragment: Nullable(Type.String()),
  },
  { title: 'MapIndexModel' },
)
export type MapIndexModel = Static<typeof MapIndexModel>

export const SiibraPublication = Type.Object(
  { '@type': Untyped, citation: Type.String(), url: Type.String() },
  { title: 'SiibraPublication' },
)
export type SiibraPublication = Static<typeof SiibraPublication>

export const MapModel = Type.Object(
  {
    '@id': Type.String(),
    '@type': Untyped,
    name: Type.String(),
    shortname: Nullable(Type.String()),
    modality: Nullable(Type.String()),
    description: Nullable(Type.String()),
    publications: Type.Array(SiibraPublication),
    datasets: Type.Array(EbrainsDatasetModel),
    species: Type.String(),
    indices: Type.Record(Type.String(), Type.Array(MapIndexModel), {
      description: 'By region name; empty in listings.',
    }),
    volumes: Type.Array(VolumeModel, { description: 'Empty in listings.' }),
    parcellation: AtId,
    space: AtId,
    maptype: MapType,
  },
  { title: 'MapModel' },
)
export type MapModel = Static<typeof MapModel>

export const StatisticModelInfo = Type.Object(
  { min: Type.Number({ description: 'Smallest value of the map.' }), max: Type.Number() },
  { title: 'StatisticModelInfo' },
)
