import { afterAll, expect, test } from 'vitest'
import type { OpenApi } from '../../scripts/client-types/document.ts'
import { CLIENT_TYPES } from '../../scripts/client-types/files.ts'
import { openApiDocument } from '../../src/server/pages/openapi.ts'
import { API_VERSIONS } from '../../src/server/routes/route.ts'
import { routeTable } from '../../src/server/routes/table.ts'
import { createFakeApp } from './fake-app.ts'

const { app, close } = createFakeApp()
afterAll(close)

test.each(API_VERSIONS)('the OpenAPI document of %s', async (version) => {
  const document = openApiDocument(routeTable, version, { apiVersion: '9.9.9' })
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(`snapshots/openapi.${version}.json`)
  const served = await app.inject(`/${version}/openapi.json`)
  expect(served.json()).toEqual(document)
})

test.each(CLIENT_TYPES)('$path is what the document makes (npm run client:types)', async ({ path, write }) => {
  const document = openApiDocument(routeTable, 'v3_0', { apiVersion: '' }) as unknown as OpenApi
  await expect(write(document)).toMatchFileSnapshot(`../../${path}`)
})

test('every reference of the OpenAPI document leads somewhere', () => {
  const text = JSON.stringify(openApiDocument(routeTable, 'v3_0', { apiVersion: '1' }))
  const { components } = JSON.parse(text) as { components: { schemas: Record<string, unknown> } }
  const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] as string)
  expect(names.filter((name) => !(name in components.schemas))).toEqual([])
  expect(Object.keys(components.schemas).filter((name) => !names.includes(name))).toEqual([])
})

test('the names of the metrics', async () => {
  await app.inject('/v3_0/atlases')
  const { body, headers } = await app.inject('/metrics')
  expect(headers['content-type']).toMatch(/^text\/plain/)
  const names = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => `${match[1]} ${match[2]}`)
  await expect(`${names.sort().join('\n')}\n`).toMatchFileSnapshot('snapshots/metrics.txt')
  expect(body).toMatch(
    /^siibra_api_request_seconds_count\{route="\/atlases",criticality="critical",cache="miss",status="200"\} 1$/m,
  )
  expect(body).toMatch(/^siibra_api_request_seconds_bucket\{[^}]*route="\/atlases"[^}]*le="\+Inf"[^}]*\} 1$/m)
})

test('the pages load nothing from other hosts', async () => {
  for (const url of ['/', '/v3_0/docs', '/v1_0/docs', '/docs', '/redoc', '/v3_0/redoc']) {
    const page = await app.inject(url)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    const loaded = [...page.body.matchAll(/<(?:script|link|img)[^>]*(?:src|href)="([^"]+)"/g)].map(
      (match) => match[1] as string,
    )
    for (const file of loaded) {
      expect(file).toMatch(/^(\/static\/|\.\/page\/)/)
      expect((await app.inject(new URL(file, 'http://host/').pathname)).statusCode).toBe(200)
    }
  }
})

test('/about says what this is', async () => {
  expect((await app.inject('/about')).json()).toMatchObject({
    name: 'siibra-api',
    version: '1.2.3',
    api: { version: '9.9.9', role: 'all', gitHash: 'abc' },
    configuration: null,
  })
})
