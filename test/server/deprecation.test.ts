/** Routes that are to go say so: in every answer, and in the OpenAPI document. */
import Type from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApiDocument } from '../../src/server/pages/openapi.ts'
import { ALWAYS, type RouteRecord } from '../../src/server/routes/route.ts'
import { routeTable } from '../../src/server/routes/table.ts'
import { createFakeApp } from './fake-app.ts'

const old: RouteRecord = {
  name: 'get_old_things',
  method: 'GET',
  path: '/old_things',
  versions: ['v3_0'],
  summary: 'Old things',
  tag: 'maps',
  extension: true,
  deprecated: { since: '2027-01-31', sunset: '2027-08-01', successor: '/v3_0/things' },
  params: Type.Object({ size: Type.Integer({ default: 7, minimum: 1 }) }),
  response: { json: Type.Object({}) },
  task: { name: 'old_things', queue: 'core' },
  criticality: 'critical',
  cache: ALWAYS,
}

const { app, close } = createFakeApp({ routes: [...routeTable, old] })
let base = ''
beforeAll(async () => {
  base = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(close)

test('every answer tells since when, until when, and what takes its place', async () => {
  const paths = ['/old_things', '/old_things', '/old_things', '/old_things?unknown=1', '/old_things?size=0']
  const hits: (string | null)[] = []
  for (const path of paths) {
    const { headers } = await fetch(`${base}/v3_0${path}`)
    hits.push(headers.get('x-fastapi-cache'))
    expect(headers.get('deprecation')).toBe('@1801353600')
    expect(headers.get('sunset')).toBe('Sun, 01 Aug 2027 00:00:00 GMT')
    expect(headers.get('link')).toBe('</v3_0/things>; rel="successor-version"')
    expect(headers.get('access-control-expose-headers')).toMatch(
      /x-siibra-ignored.*deprecation, sunset, link|deprecation, sunset, link.*x-siibra-ignored/,
    )
  }
  // on the short way, too
  expect(hits).toEqual([null, 'hit', 'hit', 'hit', null])
})

test('below a path, the link leads there, on the short way, too', async () => {
  const config = { basePath: '/atlas', trustedProxies: ['127.0.0.1'] }
  const below = createFakeApp({ routes: [old], config })
  const url = `${await below.app.listen({ host: '127.0.0.1', port: 0 })}/v3_0/old_things`
  try {
    const linkOf = async (headers: Record<string, string>) => (await fetch(url, { headers })).headers.get('link')
    for (const prefix of [undefined, '/other', undefined, '/other', '/atlas', undefined])
      expect(await linkOf(prefix === undefined ? {} : { 'x-forwarded-prefix': prefix })).toBe(
        `<${prefix ?? '/atlas'}/v3_0/things>; rel="successor-version"`,
      )
  } finally {
    await below.close()
  }
})

test('the document says it in words and by its mark', () => {
  const { paths } = openApiDocument([old], 'v3_0', { apiVersion: '1' }) as { paths: Record<string, { get: object }> }
  expect(paths['/old_things']?.get).toMatchObject({
    deprecated: true,
    description: 'Deprecated since 2027-01-31, gone from 2027-08-01 on: ask `/v3_0/things`.',
  })
})

test('what the original calls deprecated is as it was recorded', async () => {
  const { headers } = await fetch(`${base}/v3_0/map?parcellation_id=p&space_id=s&map_type=LABELLED`)
  for (const name of ['deprecation', 'sunset', 'link']) expect(headers.get(name)).toBe(null)
})
