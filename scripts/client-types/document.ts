/** What the writers of client types need of the OpenAPI document. */

export interface Schema {
  $ref?: string
  type?: string
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  minItems?: number
  maxItems?: number
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  description?: string
  title?: string
}

interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  description?: string
  schema: Schema
}

interface Operation {
  operationId: string
  summary: string
  parameters: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

export interface OpenApi {
  paths: Record<string, Record<string, Operation> & { servers?: unknown }>
  components: { schemas: Record<string, Schema> }
}

export interface ClientRoute {
  name: string
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  summary: string
  parameters: Parameter[]
  /** Of POST: the schema of a JSON body, where there is one; whether other bodies are taken. */
  body?: { json?: Schema; hasOthers: boolean }
  /** Model of a JSON answer; undefined where a file is sent, or nothing. */
  json?: Schema
  /** The answer is a table, which also comes as lines of JSON and Arrow. */
  isTable: boolean
}

export const refName = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1)

/** The routes below the version itself; those of other services lie elsewhere. */
export function clientRoutes({ paths }: OpenApi): ClientRoute[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    'servers' in operations
      ? []
      : Object.entries(operations).map(([method, operation]) => toRoute(path, method, operation as Operation)),
  )
}

function toRoute(path: string, method: string, operation: Operation): ClientRoute {
  const { operationId, summary, parameters, requestBody, responses } = operation
  const contents = responses['200']?.content ?? {}
  // a file that may be JSON, too, is a file
  const answer = Object.keys(contents).length === 1 ? contents['application/json']?.schema : undefined
  const format = parameters.find(({ name }) => name === 'format')?.schema.enum ?? []
  const accepted = requestBody?.content
  return {
    name: operationId,
    method: method.toUpperCase() as ClientRoute['method'],
    path,
    summary,
    parameters,
    ...(accepted && {
      body: {
        json: accepted['application/json']?.schema,
        hasOthers: Object.keys(accepted).some((type) => type !== 'application/json'),
      },
    }),
    ...(answer && { json: answer }),
    isTable: format.includes('arrow'),
  } as ClientRoute
}

/** The schema of the items, where a component is a page of a listing. */
export function itemsOfPage(name: string, { properties }: Schema): Schema | undefined {
  return name.startsWith('Page_') ? properties?.items?.items : undefined
}
