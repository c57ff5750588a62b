/** Many points at once, through the real app, beside what each alone gives. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, startTestApp, type TestApp } from '../../app.ts'

const PARCELLATION = 'siibra-api/demo/parcellation/harbour-2'
const OLDER = 'siibra-api/demo/parcellation/harbour-1'
const SPACE = 'siibra-api/demo/space/harbour-mean'
const inSpace = `parcellation_id=${PARCELLATION}&space_id=${SPACE}`
const POINTS = [
  [-20, 44, -5],
  [-20, 10, 10],
  [20, 10, 10],
  [500, 0, 0],
  [0, 0, 0],
]

interface Frame {
  columns: string[]
  data: unknown[][]
}

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

/** Rows as objects. */
function rowsOf(answer: Answer): Record<string, unknown>[] {
  expect(answer.status, Buffer.from(answer.bytes).toString().slice(0, 500)).toBe(200)
  const { columns, data } = answer.json() as unknown as Frame
  return data.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])))
}

const post = (url: string, body: object | string, contentType = 'application/json') =>
  app.send('POST', url, body, { 'content-type': contentType })
const assign = (query: string, body: object | string, contentType?: string) =>
  post(`/v3_0/map/assign?${query}`, body, contentType)

const detailOf = (answer: Answer) =>
  (JSON.parse(answer.json<{ message: string }>().message) as { detail: string }).detail

