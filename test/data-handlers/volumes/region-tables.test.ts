/** Tables over all regions of a parcellation, through the real app, beside what nibabel, numpy and scipy make of the same maps. */
import { readFileSync } from 'node:fs'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, startTestApp, type TestApp } from '../../app.ts'

const PARCELLATION = 'siibra-api/demo/parcellation/harbour-2'
const OTHER = 'siibra-api/demo/parcellation/harbour-1'
const SPACE = 'siibra-api/demo/space/harbour-mean'

type Row = Record<string, unknown>
const expected: { regions: Row[]; overlap: Row[] } = JSON.parse(
  readFileSync(new URL('../../fixtures/demo/region-tables.json', import.meta.url), 'utf8'),
)

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const textOf = (answer: Answer) => Buffer.from(answer.bytes).toString()
function rowsOf(answer: Answer): Row[] {
  expect(answer.status, textOf(answer).slice(0, 500)).toBe(200)
  const { columns, data } = answer.json<{ columns: string[]; data: unknown[][] }>()
  return data.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])))
}
const messageOf = (answer: Answer) =>
  JSON.parse(answer.json<{ message: string }>().message) as { detail: unknown; parameter?: string; allowed?: unknown }

/** Numbers but for the last digits, which depend on the order of additions. */
function expectClose(found: Row, wanted: Row): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (typeof value === 'number') expect(found[name], name).toBeCloseTo(value, 8)
    else expect(found[name], name).toEqual(value)
  }
}

