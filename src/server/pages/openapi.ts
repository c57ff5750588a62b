/** The OpenAPI 3.1 document of a version, made from the route table and the models. */
import type { TSchema } from 'typebox'
import { CITATION_MEDIA_TYPES } from '../../tables/citation-forms.ts'
import { MEDIA_TYPES } from '../../tables/forms.ts'
import { ACCEPTED_ENCODINGS } from '../bodies/receive-body.ts'
import { deprecationInWords } from '../http/deprecation.ts'
import { type ParameterSpec, parameterSpecs } from '../http/parameters/params.ts'
import { isAdded } from '../routes/additions.ts'
import { API_VERSIONS, type ApiVersion, type BodySpec, type Root, type RouteRecord } from '../routes/route.ts'
import type { ServiceInfo } from '../service.ts'
import {
  exampleOf,
  type Json,
  type JsonObject,
  type ParameterExamples,
  servedBody,
  servedCsv,
  smallImage,
} from './openapi-examples.ts'
import { DESCRIPTION, linksBelow, TAGS } from './openapi-words.ts'

export interface DocumentInfo {
  apiVersion: string
  /** What role server answers where it differs: it follows tasks that another process runs. */
  role?: ServiceInfo['role']
  /** The path below which clients find the service. */
  prefix?: string
}

const isNewest = (version: ApiVersion) => version === API_VERSIONS[0]
/** Other services' routes, which lie under no version of this one's, are told in the document of the newest. */
const isApart = (versions: readonly Root[]) =>
  !versions.some((root) => API_VERSIONS.some((version) => version === root))

export function openApiDocument(
  routes: readonly RouteRecord[],
  version: ApiVersion,
  info: DocumentInfo,
  examples: ParameterExamples = {},
): JsonObject {
  const schemas: JsonObject = { Error: errorSchema() }
  const paths: JsonObject = {}
  const listed = routes.filter(({ versions }) => versions.includes(version) || (isNewest(version) && isApart(versions)))
  for (const route of listed) {
    const apart = isApart(route.versions) ? { servers: [{ url: `${info.prefix ?? ''}/${route.versions[0]}` }] } : {}
    const known = (paths[route.path] ?? apart) as JsonObject
    paths[route.path] = { ...known, [route.method.toLowerCase()]: operation(route, schemas, examples, info) }
  }
  const tags = [...new Set(listed.map((route) => route.tag))].map((name) => ({ name, ...TAGS[name] }))
  return {
    openapi: '3.1.0',
    info: {
      title: 'siibra-api',
      description: linksBelow(info.prefix, DESCRIPTION),
      version: info.apiVersion,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${info.prefix ?? ''}/${version}` }],
    // nobody has to say who they are
    security: [],
    tags,
    paths,
    components: { schemas: sortedByName(schemas) },
  }
}

function operation(
  route: RouteRecord,
  schemas: JsonObject,
  examples: ParameterExamples,
  { role, prefix }: DocumentInfo,
): JsonObject {
  return {
    tags: [route.tag],
    summary: route.summary,
    ...descriptionOf(route, examples, prefix),
    operationId: route.name,
    ...(route.deprecated ? { deprecated: true } : {}),
    ...(route.extension ? { 'x-siibra-extension': true } : {}),
    parameters: parameterSpecs(route).map((spec) => parameter(route, spec, schemas, examples)),
    ...(route.body ? { requestBody: requestBody(route.body, schemas, examples) } : {}),
    responses: {
      ...(route.method === 'DELETE'
        ? { 204: { description: 'It is no more' } }
        : { 200: success(route, schemas, role) }),
      422: { description: 'A parameter is missing or of the wrong form', content: errorContent() },
      ...(route.body ? BODY_FAILURES : {}),
      default: { description: 'Any other failure', content: errorContent() },
    },
  }
}

/** The forms of a table are told in words: media types beside JSON make clients of types narrow each answer. */
function descriptionOf(
  { description, response, deprecated, body }: RouteRecord,
  served: ParameterExamples,
  prefix?: string,
): JsonObject {
  const forms = 'json' in response ? response.forms : undefined
  const words = [
    ...(description === undefined ? [] : [description]),
    ...smallImage(body, served),
    ...(typeof deprecated === 'object' ? [deprecationInWords(deprecated)] : []),
    ...(forms === 'citation' ? [CITATIONS_IN_WORDS] : []),
    ...(forms === undefined || forms === 'citation'
      ? []
      : [`${FORMS_IN_WORDS}${forms === 'listing' ? ' Other forms than JSON hold the whole listing.' : ''}`]),
  ]
  return words.length === 0 ? {} : { description: linksBelow(prefix, words.join(' ')) }
}

const CITATIONS_IN_WORDS = `What is to be cited of it comes with \`format\` or the header \`Accept\`: ${Object.entries(
  CITATION_MEDIA_TYPES,
)
  .map(([form, mediaType]) => `\`${form}\` (\`${mediaType}\`)`)
  .join(', ')}.`

const FORMS_IN_WORDS = `JSON; with \`format\` or the header \`Accept\` also ${Object.entries(MEDIA_TYPES)
  .filter(([form]) => form !== 'json')
  .map(([form, mediaType]) => `\`${form}\` (\`${mediaType}\`)`)
  .join(', ')}.`

function requestBody(
  { accepts, maxBytes, example }: BodySpec,
  schemas: JsonObject,
  served: ParameterExamples,
): JsonObject {
  const content: JsonObject = {}
  const shown = servedBody(example as Json | undefined, served)
  for (const [mediaType, taken] of Object.entries(accepts)) {
    const csv = mediaType === 'text/csv' ? servedCsv(shown) : undefined
    content[mediaType] =
      'schema' in taken
        ? {
            schema: withReferences(plain(taken.schema), schemas),
            ...(shown === undefined ? {} : { example: shown }),
          }
        : {
            schema: { type: 'string', description: taken.description },
            ...(csv === undefined ? {} : { example: csv }),
          }
  }
  const description = `At most ${maxBytes} bytes, inflated; it may be compressed (\`Content-Encoding\`: ${ACCEPTED_ENCODINGS.join(', ')}).`
  return { required: true, description, content }
}

