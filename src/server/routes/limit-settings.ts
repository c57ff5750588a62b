import Type from 'typebox'
import { pageSize, paging } from '../../models/parameters/shared.ts'
import type { RouteRecord } from './route.ts'

/** The routes as they are served: a page has at most so many items, also in the OpenAPI document. */
export function withPageSize(routes: readonly RouteRecord[], most: number): readonly RouteRecord[] {
  if (most >= 100) return routes
  const size = pageSize(most)
  return routes.map((route) =>
    route.params.properties.size === paging.size
      ? { ...route, params: Type.Object({ ...route.params.properties, size }) }
      : route,
  )
}
