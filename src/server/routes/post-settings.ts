/** What operators of an instance set for routes that take bodies. */
import type { Config } from '../../config.ts'
import type { RouteRecord } from './route.ts'

export type PostSettings = Pick<Config, 'takesPosts' | 'postLimits'>

/**
 * The routes as they are served: without those that take bodies where POST is turned off, or their own limit is 0; with the
 * limits that are set, where they are lower than the route's own.
 */
export function withPostSettings(
  routes: readonly RouteRecord[],
  { takesPosts, postLimits }: PostSettings,
): readonly RouteRecord[] {
  const limits: Readonly<Record<string, number>> = postLimits
  return routes.flatMap((route) => {
    const { body, method } = route
    if (method !== 'POST') return [route]
    const limit = limits[route.path]
    if (!takesPosts || limit === 0) return []
    if (body === undefined || limit === undefined) return [route]
    return [{ ...route, body: { ...body, maxBytes: Math.min(limit, body.maxBytes) } }]
  })
}

/** For `/about`: whether POST is on, and how many bytes each route takes. */
export function postSummary(routes: readonly RouteRecord[]) {
  const limits = routes.flatMap(({ versions, path, body }) => (body ? [[`/${versions[0]}${path}`, body.maxBytes]] : []))
  return { isOn: limits.length > 0, maxBytes: Object.fromEntries(limits) as Record<string, number> }
}
