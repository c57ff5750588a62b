/** The types of the TypeScript client: models, and for each route its parameters, body and answer. */
import { type ClientRoute, clientRoutes, itemsOfPage, type OpenApi, refName, type Schema } from './document.ts'

const HEAD = `/**
 * Made from the OpenAPI document by \`npm run client:types\`: not to be edited.
 * A test of the service (test/server/surface.test.ts) holds it current.
 */
import type { FileAnswer, FileBody } from './types.ts'

/** A page of a listing. */
export interface Page<T> {
  items: T[]
  /** Items of all pages together. */
  total: number
  /** From 1. */
  page: number
  size: number
  pages: number
}
`

const METHODS = ['GET', 'POST', 'DELETE'] as const

export function typescriptTypes(document: OpenApi): string {
  const routes = clientRoutes(document)
  const models = Object.entries(document.components.schemas).filter(([name]) => !name.startsWith('Page_'))
  const parts = [
    HEAD,
    ...models.map(([name, schema]) => `export ${declaration(name, schema, document)}`),
    ...METHODS.map((method) => {
      const own = routes.filter((route) => route.method === method).map((route) => routeMember(route, document))
      const title = method[0] + method.slice(1).toLowerCase()
      return `/** Routes that are asked by ${method}. \`params\`: of path and query together. */\nexport interface ${title}Routes {\n${own.join('\n')}\n}`
    }),
  ]
  return `${parts.join('\n')}\n`
}

function declaration(name: string, schema: Schema, document: OpenApi): string {
  const type = typeOf(schema, document, 0)
  return type.startsWith('{') ? `interface ${name} ${type}` : `type ${name} = ${type}`
}

function routeMember(route: ClientRoute, document: OpenApi): string {
  const { path, summary, parameters, json, body, isTable } = route
  const params = parameters.map(({ name, required, description, schema }) =>
    member(name, { ...schema, ...(description && { description }) }, required, document, 3),
  )
  const bodies = [...(body?.json ? [typeOf(body.json, document, 2)] : []), ...(body?.hasOthers ? ['FileBody'] : [])]
  const answer = json ? typeOf(json, document, 2) : route.method === 'DELETE' ? 'undefined' : 'FileAnswer'
  const lines = [
    `  /** ${plain(summary)} */`,
    `  '${path}': {`,
    params.length === 0 ? '    params: Record<never, never>' : `    params: {\n${params.join('\n')}\n    }`,
    ...(body ? [`    body: ${bodies.join(' | ')}`] : []),
    `    answer: ${answer}`,
    ...(isTable ? ['    isTable: true'] : []),
    '  }',
  ]
  return lines.join('\n')
}

function typeOf(schema: Schema, document: OpenApi, depth: number): string {
  const of = (inner: Schema) => typeOf(inner, document, depth)
  if (schema.$ref) {
    const name = refName(schema.$ref)
    const items = itemsOfPage(name, document.components.schemas[name] as Schema)
    return items ? `Page<${of(items)}>` : name
  }
  if (schema.enum) return schema.enum.map((value) => quote(value)).join(' | ')
  if (schema.anyOf) return [...new Set(schema.anyOf.map(of))].join(' | ')
  if (schema.type === 'array') return listOf(schema, of(schema.items ?? {}))
  if (schema.type === 'object') return objectOf(schema, document, depth)
  if (schema.type === 'integer') return 'number'
  return ['string', 'number', 'boolean', 'null'].includes(schema.type ?? '') ? (schema.type as string) : 'unknown'
}

/** Lists of a few known length are tuples: points and their like. */
function listOf({ minItems, maxItems }: Schema, item: string): string {
  if (minItems !== undefined && minItems === maxItems && minItems <= 4)
    return `[${Array.from({ length: minItems }, () => item).join(', ')}]`
  return /[ |]/.test(item) && !item.startsWith('Page<') ? `(${item})[]` : `${item}[]`
}

function objectOf(schema: Schema, document: OpenApi, depth: number): string {
  const { properties = {}, required = [], additionalProperties } = schema
  const members = Object.entries(properties).map(([name, inner]) =>
    member(name, inner, required.includes(name), document, depth + 1),
  )
  const others = typeof additionalProperties === 'object' ? typeOf(additionalProperties, document, depth) : 'unknown'
  if (members.length === 0) return `Record<string, ${others}>`
  return `{\n${members.join('\n')}\n${'  '.repeat(depth)}}`
}

function member(name: string, schema: Schema, isRequired: boolean, document: OpenApi, depth: number): string {
  const indent = '  '.repeat(depth)
  const told = schema.description ? `${indent}/** ${plain(schema.description)} */\n` : ''
  const key = /^\w+$/.test(name) ? name : `'${name}'`
  return `${told}${indent}${key}${isRequired ? '' : '?'}: ${typeOf(schema, document, depth)}`
}

const plain = (text: string): string => text.replaceAll('*/', '* /').replaceAll('\n', ' ')

const quote = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : String(value)
