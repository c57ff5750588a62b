import type { Root, RouteRecord } from './route.ts'

export interface RouteMatch {
  route: RouteRecord
  /** Decoded path parameters. */
  pathParams: Record<string, string>
}

interface Pattern {
  route: RouteRecord
  /** Text before and behind the parameter; `parameter` is undefined for a path without one. */
  prefix: string
  parameter: string | undefined
  suffix: string
}

export type MatchRoute = (root: Root, path: string) => RouteMatch | undefined

/**
 * Makes the function that finds the route of a decoded path (below its root). A parameter takes what it can, slashes
 * included. Order: exact paths, then those with literal text behind the parameter, then the longest text before it; so
 * `/feature/{id}/plotly` wins over `/feature/Tabular/{id}`, and both over `/feature/{id}`.
 */
export function createMatcher(routes: readonly RouteRecord[]): MatchRoute {
  const exact = new Map<string, RouteRecord>()
  const patterns: Pattern[] = []
  for (const route of routes) {
    const [prefix, parameter, suffix] = splitPath(route.path)
    if (parameter === undefined) exact.set(route.path, route)
    else patterns.push({ route, prefix, parameter, suffix })
  }
  patterns.sort((a, b) => b.suffix.length - a.suffix.length || b.prefix.length - a.prefix.length)

  return (root, path) => {
    const route = exact.get(path)
    if (route?.versions.some((candidate) => candidate === root)) return { route, pathParams: {} }
    for (const pattern of patterns) {
      const { prefix, suffix } = pattern
      if (!path.startsWith(prefix) || !path.endsWith(suffix) || path.length < prefix.length + suffix.length) continue
      if (!pattern.route.versions.some((candidate) => candidate === root)) continue
      const value = path.slice(prefix.length, path.length - suffix.length)
      return { route: pattern.route, pathParams: { [pattern.parameter as string]: value } }
    }
    return undefined
  }
}

/** `/regions/{region_id}/related` -> `/regions/`, `region_id`, `/related`. */
export function splitPath(path: string): [prefix: string, parameter: string | undefined, suffix: string] {
  const match = /^([^{]*)\{(\w+)\}([^{]*)$/.exec(path)
  if (match === null) return [path, undefined, '']
  return [match[1] as string, match[2], match[3] as string]
}