describe('POST /map/assign', () => {
  it.each(['labelled', 'statistical'])('gives the rows that GET gives for each point (%s)', async (type) => {
    const query = `${inSpace}&assignment_type=${type}`
    const rows = rowsOf(await assign(query, { points: POINTS }))
    const expected: unknown[] = []
    for (const [number, point] of POINTS.entries()) {
      const alone = rowsOf(await app.get(`/v3_0/map/assign?${query}&point=${point.join(',')}`))
      expected.push(...alone.map((row) => ({ ...row, input_structure: number })))
    }
    expect(expected.length).toBeGreaterThan(2)
    expect(rows.map(({ region_id: _, ...row }) => row)).toEqual(expected)
    for (const { region_id, region } of rows) {
      const { name } = (await app.get(`/v3_0/regions/${encodeURIComponent(String(region_id))}?${inSpace}`)).json()
      expect(name).toBe(region)
    }
  })

  it('takes an uncertainty of the row before that of the body, and that before the query', async () => {
    const point = POINTS[0]!
    const alone = async (sigma: number) =>
      rowsOf(await app.get(`/v3_0/map/assign?${inSpace}&point=${point.join(',')}&sigma_mm=${sigma}`)).map(
        ({ correlation }) => correlation,
      )
    const csv = `x,y,z,sigma_mm\n${point.join(',')},20\n${point.join(',')},\n`
    const rows = rowsOf(await assign(`${inSpace}&sigma_mm=25`, csv, 'text/csv'))
    const of = (number: number) => rows.filter((row) => row.input_structure === number).map((row) => row.correlation)
    expect(of(0)).toEqual(await alone(20))
    expect(of(1)).toEqual(await alone(25))
    const ofBody = rowsOf(await assign(`${inSpace}&sigma_mm=25`, { points: [point], sigma_mm: 20 }))
    expect(ofBody.map(({ correlation }) => correlation)).toEqual(await alone(20))
  })

  it('names points by their ids, and columns in any order', async () => {
    const csv = 'id,z,y,x\r\n"a, ""b""",10,10,-20\r\n\r\nlast,10,10,20\r\n'
    const rows = rowsOf(await assign(`${inSpace}&assignment_type=labelled`, csv, 'text/csv'))
    expect(rows.map(({ input_structure }) => input_structure)).toEqual(['a, "b"', 'last'])
    expect(rows[0]!.centroid).toEqual([-20, 10, 10])
  })

  it('takes several parcellations in one go', async () => {
    const query = `space_id=${SPACE}&parcellation_ids=${PARCELLATION}&parcellation_ids=${OLDER}&assignment_type=labelled`
    const rows = rowsOf(await assign(query, { points: [POINTS[1]!] }))
    expect(rows.map(({ parcellation_id }) => parcellation_id)).toEqual([PARCELLATION, OLDER])
  })

  it('names ancestors at a level', async () => {
    const rows = rowsOf(await assign(`${inSpace}&assignment_type=labelled&level=1`, { points: [POINTS[0]!] }))
    expect(rows.map(({ region }) => region)).toEqual(['mantle'])
  })

  it('counts points by region and side', async () => {
    const query = `${inSpace}&assignment_type=labelled&level=2&summary=region`
    const points = [POINTS[1]!, POINTS[1]!, POINTS[2]!, POINTS[3]!]
    const answer = await assign(query, { points })
    const rows = rowsOf(answer)
    expect((answer.json() as unknown as Frame).columns).toEqual(['region', 'region_id', 'side', 'points'])
    expect(rows.map(({ side, points }) => [side, points])).toEqual([
      ['left', 2],
      ['right', 1],
    ])
    const statistical = rowsOf(await assign(`${inSpace}&summary=region`, { points }))
    expect(statistical.every(({ map_value }) => (map_value as number) > 0)).toBe(true)
  })

  it('leaves out values that are not above a threshold', async () => {
    const all = rowsOf(await assign(inSpace, { points: POINTS }))
    const limit = Math.max(...all.map(({ map_value }) => map_value as number)) - 1e-9
    const some = rowsOf(await assign(`${inSpace}&lower_threshold=${limit}`, { points: POINTS }))
    expect(some.length).toBeGreaterThan(0)
    expect(some.length).toBeLessThan(all.length)
  })

  it('answers as CSV where that is asked for', async () => {
    const answer = await assign(`${inSpace}&assignment_type=labelled&format=csv`, { points: [POINTS[1]!] })
    expect(answer.contentType).toContain('text/csv')
    expect(Buffer.from(answer.bytes).toString()).toMatch(/^,input_structure,centroid,volume,fragment,region,region_id,/)
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it.each<[string, object | string, string | undefined, RegExp]>([
    ['no JSON', '{"points": [[1,2', undefined, /not JSON/],
    ['a point of two', { points: [[1, 2]] }, undefined, /points\[0\]/],
    ['text for a number', { points: [[1, 2, '3']] }, undefined, /points\[0\]/],
    ['no points', {}, undefined, /points/],
    ['uncertainties for others', { points: [[1, 2, 3]], sigma_mm: [1, 2] }, undefined, /2 values for 1 point/],
    ['an uncertainty below 0', { points: [[1, 2, 3]], sigma_mm: -1 }, undefined, /sigma_mm/],
    ['ids for others', { points: [[1, 2, 3]], ids: [] }, undefined, /ids/],
    ['a million and one', `{"points":[${'[1,2,3],'.repeat(1_000_000)}[1,2,3]]}`, undefined, /More than 1000000 points/],
    ['CSV without a column', 'x,y\n1,2', 'text/csv', /Line 1.*z/],
    ['CSV with a word', 'x,y,z\n1,2,3\n1,b,3', 'text/csv', /Line 3, column y: 'b'/],
    ['CSV with NaN', 'x,y,z\nnan,2,3', 'text/csv', /Line 2, column x/],
    ['CSV with a line too short', 'x,y,z\n1,2', 'text/csv', /Line 2 has 2 columns/],
    ['CSV with an open quote', 'x,y,z,id\n1,2,3,"a', 'text/csv', /Line 2: a quote/],
    ['nothing', '', 'text/csv', /missing/],
  ])('refuses %s, and says where it is wrong', async (_, body, contentType, message) => {
    const answer = await assign(inSpace, body, contentType)
    expect(answer.status).toBe(422)
    expect(detailOf(answer)).toMatch(message)
  })

  it('refuses what is not one of its media types, and a request without a parcellation', async () => {
    expect((await assign(inSpace, 'x', 'image/png')).status).toBe(415)
    expect((await assign(`space_id=${SPACE}`, { points: [] })).status).toBe(422)
  })
})

describe('moving points between spaces', () => {
  const path = `/v3_0/spaces/${SPACE}/warp?target_space_id=${SPACE}`

  it('gives points of the query and of a body in their order', async () => {
    expect((await app.get(`${path}&point=1,2,3&point=4mm,5mm,6mm`)).json()).toEqual({
      points: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    })
    expect((await post(path, { points: [[7, 8, 9.5]] })).json()).toEqual({ points: [[7, 8, 9.5]] })
  })

  it('says which spaces are not connected', async () => {
    const answer = await post(path.replace(/target.*/, 'target_space_id=Burrow'), { points: [[1, 2, 3]] })
    expect(answer.status).toBe(400)
    expect(detailOf(answer)).toContain('cannot be moved')
    expect((await post(path.replace(/target.*/, 'target_space_id=nowhere'), { points: [] })).status).toBe(404)
  })

  it('speaks the form of the spatial backend, too', async () => {
    const body = { source_space: SPACE, target_space: SPACE, source_points: [[1, 2, 3]] }
    expect((await post('/v1/transform-points', body)).json()).toEqual({ target_points: [[1, 2, 3]] })
    expect((await post('/v1/transform-points', { ...body, source_points: [[1, 2]] })).status).toBe(422)
  })
})
