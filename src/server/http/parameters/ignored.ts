import { headerList } from '../../../tasks/answer/header-values.ts'
import type { HeaderList } from '../exchange.ts'
import type { ParameterSpec } from './params.ts'

/** Names the parameters of a query that the route does not know: a typing error that would go unseen. */
export const IGNORED_HEADER = 'x-siibra-ignored'

/**
 * The header, or nothing where all parameters count. Path parameters are none of the query; `without` are known ones that do not
 * count in the form that was asked for.
 */
export function ignoredHeaders(
  specs: readonly ParameterSpec[],
  query: ReadonlyMap<string, unknown>,
  without: readonly string[] = [],
): HeaderList {
  if (query.size === 0) return []
  const known = (name: string) =>
    !without.includes(name) && specs.some((spec) => spec.in === 'query' && spec.name === name)
  const ignored = [...query.keys()].filter((name) => name !== '' && !known(name))
  return ignored.length === 0 ? [] : [IGNORED_HEADER, headerList(ignored)]
}
