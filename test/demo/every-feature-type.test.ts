/** Each type that `/feature/_types` lists has features in the demo, whose ids lead back to them with their data. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routeTable } from '../../src/server/routes/table.ts'
import { FEATURE_TYPES } from '../../src/siibra/features/types.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { type DocumentedAnswers, loadOpenApi } from './openapi-document.ts'

/** Where features of the demo are anchored; each listing takes what it knows of these parameters. */
const CONTEXTS = [
  { parcellation_id: 'Harbour v2', region_id: 'Area B1 (Bow) left', space_id: 'Demo mean', gene: 'MAOA' },
  { parcellation_id: 'Burrow', region_id: 'Mouth (Burrow)', space_id: 'Demo microscopic', gene: 'MAOA' },
]

interface Feature {
  id: string
  name: string
  data?: unknown
  volume?: unknown
}

let app: TestApp
let openApi: DocumentedAnswers
beforeAll(async () => {
  app = await startTestApp()
  openApi = await loadOpenApi(app, 'v3_0')
})
afterAll(() => app.close())

describe('features of the demo atlas', () => {
  it('cover every type that is listed', async () => {
    const { items } = (await app.get('/v3_0/feature/_types?size=100')).json<{ items: { name: string }[] }>()
    expect(items.map(({ name }) => name.split('.').at(-1)).sort()).toEqual(FEATURE_TYPES.map(({ name }) => name).sort())
  })

  it.each(FEATURE_TYPES.map(({ name }) => name).filter((name) => name !== 'Feature'))('of type %s', async (type) => {
    const features = await listFeatures(type)
    expect(features.length).toBeGreaterThan(0)
    const [{ id, name }] = features as [Feature]
    const answer = await app.get(`/v3_0/feature/${encodeURIComponent(id)}?gene=MAOA`)
    expect(answer.status, new TextDecoder().decode(answer.bytes.subarray(0, 500))).toBe(200)
    const feature = answer.json<Feature & Record<string, unknown>>()
    expect([feature.id, feature.name]).toEqual([id, name])
    if ('data' in feature && !WITHOUT_DATA.has(type)) expect(feature.data).not.toBeNull()
  })
})

/** Only described: their data are elsewhere. */
const WITHOUT_DATA = new Set(['EbrainsDataFeature'])

async function listFeatures(type: string): Promise<Feature[]> {
  const { items } = (await app.get('/v3_0/feature/_types?size=100')).json<{
    items: { name: string; path: string; query_params: string[] }[]
  }>()
  const { path, query_params } = items.find(({ name }) => name.split('.').at(-1) === type)!
  const features: Feature[] = []
  for (const context of CONTEXTS) {
    const query = new URLSearchParams({ type, ...context })
    for (const name of [...query.keys()]) if (!query_params.includes(name)) query.delete(name)
    const answer = await app.get(`/v3_0${path}?${query}`)
    expect(answer.status, `${path}?${query}`).toBe(200)
    // a type below another one is told in the form of that one's route (a profile as a profile)
    const route = routeTable.find((one) => one.path === path)
    expect(openApi.check(route?.name ?? path, answer.json())).toEqual([])
    features.push(...answer.json<{ items: Feature[] }>().items)
  }
  return features
}
