/** Examples of bodies in the OpenAPI document: of what is served, so that they can be sent as they stand. */
import type { BodySpec } from '../routes/route.ts'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** Values of parameters that the served configuration has, by name, or by `<name of the route>.<name>`; empty: there is none. */
export type ParameterExamples = Readonly<Record<string, string>>

/** Optional parameters of which a request needs one: the first that a visitor tries has it. */
const NEEDED = new Set([
  'get_all_regions.parcellation_id',
  'get_feature_matrix.type',
  'citations.parcellation_id',
  'post_assign_points.parcellation_id',
  'post_clusters.space_id',
  'post_clusters.parcellation_ids',
])

/**
 * The example of a parameter. That of an optional one must not be sent by who only tries the route, unless it is needed:
 * Scalar leaves out what is marked so.
 */
export function exampleOf(route: string, parameter: string, isRequired: boolean, value: Json): JsonObject {
  if (isRequired || NEEDED.has(`${route}.${parameter}`)) return { example: value }
  return { examples: { served: { value, 'x-disabled': true } } }
}

/** The example of a route's record with regions, points and spaces of the served configuration in place of its own. */
export function servedBody(example: Json | undefined, served: ParameterExamples): Json | undefined {
  if (example === undefined || example === null || typeof example !== 'object' || Array.isArray(example)) return example
  const { region_id, space_id } = served
  const point = pointOf(served)
  return {
    ...example,
    ...(region_id && 'values' in example ? { values: { [region_id]: 0.5 } } : {}),
    ...(point && 'points' in example ? { points: [point] } : {}),
    ...(point && 'source_points' in example ? { source_points: [point] } : {}),
    ...(space_id && 'source_space' in example ? { source_space: space_id, target_space: space_id } : {}),
  }
}

/** The same as CSV; undefined where it has no such form. */
export function servedCsv(example: Json | undefined): string | undefined {
  const { values, points } = (example ?? {}) as { values?: Record<string, number>; points?: number[][] }
  if (points) return `x,y,z\n${points.map((point) => `${point.join(',')}\n`).join('')}`
  if (!values) return undefined
  const rows = Object.entries(values).map(([region, value]) => `"${region.replaceAll('"', '""')}",${value}\n`)
  return `region,value\n${rows.join('')}`
}

/** In words, an image to send to routes that take one. */
export function smallImage(body: BodySpec | undefined, served: ParameterExamples): string[] {
  if (!body || !('multipart/form-data' in body.accepts)) return []
  const address = maskAddress(served)
  if (address === undefined) return []
  return [
    `A small one to try it with: [the mask of ${served.region_id}](${address}). [Send it from here](/examples#send).`,
  ]
}

/** The address of a small NIfTI file: the mask of a region. */
export function maskAddress({ parcellation_id, space_id, region_id }: ParameterExamples): string | undefined {
  if (!parcellation_id || !space_id || !region_id) return undefined
  return `/v3_0/map/labelled_map.nii.gz?${new URLSearchParams({ parcellation_id, space_id, region_id })}`.replaceAll(
    '+',
    '%20',
  )
}

/** `-20mm,44mm,-5mm` as three numbers. */
export function pointOf({ point }: ParameterExamples): number[] | undefined {
  const mm = point?.split(',').map((part) => Number.parseFloat(part))
  return mm?.length === 3 && mm.every(Number.isFinite) ? mm : undefined
}