describe('the table of regions', () => {
  const get = (query = '', parcellation = PARCELLATION) =>
    app.get(`/v3_0/parcellations/${parcellation}/region_table?${query}`)
  const inSpace = `space_id=${SPACE}`

  it('measures each region as numpy and scipy do', async () => {
    const rows = rowsOf(await get(inSpace))
    expect(rows).toHaveLength(expected.regions.length)
    // of several largest components any may be shown
    for (const [at, row] of rows.entries()) expectClose(row, expected.regions[at]!)
  })

  it('has the columns of the tree alone where there is no space', async () => {
    const answer = await get()
    const { columns } = answer.json<{ columns: string[] }>()
    expect(columns).toEqual(
      'name short_name id parent_id path depth order is_leaf color side label volume fragment'.split(' '),
    )
    const [first] = rowsOf(answer)
    expect(first).toMatchObject({ name: 'mantle', short_name: null, parent_id: null, label: null, side: null })
    const left = rowsOf(answer).find(({ name }) => name === 'Area B1 (Bow) left')
    expect(left).toMatchObject({ side: 'left', color: expect.stringMatching(/^#[0-9a-f]{6}$/), is_leaf: true })
  })

  it('tells the volume of a statistical map, and measures nothing in it', async () => {
    const rows = rowsOf(await get(`${inSpace}&map_type=STATISTICAL`))
    expect(rows.map(({ volume }) => volume).filter((volume) => volume !== null).length).toBeGreaterThan(1)
    for (const { label, voxels, centroid_x_mm } of rows)
      expect([label, voxels, centroid_x_mm]).toEqual([null, null, null])
    expect(rowsOf(await get(`${inSpace}&map_type=labelled`))).toEqual(rowsOf(await get(inSpace)))
  })

  it('keeps to a region, a level, the ends of the tree, and some columns', async () => {
    const names = async (query: string) => rowsOf(await get(`columns=name&${query}`)).map(({ name }) => name)
    const where = (keep: (row: { depth: number; is_leaf: boolean; path: string[] }) => boolean) =>
      expected.regions.filter((row) => keep(row as never)).map(({ name }) => name)
    expect(await names('within=bow%20lobe')).toEqual(where(({ path }) => path.includes('bow lobe')))
    expect(await names('level=2')).toEqual(where(({ depth }) => depth === 2))
    expect(await names('leaf=true')).toEqual(where(({ is_leaf }) => is_leaf))
    expect(await names('leaf=false&level=3')).toEqual(where(({ is_leaf, depth }) => !is_leaf && depth === 3))
    const { columns } = (await get(`${inSpace}&columns=voxels&columns=name`)).json<{ columns: string[] }>()
    expect(columns).toEqual(['voxels', 'name'])
  })

  it('is a dseg.tsv of BIDS', async () => {
    const answer = await get(`${inSpace}&format=tsv`)
    expect(answer.headers['content-disposition']).toContain('dseg.tsv')
    const [header, ...lines] = textOf(answer).trimEnd().split('\n')
    expect(header).toMatch(/^index\tname\tcolor\tshort_name\tid\t/)
    const drawn = expected.regions.map(({ label, name }) => `${label ?? 'n/a'}\t${name}`)
    expect(lines.map((line) => line.split('\t').slice(0, 2).join('\t'))).toEqual(drawn)
    const some = textOf(await get(`${inSpace}&format=tsv&columns=voxels`))
    expect(some).toMatch(/^index\tname\tcolor\tvoxels\nn\/a\tmantle\tn\/a\t4264\n/)
  })

  it('is CSV and Arrow, too', async () => {
    expect(textOf(await get(`${inSpace}&format=csv&columns=name&columns=voxels&columns=label&provenance=1`))).toMatch(
      /^# parcellation: Demo Harbour Parcellation \(v2\.0\)\n[\s\S]*\n,name,voxels,label\n0,mantle,4264,\n/,
    )
    const arrow = tableFromIPC((await get(`${inSpace}&format=arrow`)).bytes)
    expect(arrow.numRows).toBe(expected.regions.length)
    expect([...arrow.getChild('voxels')!]).toEqual(expected.regions.map(({ voxels }) => voxels ?? null))
    expect(arrow.schema.metadata.get('space_id')).toBe(SPACE)
  })

  it.each([
    ['columns=nothing', 422, 'columns'],
    ['columns=voxels', 422, 'columns'],
    ['level=0', 422, 'level'],
    ['leaf=2', 422, 'leaf'],
    ['map_type=mesh', 422, 'map_type'],
    ['within=nowhere', 404, 'within'],
    ['space_id=nowhere', 404, 'space_id'],
    ['space_id=Burrow', 400, 'map_type'],
    ['format=xlsx', 422, 'format'],
  ])('refuses %s', async (query, status, parameter) => {
    const answer = await get(query)
    expect(answer.status).toBe(status)
    expect(JSON.stringify(messageOf(answer))).toContain(parameter)
  })

  it('is none of a parcellation that is not there', async () => {
    const answer = await get('', 'nowhere')
    expect(answer.status).toBe(404)
    expect(messageOf(answer).parameter).toBe('parcellation_id')
  })
})

describe('the overlap of two maps', () => {
  const get = (query: string) => app.get(`/v3_0/map/overlap?${query}`)
  const query = `parcellation_id=${PARCELLATION}&other_parcellation_id=${OTHER}&space_id=${SPACE}`

  it('is what numpy counts', async () => {
    const answer = await get(query)
    const rows = rowsOf(answer)
    expect(answer.json<{ columns: string[] }>().columns).toEqual(
      'region other_region voxels volume_mm3 share_of_region share_of_other dice jaccard'.split(' '),
    )
    const nameOf = ({ region, other_region }: Row) => `${region} ${other_region}`
    const byName = new Map(expected.overlap.map((row) => [nameOf(row), row]))
    expect(rows.map(nameOf).sort()).toEqual([...byName.keys()].sort())
    for (const row of rows) expectClose(row, byName.get(nameOf(row))!)
  })

  it('is whole for a map and itself', async () => {
    const rows = rowsOf(await get(query.replace(OTHER, PARCELLATION)))
    expect(rows.length).toBeGreaterThan(1)
    for (const { region, other_region, dice, jaccard } of rows)
      expect([other_region, dice, jaccard]).toEqual([region, 1, 1])
  })

  it('is CSV', async () => {
    expect(textOf(await get(`${query}&format=csv`))).toMatch(/^,region,other_region,voxels,volume_mm3,/)
  })

  it.each([
    [query.replace(OTHER, 'nowhere'), 404, 'other_parcellation_id'],
    [query.replace(PARCELLATION, 'nowhere'), 404, '"parcellation_id"'],
    [query.replace(SPACE, 'nowhere'), 404, 'space_id'],
    [query.replace(SPACE, 'Burrow'), 400, 'map_type'],
    [query.replace(/&other_parcellation_id=[^&]*/, ''), 422, 'other_parcellation_id'],
  ])('refuses %s', async (asked, status, parameter) => {
    const answer = await get(asked)
    expect(answer.status).toBe(status)
    expect(JSON.stringify(messageOf(answer))).toContain(parameter)
  })
})
