/** The types of the Python client: models as typed dictionaries. */
import { clientRoutes, itemsOfPage, type OpenApi, refName, type Schema } from './document.ts'

const HEAD = `"""Made from the OpenAPI document by \`npm run client:types\`: not to be edited."""

from __future__ import annotations

from typing import Any, Generic, Literal, NotRequired, TypeAlias, TypedDict, TypeVar

T = TypeVar("T")


class Page(TypedDict, Generic[T]):
    """A page of a listing."""

    items: list[T]
    total: int
    page: int
    size: int
    pages: int

`

/** The Python name of the body of a route. */
export const bodyName = (route: string): string =>
  `${route
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}Body`

export function pythonModels(document: OpenApi): string {
  const models = Object.entries(document.components.schemas).filter(([name]) => !name.startsWith('Page_'))
  const bodies = clientRoutes(document).flatMap(({ name, body }) =>
    body?.json ? [[bodyName(name), body.json] as const] : [],
  )
  return HEAD + [...models, ...bodies].map(([name, schema]) => declaration(name, schema, document)).join('\n')
}

/** Names with other signs than letters cannot be written as members of a class. */
function declaration(name: string, schema: Schema, document: OpenApi): string {
  const { type, properties = {}, required = [] } = schema
  if (type !== 'object' || Object.keys(properties).length === 0)
    return `\n${name}: TypeAlias = ${quote(pythonType(schema, document))}\n`
  const members = Object.entries(properties).map(([key, inner]) => {
    const value = pythonType(inner, document)
    return [key, required.includes(key) ? value : `NotRequired[${value}]`] as const
  })
  const lines = members.map(([key, value]) => `        ${quote(key)}: ${quote(value)},`)
  return `\n${name} = TypedDict(\n    ${quote(name)},\n    {\n${lines.join('\n')}\n    },\n)\n`
}

/** An expression of types; names of other models stand in it as they are, since all of it is a string or a comment to Python. */
export function pythonType(schema: Schema, document: OpenApi): string {
  const of = (inner: Schema) => pythonType(inner, document)
  if (schema.$ref) {
    const name = refName(schema.$ref)
    const items = itemsOfPage(name, document.components.schemas[name] as Schema)
    return items ? `Page[${of(items)}]` : name
  }
  if (schema.enum) return `Literal[${schema.enum.map(literal).join(', ')}]`
  if (schema.anyOf) return [...new Set(schema.anyOf.map(of))].join(' | ')
  if (schema.type === 'array') return `list[${of(schema.items ?? {})}]`
  if (schema.type === 'object') {
    const { additionalProperties } = schema
    return `dict[str, ${typeof additionalProperties === 'object' ? of(additionalProperties) : 'Any'}]`
  }
  return SIMPLE[schema.type ?? ''] ?? 'Any'
}

const SIMPLE: Readonly<Record<string, string>> = {
  string: 'str',
  integer: 'int',
  number: 'float',
  boolean: 'bool',
  null: 'None',
}

const literal = (value: unknown): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : typeof value === 'string' ? `'${value}'` : String(value)

export const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
