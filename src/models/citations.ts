import Type, { type Static } from 'typebox'
import { Nullable } from './common.ts'
import { id } from './parameters/shared.ts'

/** Ids in one request. */
export const MAX_CITED = 100

const ids = (what: string) =>
  Type.Optional(
    Type.Array(id(`Id of a ${what}.`), {
      description: `Ids of ${what}s, by repeating the parameter.`,
      maxItems: MAX_CITED,
    }),
  )

export const CitationsParams = Type.Object({
  parcellation_id: ids('parcellation'),
  space_id: ids('space'),
  map_id: ids('map'),
  feature_id: ids('feature'),
})
export type CitationsParams = Static<typeof CitationsParams>

export const CitationModel = Type.Object(
  {
    kind: Type.Enum(['article', 'dataset'] as const),
    id: Type.String({ description: 'Id of the data set; DOI, URL or text of a publication.' }),
    title: Type.String(),
    authors: Type.Array(Type.String(), {
      description: 'As they are written; empty where they stand in the text only.',
    }),
    doi: Nullable(Type.String()),
    url: Nullable(Type.String()),
    text: Nullable(Type.String({ description: 'The reference as its source writes it.' })),
    licences: Type.Array(Type.String()),
  },
  { title: 'CitationModel' },
)
export type CitationModel = Static<typeof CitationModel>

export const CitationsModel = Type.Object({ items: Type.Array(CitationModel) }, { title: 'CitationsModel' })