function parameter(
  route: RouteRecord,
  { name, in: place, isRequired, schema }: ParameterSpec,
  schemas: JsonObject,
  served: ParameterExamples,
): JsonObject {
  const { description, examples: own = [], documentedValues, requiredWithout: _, isRoundable: __, ...rest } = schema
  const isServed = Object.keys(served).length > 0
  const value = served[`${route.name}.${name}`] ?? served[name]
  // an id that the configuration does not have is no example
  const chosen = value === '' ? [] : value !== undefined ? [value] : isServed && name.endsWith('_id') ? [] : own
  const examples = (chosen as Json[]).map((one) => (rest.type === 'array' && !Array.isArray(one) ? [one] : one))
  const plainSchema = documentedValues === undefined ? plain(rest) : { ...plain(rest), enum: [...documentedValues] }
  const isShown = isRequired || place === 'path'
  return {
    name,
    in: place,
    required: isShown,
    ...(isAdded(route, name) ? { 'x-siibra-extension': true } : {}),
    ...(description === undefined ? {} : { description }),
    schema: parameterSchema(plainSchema, schemas),
    ...(examples.length > 0 ? exampleOf(route.name, name, isShown, examples[0] as Json) : {}),
  }
}

/** A schema that has a name is a reference; its default stands beside it, as it is the parameter's. */
function parameterSchema(schema: JsonObject, schemas: JsonObject): JsonObject {
  if (schema.title === undefined) return schema
  const { default: fallback, ...named } = schema
  const reference = withReferences(named, schemas) as JsonObject
  return fallback === undefined ? reference : { allOf: [reference], default: fallback }
}

/** The answer of success; that of Python code is told in the description of the service, as a second media type makes clients of types narrow each answer. */
function success({ response }: RouteRecord, schemas: JsonObject, role: DocumentInfo['role']): JsonObject {
  if ('file' in response && !(role === 'server' && response.serverJson)) {
    const { mediaType, others = [], description } = response.file
    const schemaOf = (type: string) => (type === 'application/json' ? {} : { type: 'string', format: 'binary' })
    const contents = [mediaType, ...others].map((type) => [type, { schema: schemaOf(type) }])
    return { description, content: Object.fromEntries(contents) }
  }
  const model = 'json' in response ? response.json : (response.serverJson as TSchema)
  return { description: 'OK', content: { 'application/json': { schema: withReferences(plain(model), schemas) } } }
}

const errorContent = (): JsonObject => ({ 'application/json': { schema: { $ref: '#/components/schemas/Error' } } })

const BODY_FAILURES: JsonObject = {
  413: { description: 'The body is too long', content: errorContent() },
  415: { description: 'The body is of a type or encoding that is not taken', content: errorContent() },
}

function errorSchema(): JsonObject {
  return {
    type: 'object',
    title: 'Error',
    required: ['error', 'status_code', 'message'],
    properties: {
      error: { type: 'boolean', enum: [true] },
      status_code: { type: 'integer' },
      message: {
        type: 'string',
        description:
          'JSON: an object with `detail` (a text, or a list of what is wrong with which parameter) and `code`.',
      },
    },
  }
}

/** A schema without the marks that TypeBox adds, in words that generators of clients know. */
function plain(schema: TSchema | object): JsonObject {
  return forGenerators(JSON.parse(JSON.stringify(schema))) as JsonObject
}

/**
 * `const` is written by some generators without quotes, and `patternProperties` as an object without members: one-valued
 * enumerations and `additionalProperties` say the same.
 */
function forGenerators(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(forGenerators)
  if (schema === null || typeof schema !== 'object') return schema
  const { const: only, patternProperties, ...rest } = schema
  const given: JsonObject = only === undefined ? rest : { ...rest, enum: [only] }
  const isOfTexts = Array.isArray(given.enum) && given.enum.every((value) => typeof value === 'string')
  const values = patternProperties === undefined ? [] : Object.values(patternProperties as JsonObject)
  return Object.fromEntries(
    Object.entries({
      ...(isOfTexts ? { type: 'string' } : {}),
      ...given,
      ...(values.length === 1 ? { additionalProperties: values[0] as Json } : {}),
    }).map(([key, value]) => [key, forGenerators(value)]),
  )
}

/** Moves every schema that has a title to the components, and leaves references in its place. */
function withReferences(schema: Json, schemas: JsonObject): Json {
  if (Array.isArray(schema)) return schema.map((item) => withReferences(item, schemas))
  if (schema === null || typeof schema !== 'object') return schema
  const { title } = schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withReferences(value, schemas)]))
  if (typeof title !== 'string') return inner
  const name = componentName(title, inner, schemas)
  schemas[name] = inner
  return { $ref: `#/components/schemas/${name}` }
}

/** The title, or with a number behind it where another schema has the same. */
function componentName(title: string, schema: JsonObject, schemas: JsonObject): string {
  const base = title.replace(/[^\w.-]/g, '_')
  const text = JSON.stringify(schema)
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}${number}`
    const known = schemas[name]
    if (known === undefined || JSON.stringify(known) === text) return name
  }
}

function sortedByName(schemas: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)))
}
