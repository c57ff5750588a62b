/** Searching regions in all parcellations, through the real app. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, startTestApp, type TestApp } from '../../app.ts'

const HARBOUR = 'siibra-api/demo/parcellation/harbour-2'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

interface Item {
  '@id': string
  name: string
  parcellation?: { '@id': string; name: string }
}
const get = (query: string) => app.get(`/v3_0/regions?${query}`)
const itemsOf = async (query: string) => {
  const answer = await get(`size=100&${query}`)
  expect(answer.status, Buffer.from(answer.bytes).toString().slice(0, 300)).toBe(200)
  return answer.json<{ items: Item[] }>().items
}
const messageOf = (answer: Answer) => JSON.parse(answer.json<{ message: string }>().message) as Record<string, unknown>

describe('a search of regions without a parcellation', () => {
  it('finds what each parcellation has, each with its parcellation', async () => {
    const { items } = (await app.get('/v3_0/parcellations')).json<{ items: { '@id': string; name: string }[] }>()
    const separate: unknown[] = []
    for (const { '@id': id, name } of items)
      for (const region of await itemsOf(`find=bow&parcellation_id=${id}`))
        separate.push({ ...region, parcellation: { '@id': id, name } })
    const together = await itemsOf('find=bow')
    expect(new Set(together.map(({ parcellation }) => parcellation?.['@id'])).size).toBeGreaterThan(1)
    expect(together).toHaveLength(separate.length)
    expect(together).toEqual(expect.arrayContaining(separate))
  })

  it('by a regular expression finds what each parcellation finds by itself', async () => {
    const { items } = (await app.get('/v3_0/parcellations')).json<{ items: { '@id': string; name: string }[] }>()
    for (const find of ['/^area b/i', '/.*/', '/(?=.*left)A/', '/nothing at all/']) {
      const separate: unknown[] = []
      for (const { '@id': id, name } of items)
        for (const region of await itemsOf(`find=${encodeURIComponent(find)}&parcellation_id=${id}`))
          separate.push({ ...region, parcellation: { '@id': id, name } })
      const together = await itemsOf(`find=${encodeURIComponent(find)}`)
      expect([find, together.length]).toEqual([find, Math.min(100, separate.length)])
      expect(separate).toEqual(expect.arrayContaining(together))
    }
  })

  it('leaves items as they are where the parcellation is given', async () => {
    const [item] = await itemsOf(`find=bow&parcellation_id=${HARBOUR}`)
    expect(item).not.toHaveProperty('parcellation')
  })

  it('puts the most similar names first, of whatever parcellation', async () => {
    const [first] = await itemsOf('find=Chamber')
    expect(first).toMatchObject({ name: 'Chamber (Burrow)', parcellation: { name: 'Demo Burrow Parcellation' } })
    const names = (await itemsOf('find=/^Area B1/')).map(({ name }) => name)
    expect(names.length).toBeGreaterThan(1)
    expect(names.every((name) => name.startsWith('Area B1'))).toBe(true)
  })

  it.each([
    ['atlas_id=siibra-api/demo/atlas/burrow', ['Demo Burrow Parcellation']],
    ['species=rattus%20norvegicus', ['Demo Burrow Parcellation']],
    [
      'species=Homo%20sapiens&within=mantle&label=1',
      ['Demo Harbour Parcellation (v1.0)', 'Demo Harbour Parcellation (v2.0)'],
    ],
    ['species=Mus%20musculus', []],
  ])('keeps to %s', async (query, expected) => {
    const names = (await itemsOf(`find=/./&${query}`)).map(({ parcellation }) => parcellation!.name)
    expect([...new Set(names)].sort()).toEqual(expected)
  })

  it('filters by ends of the tree, by a whole, and by a label', async () => {
    const all = await itemsOf(`parcellation_id=${HARBOUR}`)
    const leaves = await itemsOf(`parcellation_id=${HARBOUR}&leaf=true`)
    const wholes = await itemsOf(`parcellation_id=${HARBOUR}&leaf=false`)
    expect(leaves.length).toBeGreaterThan(0)
    expect(all.filter((item) => [...leaves, ...wholes].some((one) => one['@id'] === item['@id']))).toEqual(all)
    const { items } = (await app.get(`/v3_0/regions/mantle/descendants?parcellation_id=${HARBOUR}&size=100`)).json<{
      items: Item[]
    }>()
    const within = await itemsOf(`parcellation_id=${HARBOUR}&within=mantle`)
    expect(within.map(({ name }) => name)).toEqual(['mantle', ...items.map(({ name }) => name)])
    const map = (
      await app.get(
        `/v3_0/map?parcellation_id=${HARBOUR}&space_id=siibra-api/demo/space/harbour-mean&map_type=LABELLED`,
      )
    ).json<{ indices: Record<string, { label: number }[]> }>()
    const labelled = Object.entries(map.indices).flatMap(([name, places]) => (places[0]!.label === 3 ? [name] : []))
    expect((await itemsOf(`parcellation_id=${HARBOUR}&label=3`)).map(({ name }) => name)).toEqual(labelled)
  })

  it('is a table that tells the parcellations, too', async () => {
    const text = Buffer.from((await get('find=bow&format=csv')).bytes).toString()
    expect(text).toMatch(/^,name,id,parent_id,color,parcellation,parcellation_id\n/)
    const one = Buffer.from((await get(`find=bow&format=csv&parcellation_id=${HARBOUR}`)).bytes).toString()
    expect(one).toMatch(/^,name,id,parent_id,color\n/)
  })

  it.each(['', 'find=', 'species=Homo%20sapiens', 'label=1'])('needs words: ?%s', async (query) => {
    const answer = await get(query)
    expect(answer.status).toBe(422)
    expect(messageOf(answer).detail).toEqual([
      { loc: ['query', 'parcellation_id'], msg: 'field required', type: 'value_error.missing' },
    ])
  })

  it.each([
    ['atlas_id=nowhere', 404, 'atlas_id'],
    ['species=dragon', 404, 'species'],
    ['within=nowhere', 404, 'within'],
    [`within=nowhere&parcellation_id=${HARBOUR}`, 404, 'within'],
    ['leaf=perhaps', 422, 'leaf'],
    ['label=one', 422, 'label'],
  ])('refuses %s', async (query, status, parameter) => {
    const answer = await get(`find=bow&${query}`)
    expect(answer.status).toBe(status)
    expect(JSON.stringify(messageOf(answer))).toContain(parameter)
  })

  it('refuses an expression that is none', async () => {
    expect((await get('find=/[/')).status).toBe(422)
  })
})
