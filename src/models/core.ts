import Type, { type Static } from 'typebox'
import { AtId, AxesOrigin, Nullable, Unfilled, ViewPointCoordinates, Vocab } from './common.ts'
import { EbrainsDatasetModel } from './datasets.ts'
import { VolumeModel } from './volumes.ts'

export const SiibraAtlasModel = Type.Object(
  {
    '@id': Type.String(),
    '@type': Type.Literal('siibra-0.4/atlas'),
    name: Type.String(),
    spaces: Type.Array(AtId),
    parcellations: Type.Array(AtId),
    species: Type.String(),
  },
  { title: 'SiibraAtlasModel' },
)
export type SiibraAtlasModel = Static<typeof SiibraAtlasModel>

export const CommonCoordinateSpaceModel = Type.Object(
  {
    '@context': Vocab,
    '@id': Type.String(),
    '@type': Type.Literal('siibra-0.4/space'),
    anatomicalAxesOrientation: AtId,
    axesOrigin: Type.Array(AxesOrigin),
    defaultImage: Type.Array(VolumeModel),
    digitalIdentifier: Unfilled,
    fullName: Type.String(),
    homepage: Unfilled,
    howToCite: Unfilled,
    nativeUnit: AtId,
    ontologyIdentifier: Unfilled,
    releaseDate: Type.String(),
    shortName: Type.String(),
    versionIdentifier: Type.String(),
    datasets: Type.Array(EbrainsDatasetModel),
  },
  { title: 'CommonCoordinateSpaceModel' },
)
export type CommonCoordinateSpaceModel = Static<typeof CommonCoordinateSpaceModel>

export const HasTerminologyVersion = Type.Object(
  {
    '@context': Vocab,
    definedIn: Unfilled,
    hasEntityVersion: Type.Array(AtId, { description: 'The parcellation and all of its regions.' }),
    ontologyIdentifier: Unfilled,
  },
  { title: 'HasTerminologyVersion' },
)

export const BrainAtlasVersionModel = Type.Object(
  {
    '@context': Vocab,
    '@id': Type.String(),
    '@type': Type.Literal('siibra-0.4/parcellation_bav'),
    abbreviation: Unfilled,
    accessibility: AtId,
    atlasType: AtId,
    author: Unfilled,
    coordinateSpace: AtId,
    copyright: Unfilled,
    custodian: Unfilled,
    description: Nullable(Type.String()),
    digitalIdentifier: Unfilled,
    fullDocumentation: AtId,
    fullName: Type.String(),
    funding: Unfilled,
    hasTerminologyVersion: HasTerminologyVersion,
    homepage: Unfilled,
    howToCite: Unfilled,
    isAlternativeVersionOf: Unfilled,
    isNewVersionOf: Unfilled,
    keyword: Unfilled,
    license: AtId,
    ontologyIdentifier: Unfilled,
    otherContribution: Unfilled,
    relatedPublication: Unfilled,
    releaseDate: Type.String(),
    repository: Unfilled,
    shortName: Type.String(),
    supportChannel: Unfilled,
    versionIdentifier: Type.String(),
    versionInnovation: Type.String(),
  },
  { title: 'BrainAtlasVersionModel' },
)
export type BrainAtlasVersionModel = Static<typeof BrainAtlasVersionModel>

export const SiibraParcellationVersionModel = Type.Object(
  {
    '@type': Type.Literal('siibra-0.4/parcellation_version'),
    name: Type.String(),
    deprecated: Nullable(Type.Boolean()),
    collection: Nullable(Type.String()),
    prev: Nullable(AtId),
    next: Nullable(AtId),
  },
  { title: 'SiibraParcellationVersionModel' },
)
export type SiibraParcellationVersionModel = Static<typeof SiibraParcellationVersionModel>

export const SiibraParcellationModel = Type.Object(
  {
    '@id': Type.String(),
    '@type': Type.Literal('siibra-0.4/parcellation'),
    name: Type.String(),
    modality: Nullable(Type.String()),
    datasets: Type.Array(EbrainsDatasetModel),
    brainAtlasVersions: Type.Array(BrainAtlasVersionModel, { description: 'One per space in which it is mapped.' }),
    version: Nullable(SiibraParcellationVersionModel),
    shortname: Nullable(Type.String()),
  },
  { title: 'SiibraParcellationModel' },
)
export type SiibraParcellationModel = Static<typeof SiibraParcellationModel>

export const BestViewPoint = Type.Object(
  { '@context': Vocab, coordinateSpace: AtId, coordinates: Type.Array(ViewPointCoordinates) },
  { title: 'BestViewPoint' },
)
export type BestViewPoint = Static<typeof BestViewPoint>

export const HasAnnotation = Type.Object(
  {
    '@context': Vocab,
    bestViewPoint: Nullable(BestViewPoint),
    criteria: Unfilled,
    criteriaQualityType: AtId,
    displayColor: Nullable(Type.String({ description: '`#rrggbb`' })),
    inspiredBy: Nullable(Type.Array(AtId)),
    internalIdentifier: Type.String(),
    laterality: Unfilled,
    visualizedIn: Unfilled,
  },
  { title: 'HasAnnotation' },
)

export const ParcellationEntityVersionModel = Type.Object(
  {
    '@context': Vocab,
    '@id': Type.String(),
    '@type': Type.Literal('siibra-0.4/region'),
    hasAnnotation: Nullable(HasAnnotation),
    hasParent: Nullable(Type.Array(AtId, { description: 'Null directly below the parcellation.' })),
    lookupLabel: Unfilled,
    name: Type.String(),
    ontologyIdentifier: Unfilled,
    relationAssessment: Unfilled,
    versionIdentifier: Type.String(),
    versionInnovation: Nullable(Type.String()),
    parcellation: Type.Optional(
      Type.Object(
        { '@id': Type.String(), name: Type.String() },
        { title: 'ParcellationName', description: 'Where several parcellations were searched.' },
      ),
    ),
  },
  { title: 'ParcellationEntityVersionModel' },
)
export type ParcellationEntityVersionModel = Static<typeof ParcellationEntityVersionModel>

export const QUALIFICATIONS = [
  'EXACT',
  'OVERLAPS',
  'CONTAINED',
  'CONTAINS',
  'APPROXIMATE',
  'HOMOLOGOUS',
  'OTHER_VERSION',
] as const

export const RegionRelationAsmtModel = Type.Object(
  {
    '@type': Type.Literal('siibra-0.4/regionRelationAssessment'),
    qualification: Type.Enum(QUALIFICATIONS, { title: 'Qualification' }),
    query_structure: ParcellationEntityVersionModel,
    assigned_structure: ParcellationEntityVersionModel,
    assigned_structure_parcellation: SiibraParcellationModel,
  },
  { title: 'RegionRelationAsmtModel' },
)
export type RegionRelationAsmtModel = Static<typeof RegionRelationAsmtModel>

export const GeneModel = Type.Object(
  { '@type': Type.Literal('siibra-0.4/vocabulary/gene'), symbol: Type.String(), description: Type.String() },
  { title: 'GeneModel' },
)
export type GeneModel = Static<typeof GeneModel>
