/** Regions around a region, and at a point, through the real app. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, startTestApp, type TestApp } from '../../app.ts'

const PARCELLATION = 'siibra-api/demo/parcellation/harbour-2'
const SPACE = 'siibra-api/demo/space/harbour-mean'
const REGION = encodeURIComponent('Area B1 (Bow) left')

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const get = (path: string) => app.get(`/v3_0${path}${path.includes('?') ? '&' : '?'}parcellation_id=${PARCELLATION}`)

interface Item {
  '@id': string
  name: string
  hasParent: { '@id': string }[] | null
}
async function itemsOf(path: string): Promise<Item[]> {
  const answer = await get(path)
  expect(answer.status, Buffer.from(answer.bytes).toString().slice(0, 300)).toBe(200)
  return answer.json<{ items: Item[] }>().items
}
const namesOf = async (path: string) => (await itemsOf(path)).map(({ name }) => name)

const messageOf = (answer: Answer) =>
  JSON.parse(answer.json<{ message: string }>().message) as { detail: string; parameter?: string }

describe('regions around a region', () => {
  it('are those that parents and children lead to', async () => {
    const all = await itemsOf('/regions?size=100')
    const byId = new Map(all.map((item) => [item['@id'], item]))
    const parentOf = (item: Item) => byId.get(item.hasParent?.[0]?.['@id'] ?? '')
    const upwards = (item: Item): string[] => {
      const parent = parentOf(item)
      return parent ? [...upwards(parent), parent.name] : []
    }
    for (const item of all) {
      const path = `/regions/${encodeURIComponent(item['@id'])}`
      expect(await namesOf(`${path}/ancestors`), item.name).toEqual(upwards(item))
      const parts = all.filter((other) => upwards(other).includes(item.name)).map(({ name }) => name)
      expect(await namesOf(`${path}/descendants?size=100`), item.name).toEqual(parts)
      const beside = all.filter((other) => parentOf(other) === parentOf(item) && other !== item)
      expect(await namesOf(`${path}/siblings?size=100`), item.name).toEqual(beside.map(({ name }) => name))
    }
    expect(all.length).toBeGreaterThan(20)
  })

  it('are paged, and whole regions', async () => {
    const page = (await get('/regions/mantle/descendants?size=3&page=2')).json<{ items: Item[]; total: number }>()
    const all = await itemsOf('/regions/mantle/descendants?size=100')
    expect(page.items).toEqual(all.slice(3, 6))
    expect(page.total).toBe(all.length)
    expect((await get(`/regions/${encodeURIComponent(all[0]!['@id'])}`)).json()).toEqual(all[0])
  })

  it.each(['ancestors', 'descendants', 'siblings'])('are none of a region that is not there (%s)', async (kind) => {
    const answer = await get(`/regions/nowhere/${kind}`)
    expect(answer.status).toBe(404)
    expect(messageOf(answer).parameter).toBe('region_id')
    expect((await app.get(`/v3_0/regions/${REGION}/${kind}`)).status).toBe(422)
    expect((await get(`/regions/${REGION}/${kind}?size=0`)).status).toBe(422)
  })
})

describe('the structure at a point', () => {
  const at = (query: string) => get(`/spaces/${SPACE}/structure_at?${query}`)

  it('is the region of the labelled map, or one that it is a part of', async () => {
    const { columns, data } = (
      await get(`/map/assign?space_id=${SPACE}&assignment_type=labelled&point=-20,44,-5`)
    ).json<{ columns: string[]; data: unknown[][] }>()
    const found = (await at('point=-20mm,44mm,-5mm')).json()
    expect(found.name).toBe(data[0]![columns.indexOf('region')])
    expect(found).toMatchObject({ hemisphere: 'left', acronym: null })
    const { items } = (await get(`/regions/${encodeURIComponent(String(found.name))}/ancestors`)).json<{
      items: Item[]
    }>()
    const outermost = (await at('point=-20,44,-5&level=1')).json()
    // the side is that of the region below
    expect(outermost).toEqual({
      '@id': items[0]!['@id'],
      name: items[0]!.name,
      acronym: null,
      hemisphere: 'left',
    })
    expect((await at('point=20,44,-5')).json().hemisphere).toBe('right')
  })

  it('is null where no region is', async () => {
    expect((await at('point=500,0,0')).json()).toEqual({ '@id': null, name: null, acronym: null, hemisphere: null })
  })

  it.each([
    ['point=1,2', 422, 'point'],
    ['point=nan,2,3', 422, 'point'],
    ['point=1,2,3&level=0', 422, 'level'],
    ['', 422, 'point'],
  ])('refuses %s', async (query, status, parameter) => {
    const answer = await at(query)
    expect(answer.status).toBe(status)
    expect(JSON.stringify(messageOf(answer))).toContain(parameter)
  })

  it('needs a map in that space', async () => {
    expect((await get('/spaces/nowhere/structure_at?point=1,2,3')).status).toBe(404)
    expect((await get('/spaces/Burrow/structure_at?point=1,2,3')).status).toBe(400)
  })
})
