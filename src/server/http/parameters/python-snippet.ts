import type { RouteRecord } from '../../routes/route.ts'
import { lastOf, type ParameterSpec, type RawValues } from './params.ts'

/** Media type that asks for the Python code of a request instead of its answer. */
export const PYTHON_MEDIA_TYPE = 'text/x-sapi-python'

/** What a request for code gets where there is none. */
export const NO_PYTHON = 'There is no Python code for this'

/** Parameters of the answer's form: siibra-python gives objects. */
const FORM = new Set(['page', 'size', 'format', 'provenance', 'fields'])

/**
 * siibra-python code that does what a request asks for: its parameters as variables, then the code of the route.
 * Parameters are not checked; missing ones are `None`. Undefined for a route that siibra-python cannot do.
 */
export function pythonSnippet(
  route: RouteRecord,
  specs: readonly ParameterSpec[],
  raw: (spec: ParameterSpec) => RawValues,
): string | undefined {
  if (route.python === undefined) return undefined
  const variables = specs
    .filter(({ name }) => !FORM.has(name))
    .map((spec) => `${spec.name} = ${pythonLiteral(spec, raw(spec))}`)
  return [
    `# ${route.summary}`,
    '# pip install siibra',
    'import siibra',
    '',
    ...(variables.length > 0 ? [...variables, ''] : []),
    route.python,
    '',
  ].join('\n')
}

function pythonLiteral({ schema }: ParameterSpec, given: RawValues): string {
  if (schema.type === 'array') return `[${(given ?? []).map(pythonValue).join(', ')}]`
  const text = lastOf(given)
  if (text === undefined) return schema.default === undefined ? 'None' : pythonValue(schema.default)
  const isNumber = (schema.type === 'integer' || schema.type === 'number') && /^[+-]?\d+(\.\d+)?$/.test(text)
  return isNumber ? String(Number(text)) : pythonValue(text)
}

/** JSON's escapes are Python's too, once characters beyond the basic plane are kept as they are. */
function pythonValue(value: unknown): string {
  return value === null ? 'None' : JSON.stringify(value)
}
