import Type, { type Static, type TSchema } from 'typebox'

/** Shared atoms of the answers. Names (titles) are those of the recorded OpenAPI document. */

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A property that the contract has and that no siibra object fills. */
export const Unfilled = Type.Null()

/** `@type` of models that have none in the contract. */
export const Untyped = Type.Null()

export const AtId = Type.Object({ '@id': Type.String() }, { title: 'SiibraAtIdModel' })
export type AtId = Static<typeof AtId>

export const Vocab = Type.Object({ '@vocab': Type.String() }, { title: 'VocabModel' })
export const OPENMINDS_VOCAB: Static<typeof Vocab> = { '@vocab': 'https://openminds.ebrains.eu/vocab/' }

/** One coordinate. The original's document has a schema of its own for each place of it, which clients import by name. */
const coordinatesNamed = (title: string) =>
  Type.Object(
    {
      '@context': Vocab,
      typeOfUncertainty: Unfilled,
      uncertainty: Unfilled,
      unit: Unfilled,
      value: Type.Number({ description: 'mm' }),
    },
    { title },
  )
export const AxesOrigin = coordinatesNamed('AxesOrigin')
export const PointCoordinates = coordinatesNamed(
  'api__models__openminds__SANDS__v3__miscellaneous__coordinatePoint__Coordinates',
)
export const ViewPointCoordinates = coordinatesNamed(
  'api__models__openminds__SANDS__v3__atlas__parcellationEntityVersion__Coordinates',
)
export type Coordinates = Static<typeof PointCoordinates>

export const MAP_TYPES = ['LABELLED', 'STATISTICAL'] as const
export const MapType = Type.Enum(MAP_TYPES, { title: 'MapType' })

/** A listing: one page of it. */
export const pageOf = <T extends TSchema>(item: T, name: string) =>
  Type.Object(
    {
      items: Type.Array(item),
      total: Type.Integer({ minimum: 0 }),
      page: Type.Integer({ minimum: 1 }),
      size: Type.Integer({ minimum: 1 }),
      pages: Type.Integer({ minimum: 0 }),
    },
    { title: `Page_${name}_` },
  )

export interface Page<T> {
  items: T[]
  total: number
  page: number
  size: number
  pages: number
}
