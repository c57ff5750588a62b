import Type, { type TSchema } from 'typebox'
import { ALWAYS, type RouteRecord } from '../../src/server/routes/route.ts'

/** A route of the table, as far as a test says something of it; `params` are the properties of its parameters. */
export function routeOf({
  params = {},
  ...more
}: Partial<Omit<RouteRecord, 'params'>> & { params?: Record<string, TSchema> } = {}): RouteRecord {
  return {
    name: 'get_things',
    method: 'GET',
    path: '/things',
    versions: ['v3_0'],
    summary: 'Things',
    tag: 'maps',
    params: Type.Object(params),
    response: { json: Type.Object({}) },
    task: { name: 'all_things', queue: 'core' },
    criticality: 'critical',
    cache: ALWAYS,
    ...more,
  }
}

export const FILE = { file: { mediaType: 'application/x-nifti', description: 'A map' } }
export const PICTURE = { file: { mediaType: 'image/png', description: 'A picture' } }
export const TABLE = { json: Type.Object({}), forms: 'table' } as const
