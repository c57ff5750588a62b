import Type, { type Static } from 'typebox'
import { Nullable, Untyped } from './common.ts'

export const EbrainsDsUrl = Type.Object({ '@type': Untyped, url: Type.String() }, { title: 'EbrainsDsUrl' })

export const EbrainsDsPerson = Type.Object(
  {
    '@id': Type.String(),
    '@type': Untyped,
    'schema.org/shortName': Nullable(Type.String()),
    identifier: Type.String(),
    shortName: Type.String(),
    name: Type.String(),
  },
  { title: 'EbrainsDsPerson' },
)
export type EbrainsDsPerson = Static<typeof EbrainsDsPerson>

export const EbrainsDatasetModel = Type.Object(
  {
    '@id': Type.String(),
    '@type': Untyped,
    name: Type.String(),
    urls: Type.Array(EbrainsDsUrl),
    description: Nullable(Type.String()),
    contributors: Type.Array(EbrainsDsPerson),
    ebrains_page: Nullable(Type.String()),
    custodians: Type.Array(EbrainsDsPerson),
  },
  { title: 'EbrainsDatasetModel' },
)
export type EbrainsDatasetModel = Static<typeof EbrainsDatasetModel>
