/** The tools: routes of the table that name one, in the words and with the parameters that these have. */
import type { Tool as ListedTool } from '@modelcontextprotocol/server'
import { type ParameterSpec, parameterSpecs } from '../http/parameters/params.ts'
import type { RouteRecord } from '../routes/route.ts'

export interface Tool {
  name: string
  route: RouteRecord
  parameters: readonly ParameterSpec[]
}

/** What the form of an answer is chosen by here, not by who calls. */
const FIXED: ReadonlySet<string> = new Set(['format', 'provenance', 'fields'])
/** Items of a page, unless more are asked for: whoever reads them pays for each word. */
const PAGE_SIZE = 20

export function toolsOf(routes: readonly RouteRecord[]): Tool[] {
  return routes.flatMap((route) =>
    route.tool === undefined || route.method !== 'GET'
      ? []
      : [{ name: route.tool, route, parameters: parameterSpecs(route).filter(({ name }) => !FIXED.has(name)) }],
  )
}

/** A tool as it is listed. */
export function describeTool({ name, route, parameters }: Tool): ListedTool {
  const { summary, description, response } = route
  const ending = 'file' in response && !isPicture(route) ? ' Answers with a link to the file.' : ''
  return {
    name,
    title: summary,
    description: `${[summary, ...(description ? [description] : [])].join('. ')}.${ending}`.replaceAll('..', '.'),
    inputSchema: {
      type: 'object' as const,
      properties: Object.fromEntries(parameters.map((spec) => [spec.name, schemaOf(spec)])),
      required: parameters.filter(({ isRequired }) => isRequired).map((spec) => spec.name),
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  }
}

export const isPicture = ({ response }: RouteRecord): boolean =>
  'file' in response && response.file.mediaType === 'image/png'

type PropertySchema = { [name: string]: NonNullable<ListedTool['inputSchema']['properties']>[string] }

/** JSON Schema of a parameter, without what only this project understands. */
function schemaOf({ name, schema }: ParameterSpec): PropertySchema {
  const { documentedValues, requiredWithout, isRoundable: __, title: _, ...rest } = schema
  const plain = JSON.parse(JSON.stringify(rest)) as { [name: string]: PropertySchema[string] }
  const also = requiredWithout ? ` Needed where ${requiredWithout} is not given.` : ''
  return {
    ...plain,
    ...(documentedValues && { enum: [...documentedValues] }),
    ...(also && { description: `${schema.description ?? ''}${also}` }),
    ...(name === 'size' && schema.maximum === 100 && { default: PAGE_SIZE }),
  }
}

export type ToolPath = { ok: true; path: string } | { ok: false; problem: string }

/** The path and query that a call asks for. Values are checked by the route itself; only names are here. */
export function pathOf({ name: tool, route, parameters }: Tool, given: Record<string, unknown>): ToolPath {
  const known = parameters.map(({ name }) => name)
  const unknown = Object.keys(given).filter((name) => !known.includes(name))
  const missing = parameters.filter(({ name, in: place }) => place === 'path' && isNothing(given[name]))
  if (unknown.length > 0) return { ok: false, problem: `${tool} takes ${known.join(', ')}, not ${unknown.join(', ')}` }
  if (missing.length > 0) return { ok: false, problem: `${tool} needs ${missing.map(({ name }) => name).join(', ')}` }
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given[name])))
  const isPaged = parameters.some(({ name, schema }) => name === 'size' && schema.maximum === 100)
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...(isPaged && { size: PAGE_SIZE }), ...given })) {
    if (route.path.includes(`{${name}}`) || isNothing(value)) continue
    for (const one of [value].flat()) query.append(name, String(one))
  }
  const text = query.toString()
  return { ok: true, path: `/${route.versions[0]}${path}${text === '' ? '' : `?${text}`}` }
}

const isNothing = (value: unknown) => value === undefined || value === null || value === ''
