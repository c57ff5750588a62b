/** The OpenAPI 3.1 document of a version, made from the route table and the models. */
import type { TSchema } from 'typebox'
import { type ParameterSpec, parameterSpecs } from '../http/params.ts'
import { PYTHON_MEDIA_TYPE } from '../http/python-snippet.ts'
import type { ApiVersion, RouteRecord } from '../routes/route.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type JsonObject = { [key: string]: Json }

/** Values of parameters that the served configuration has, for "Try it out". */
export type ParameterExamples = Readonly<Record<string, string>>

const TAGS: Readonly<Record<RouteRecord['tag'], string>> = {
  atlas: 'Atlases: what is known of the brain of a species',
  space: 'Reference spaces: templates with coordinates',
  parcellation: 'Parcellations: brains divided into regions',
  region: 'Regions of a parcellation',
  maps: 'Maps: parcellations drawn in spaces',
  feature: 'Features: data sets anchored in the atlas',
  vocabularies: 'Vocabularies',
  download: 'Bundles to download',
}

export function openApiDocument(
  routes: readonly RouteRecord[],
  version: ApiVersion,
  info: { apiVersion: string },
  examples: ParameterExamples = {},
): JsonObject {
  const schemas: JsonObject = { Error: errorSchema() }
  const paths: JsonObject = {}
  const listed = routes.filter((route) => route.versions.some((candidate) => candidate === version))
  for (const route of listed) paths[route.path] = { get: operation(route, schemas, examples) }
  const tags = [...new Set(listed.map((route) => route.tag))].map((name) => ({ name, description: TAGS[name] }))
  return {
    openapi: '3.1.0',
    info: {
      title: 'siibra-api',
      description:
        'HTTP access to brain atlases. Send `Accept: text/x-sapi-python` to get the siibra-python code of a request instead of its answer.',
      version: info.apiVersion,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `/${version}` }],
    tags,
    paths,
    components: { schemas: sortedByName(schemas) },
  }
}

function operation(route: RouteRecord, schemas: JsonObject, examples: ParameterExamples): JsonObject {
  return {
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    operationId: route.name,
    ...(route.deprecated ? { deprecated: true } : {}),
    parameters: parameterSpecs(route).map((spec) => parameter(spec, examples)),
    responses: {
      200: success(route, schemas),
      422: { description: 'A parameter is missing or of the wrong form', content: errorContent() },
      default: { description: 'Any other failure', content: errorContent() },
    },
  }
}

function parameter({ name, in: place, isRequired, schema }: ParameterSpec, examples: ParameterExamples): JsonObject {
  const { description, examples: own, ...rest } = schema
  const example = examples[name] ?? (Object.keys(examples).length > 0 && name.endsWith('_id') ? undefined : own?.[0])
  return {
    name,
    in: place,
    required: isRequired || place === 'path',
    ...(description === undefined ? {} : { description }),
    schema: plain(rest),
    ...(example === undefined || !isRequired ? {} : { example: example as Json }),
  }
}

function success(route: RouteRecord, schemas: JsonObject): JsonObject {
  const python = { [PYTHON_MEDIA_TYPE]: { schema: { type: 'string' } } }
  if ('file' in route.response) {
    const { mediaType, description } = route.response.file
    return { description, content: { [mediaType]: { schema: { type: 'string', format: 'binary' } }, ...python } }
  }
  const schema = withReferences(plain(route.response.json), schemas)
  return { description: 'OK', content: { 'application/json': { schema }, ...python } }
}

const errorContent = (): JsonObject => ({ 'application/json': { schema: { $ref: '#/components/schemas/Error' } } })

function errorSchema(): JsonObject {
  return {
    type: 'object',
    title: 'Error',
    required: ['error', 'status_code', 'message'],
    properties: {
      error: { const: true },
      status_code: { type: 'integer' },
      message: {
        type: 'string',
        description:
          'JSON: an object with `detail` (a text, or a list of what is wrong with which parameter) and `code`.',
      },
    },
  }
}

/** A schema without the marks that TypeBox adds. */
function plain(schema: TSchema | object): JsonObject {
  return JSON.parse(JSON.stringify(schema)) as JsonObject
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
