import type { TSchema } from 'typebox'
import { MAX_ID_BYTES } from '../../../models/parameters/shared.ts'
import { splitPath } from '../../routes/match.ts'
import type { RouteRecord } from '../../routes/route.ts'
import type { ParameterProblem } from '../errors.ts'
import { formParameters } from './forms.ts'

/** The part of JSON Schema that parameters use. */
export interface ParameterSchema {
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'array'
  /** Of a list, which is given by repeating the parameter. */
  items?: ParameterSchema
  maxItems?: number
  enum?: readonly string[]
  /** Values that the OpenAPI document lists; others are judged by the handler. */
  documentedValues?: readonly string[]
  /** A number too large to be exact is taken all the same. */
  isRoundable?: boolean
  /** Missing is an error where the parameter of that name is missing or empty, too. */
  requiredWithout?: string
  title?: string
  minimum?: number
  maximum?: number
  maxLength?: number
  default?: unknown
  description?: string
  examples?: readonly unknown[]
}

export interface ParameterSpec {
  name: string
  in: 'path' | 'query'
  isRequired: boolean
  schema: ParameterSchema
}

/** The parameters of a route, path parameters first. */
export function parameterSpecs(route: RouteRecord): ParameterSpec[] {
  const { parameters: pathParameters } = splitPath(route.path)
  const required = new Set<string>(route.params.required ?? [])
  const properties: Record<string, TSchema> = { ...route.params.properties, ...formParameters(route) }
  return Object.entries(properties).map(([name, property]) => {
    const schema = property as ParameterSchema
    const isRequired = required.has(name) && schema.default === undefined
    return { name, in: pathParameters.includes(name) ? 'path' : 'query', isRequired, schema }
  })
}

export type ParsedParams =
  | { ok: true; params: Record<string, unknown> }
  | { ok: false; status: 414 | 422; problems: ParameterProblem[] }

/**
 * Raw texts of a request -> what a handler receives: converted, with defaults; names that the route does not know are
 * left out. Everything that is wrong is told at once.
 */
export function parseParams(specs: readonly ParameterSpec[], raw: (spec: ParameterSpec) => RawValues): ParsedParams {
  const params: Record<string, unknown> = {}
  const problems: ParameterProblem[] = []
  for (const spec of specs) {
    const given = raw(spec)
    const text = lastOf(given)
    if (text === undefined) {
      if (spec.isRequired || lacksBoth(spec, specs, raw))
        problems.push(problem(spec, 'field required', 'value_error.missing'))
      else if (spec.schema.default !== undefined) params[spec.name] = spec.schema.default
      continue
    }
    const value = spec.schema.type === 'array' ? convertList(spec, given as readonly string[]) : convert(spec, text)
    if (isProblem(value)) problems.push(value)
    else params[spec.name] = value
  }
  if (problems.length === 0) return { ok: true, params }
  const isTooLong = problems.some(({ loc, type }) => loc[0] === 'path' && type === 'value_error.any_str.max_length')
  return { ok: false, status: isTooLong ? 414 : 422, problems }
}

/** Of two parameters, one of which has to be there. */
function lacksBoth(
  { schema }: ParameterSpec,
  specs: readonly ParameterSpec[],
  raw: (spec: ParameterSpec) => RawValues,
): boolean {
  if (schema.requiredWithout === undefined) return false
  const other = specs.find(({ name }) => name === schema.requiredWithout)
  return other === undefined || !lastOf(raw(other))
}

/** As people and JSON write numbers; JavaScript would also take `0x10`, `0b1` and nothing at all. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

/** As Python, JavaScript and forms write them. */
const BOOLEANS = new Map([
  ...['true', '1', 'yes', 'on'].map((text) => [text, true] as const),
  ...['false', '0', 'no', 'off'].map((text) => [text, false] as const),
])

/** What stands in a request for a parameter: all values, in order. */
export type RawValues = readonly string[] | undefined

/** Of a parameter that is repeated the last value counts, unless it is a list. */
export const lastOf = (values: RawValues): string | undefined => values?.[values.length - 1]

type Value = string | number | boolean
const isProblem = (value: Value | Value[] | ParameterProblem): value is ParameterProblem =>
  typeof value === 'object' && !Array.isArray(value)

function convertList(spec: ParameterSpec, texts: readonly string[]): Value[] | ParameterProblem {
  const { items = {}, maxItems = Infinity } = spec.schema
  if (texts.length > maxItems)
    return problem(spec, `ensure this value has at most ${maxItems} items`, 'value_error.list.max_items', {
      limit_value: maxItems,
    })
  const values: Value[] = []
  for (const text of texts) {
    const value = convert({ ...spec, schema: items }, text)
    if (isProblem(value)) return value
    values.push(value)
  }
  return values
}

function convert(spec: ParameterSpec, text: string): Value | ParameterProblem {
  const { schema } = spec
  if (schema.enum !== undefined) {
    if (schema.enum.includes(text)) return text
    const permitted = schema.enum.map((value) => `'${value}'`).join(', ')
    const ctx = { enum_values: schema.enum }
    return problem(spec, `value is not a valid enumeration member; permitted: ${permitted}`, 'type_error.enum', ctx)
  }
  if (schema.type === 'integer') {
    const trimmed = text.trim()
    if (!/^[+-]?\d+$/.test(trimmed)) return problem(spec, 'value is not a valid integer', 'type_error.integer')
    const value = inRange(spec, Number(trimmed))
    // larger ones would be other numbers than those that were sent; of pages there are none so far, whichever it is
    return isProblem(value) || Number.isSafeInteger(value) || schema.isRoundable
      ? value
      : problem(spec, 'value is not a valid integer', 'type_error.integer')
  }
  if (schema.type === 'number') {
    const value = DECIMAL.test(text.trim()) ? Number(text) : Number.NaN
    if (!Number.isFinite(value)) return problem(spec, 'value is not a valid float', 'type_error.float')
    return inRange(spec, value)
  }
  if (schema.type === 'boolean') {
    const value = BOOLEANS.get(text.trim().toLowerCase())
    return value ?? problem(spec, 'value could not be parsed to a boolean', 'type_error.bool')
  }
  const limit = schema.maxLength ?? MAX_ID_BYTES
  if (text.length > limit || Buffer.byteLength(text) > limit) {
    const ctx = { limit_value: limit }
    return problem(spec, `ensure this value has at most ${limit} bytes`, 'value_error.any_str.max_length', ctx)
  }
  return text
}

function inRange(spec: ParameterSpec, value: number): number | ParameterProblem {
  const { minimum, maximum } = spec.schema
  if (minimum !== undefined && value < minimum)
    return problem(spec, `ensure this value is greater than or equal to ${minimum}`, 'value_error.number.not_ge', {
      limit_value: minimum,
    })
  if (maximum !== undefined && value > maximum)
    return problem(spec, `ensure this value is less than or equal to ${maximum}`, 'value_error.number.not_le', {
      limit_value: maximum,
    })
  return value
}

function problem(spec: ParameterSpec, msg: string, type: string, ctx?: Record<string, unknown>): ParameterProblem {
  return { loc: [spec.in, spec.name], msg, type, ...(ctx === undefined ? {} : { ctx }) }
}

/** The query of a request: every value of each name. */
export function parseQuery(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(query)) {
    const known = values.get(name)
    if (known === undefined) values.set(name, [value])
    else known.push(value)
  }
  return values
}
