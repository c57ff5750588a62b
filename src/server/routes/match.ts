import type { Root, RouteRecord } from './route.ts'

export interface RouteMatch {
  route: RouteRecord
  /** Decoded path parameters. */
  pathParams: Record<string, string>
}

interface Pattern extends SplitPath {
  route: RouteRecord
}

/** A path with parameters: literal text and parameters in turn, beginning and ending with text (which may be empty). */
export interface SplitPath {
  /** One more than parameters. */
  texts: readonly string[]
  parameters: readonly string[]
}

export type MatchRoute = (root: Root, path: string) => RouteMatch | undefined

/**
 * Makes the function that finds the route of a decoded path (below its root). A parameter takes what it can, slashes
 * included; of two, the first takes as much as it can. Order: exact paths, then those with the most literal text behind their first parameter, then the longest text before it; so
 * `/feature/{id}/plotly` wins over `/feature/Tabular/{id}`, and both over `/feature/{id}`.
 */
export function createMatcher(routes: readonly RouteRecord[]): MatchRoute {
  const exact = new Map<string, RouteRecord>()
  const patterns: Pattern[] = []
  for (const route of routes) {
    const split = splitPath(route.path)
    if (split.parameters.length === 0) exact.set(route.path, route)
    else patterns.push({ route, ...split })
  }
  patterns.sort((a, b) => lengthBehind(b) - lengthBehind(a) || lengthBefore(b) - lengthBefore(a))

  return (root, path) => {
    const route = exact.get(path)
    if (route?.versions.some((candidate) => candidate === root)) return { route, pathParams: {} }
    for (const pattern of patterns) {
      if (!pattern.route.versions.some((candidate) => candidate === root)) continue
      const values = valuesOf(pattern, path)
      if (values === undefined) continue
      const pathParams: Record<string, string> = {}
      for (const [at, name] of pattern.parameters.entries()) pathParams[name] = values[at] ?? ''
      return { route: pattern.route, pathParams }
    }
    return undefined
  }
}

const lengthBefore = ({ texts: [prefix = ''] }: SplitPath) => prefix.length
const lengthBehind = ({ texts }: SplitPath) => texts.reduce((sum, text, at) => sum + (at > 0 ? text.length : 0), 0)

/** What the parameters of a pattern are in a path; undefined where it does not fit. */
function valuesOf({ texts }: SplitPath, path: string): string[] | undefined {
  const [prefix = '', ...behind] = texts
  const between = behind.slice(0, -1)
  const suffix = behind.at(-1) ?? ''
  let end = path.length - suffix.length
  if (!path.startsWith(prefix) || !path.endsWith(suffix) || end < prefix.length) return undefined
  const values: string[] = []
  for (const text of between.reverse()) {
    const found = path.lastIndexOf(text, end - text.length)
    if (found < prefix.length) return undefined
    values.unshift(path.slice(found + text.length, end))
    end = found
  }
  return [path.slice(prefix.length, end), ...values]
}

/** `/regions/{region_id}/related` -> texts `/regions/`, `/related`; parameters `region_id`. */
export function splitPath(path: string): SplitPath {
  // split by a group: texts and names in turn
  const parts = path.split(/\{(\w+)\}/)
  return { texts: parts.filter((_, at) => at % 2 === 0), parameters: parts.filter((_, at) => at % 2 === 1) }
}
