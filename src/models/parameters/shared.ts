/**
 * What parameters of several families have in common: ids, kinds, boxes, paging. A property with a default is always there when a handler
 * runs; an optional one may be missing. Names are those of the recorded OpenAPI document.
 */
import Type, { type Static } from 'typebox'
import type { Extent } from '../../siibra/index.ts'
import { FEATURE_TYPES } from '../../siibra/index.ts'
import { MAP_TYPES } from '../common.ts'

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
export const PARCELLATION_EXAMPLE = 'minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579-290'
export const parcellationId = id('Id, key or name of a parcellation.', PARCELLATION_EXAMPLE)
export const regionId = id(
  'Name, key or id of a region of the parcellation, or the `@id` that listings give.',
  'Area hOc1 (V1, 17, CalcS) left',
)
export const mapId = id('Id of a map, as listings give it.')
export const featureId = id('Id of a feature, as listings give it.')

/** Allowed values that the documents tell; what else is sent is judged by the handler, as recorded. */
export const documented = (values: readonly string[]) => ({ documentedValues: values })

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
export const subject = Type.String({
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
export const recordingConditions = {
  pathology: condition('of animals with that pathology.'),
  pharmacology: condition('under that drug.'),
  signal_quality: condition('of that quality.'),
}

export const pageSize = (most: number) =>
  Type.Integer({ description: 'Items per page.', minimum: 1, maximum: most, default: Math.min(most, 50) })

/** Properties of every listing. */
export const paging = {
  page: Type.Integer({ description: 'Page, from 1.', minimum: 1, default: 1, isRoundable: true }),
  size: pageSize(100),
}
export const PagingParams = Type.Object(paging)
export type PagingParams = Static<typeof PagingParams>
