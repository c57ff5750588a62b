/** Tables and listings in the forms that people work with, over the demo atlas. */
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HARBOUR_V2_ID, TEMPLATE_SPACE_ID } from '../../src/demo/ids.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { errorOf } from './fake-app.ts'

let app: TestApp
let base = ''
beforeAll(async () => {
  app = await startTestApp()
  base = await app.listen()
})
afterAll(() => app.close())

const REGIONS = `/v3_0/regions?${new URLSearchParams({ parcellation_id: HARBOUR_V2_ID })}`
const POINT = { parcellation_id: HARBOUR_V2_ID, space_id: TEMPLATE_SPACE_ID, assignment_type: 'labelled' }
let assignUrl = ''
beforeAll(async () => {
  const { items } = (await app.get(`${REGIONS}&size=100`)).json<{ items: { '@id': string; name: string }[] }>()
  for (const { name } of items) {
    const url = `/v3_0/regions/${encodeURIComponent(name)}?${new URLSearchParams({ parcellation_id: HARBOUR_V2_ID, space_id: TEMPLATE_SPACE_ID })}`
    const { hasAnnotation } = (await app.get(url)).json<{ hasAnnotation: { bestViewPoint: BestViewPoint | null } }>()
    if (!hasAnnotation.bestViewPoint) continue
    const point = hasAnnotation.bestViewPoint.coordinates.map(({ value }) => value).join(',')
    assignUrl = `/v3_0/map/assign?${new URLSearchParams({ ...POINT, point })}`
    const found = (await app.get(assignUrl)).json<{ data: unknown[][] }>()
    if (found.data.length > 0) return
  }
  throw new Error('no region of the demo holds its own centre')
})
interface BestViewPoint {
  coordinates: { value: number }[]
}
const textOf = ({ bytes }: { bytes: Uint8Array }) => Buffer.from(bytes).toString()

describe('a listing of regions', () => {
  test('is all of them in other forms than JSON', async () => {
    const page = (await app.get(`${REGIONS}&size=100`)).json<{
      items: { name: string; '@id': string }[]
      total: number
    }>()
    const names = page.items.map(({ name }) => name)
    expect(page.total).toBe(names.length)

    const csv = await app.get(`${REGIONS}&format=csv&size=2`)
    expect(csv.contentType).toBe('text/csv; charset=utf-8')
    expect(csv.headers['x-siibra-ignored']).toBe('size')
    const [header, ...rows] = textOf(csv).trimEnd().split('\n')
    expect(header).toBe(',name,id,parent_id,color')
    expect(rows).toHaveLength(page.total)
    expect(rows[0]).toContain(`${page.items[0]?.['@id']}`)

    const arrow = tableFromIPC((await app.get(REGIONS, { accept: 'application/vnd.apache.arrow.stream' })).bytes)
    expect([...(arrow.getChild('name') ?? [])]).toEqual(names)
    expect(arrow.schema.metadata.get('parcellation_id')).toBe(HARBOUR_V2_ID)
    expect(arrow.schema.metadata.get('service')).toMatch(/^siibra-api \d/)

    const lines = textOf(await app.get(REGIONS, { accept: 'application/x-ndjson' }))
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(page.items)
  })

  test('fields keeps what is asked for', async () => {
    const { items, total } = (await app.get(`${REGIONS}&fields=name&fields=hasAnnotation.displayColor`)).json<{
      items: object[]
      total: number
    }>()
    expect(total).toBeGreaterThan(0)
    for (const item of items) {
      expect(Object.keys(item).sort()).toEqual(['hasAnnotation', 'name'])
      expect(Object.keys((item as { hasAnnotation: object }).hasAnnotation)).toEqual(['displayColor'])
    }
    const single = await app.get(`/v3_0/spaces/${encodeURIComponent(TEMPLATE_SPACE_ID)}?fields=fullName`)
    expect(Object.keys(single.json())).toEqual(['fullName'])
  })
})

describe('an assignment', () => {
  test('has the same values in every form', async () => {
    const json = (await app.get(assignUrl)).json<{ columns: string[]; data: unknown[][] }>()
    const csv = textOf(await app.get(assignUrl, { accept: 'text/csv' }))
      .trimEnd()
      .split('\n')
    expect(csv[0]).toBe(`,${json.columns.join(',')}`)
    expect(csv).toHaveLength(json.data.length + 1)
    expect(csv[1]).toMatch(/^0,0,"\(-?[\d.]+, -?[\d.]+, -?[\d.]+\)",/)
    const arrow = tableFromIPC((await app.get(`${assignUrl}&format=arrow`)).bytes)
    const region = json.columns.indexOf('region')
    expect([...(arrow.getChild('region') ?? [])]).toEqual(json.data.map((row) => row[region]))
    expect(arrow.schema.metadata.get('space_id')).toBe(TEMPLATE_SPACE_ID)
    const tsv = textOf(await app.get(`${assignUrl}&format=tsv&provenance=1`)).split('\n')
    expect(tsv[0]).toMatch(/^# parcellation: /)
  })

  test('format wins over Accept; a form that there is not is refused', async () => {
    expect((await app.get(`${assignUrl}&format=json`, { accept: 'text/csv' })).contentType).toBe('application/json')
    expect((await app.get(assignUrl, { accept: 'text/html,*/*;q=0.8' })).contentType).toBe('application/json')
    const none = await app.get(assignUrl, { accept: 'image/png' })
    expect(none.status).toBe(406)
    expect(errorOf(textOf(none))).toMatchObject({
      code: 'NOT_ACCEPTABLE',
      allowed: expect.arrayContaining(['text/csv']),
    })
    const odd = await app.get(`${assignUrl}&format=xlsx`)
    expect(odd.status).toBe(422)
    expect(JSON.stringify(errorOf(textOf(odd)).detail)).toContain("'arrow'")
    // what is no table gives what it has
    expect((await app.get('/v3_0/atlases', { accept: 'image/png' })).status).toBe(200)
    expect((await app.get('/v3_0/atlases?format=csv')).headers['x-siibra-ignored']).toBe('format')
  })
})

test('each form is kept for itself, on the short way, too', async () => {
  const get = async (headers: Record<string, string>, url = REGIONS) => {
    const answer = await fetch(base + url, { headers })
    return {
      type: answer.headers.get('content-type'),
      hit: answer.headers.get('x-fastapi-cache'),
      text: await answer.text(),
    }
  }
  const accepts = ['application/json', 'text/csv', 'text/tab-separated-values', 'application/x-ndjson']
  const first = []
  for (const accept of accepts) first.push(await get({ accept }))
  expect(new Set(first.map(({ text }) => text)).size).toBe(accepts.length)
  for (let round = 0; round < 3; round++) {
    for (const [i, accept] of accepts.entries()) {
      const again = await get({ accept })
      expect(again).toEqual({ ...first[i], hit: 'hit' })
    }
  }
  // the form counts, not the header
  expect((await get({ accept: 'text/csv;q=0.9, image/png' })).hit).toBe('hit')
  expect((await get({}, `${REGIONS}&format=csv`)).text).toBe(first[1]?.text)
})
