import { createSimilarity } from '../../../siibra/index.ts'
import type { RouteRecord } from '../route.ts'

/** Where people read what routes there are. */
export const DOCUMENTATION = '/v3_0/docs'

const MAX_SUGGESTIONS = 3
const MIN_SIMILARITY = 0.7
/** Longer paths are no typing errors of a route. */
const MAX_PATH_CHARS = 300

/** Up to three routes that a path which is none may have meant, the most similar first, as `/v3_0/regions/{region_id}`. */
export function similarRoutes(routes: readonly RouteRecord[], path: string): string[] {
  if (path.length > MAX_PATH_CHARS) return []
  const asked = path.toLowerCase().replace(/^\/v\d+(_\d+)?(?=\/|$)/, '')
  const [version] = routes[0]?.versions ?? []
  const scored = routes.map((route) => ({ path: route.path, score: similarityOf(asked, route.path) }))
  return scored
    .filter(({ score }) => score >= MIN_SIMILARITY)
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_SUGGESTIONS)
    .map((route) => `/${version}${route.path}`)
}

/** 0 to 1: how alike the literal parts are, of what stands before and behind the parameter. */
function similarityOf(asked: string, path: string): number {
  const template = path.toLowerCase().split('/').slice(1)
  const segments = asked.split('/').slice(1)
  const parameterAt = template.findIndex((segment) => segment.startsWith('{'))
  if (parameterAt < 0) return segments.length === template.length ? alike(segments, template) : 0
  const behind = template.slice(parameterAt + 1)
  if (segments.length < template.length) return 0
  const literal = [...segments.slice(0, parameterAt), ...segments.slice(segments.length - behind.length)]
  return alike(literal, [...template.slice(0, parameterAt), ...behind])
}

function alike(a: readonly string[], b: readonly string[]): number {
  return createSimilarity(a.join('/'))(b.join('/'))
}
