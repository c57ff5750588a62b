import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importAtlas } from '../../src/import/import-atlas.ts'
import { knowRegions, parseRegionalValues } from '../../src/import/plan/regional-values.ts'
import { createRetrieval, loadConfiguration, loadFeatureMatrix } from '../../src/siibra/index.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { unzip } from '../unzip.ts'

const FIXTURE = join(import.meta.dirname, '../fixtures/import/regional-values')
const WORK = mkdtempSync(join(tmpdir(), 'siibra-values-'))
const OUT = join(WORK, 'atlas')
const WHERE = 'parcellation_id=Blocks'

interface Table {
  index: string[]
  columns: string[]
  data: (number | null)[][]
}
const { values }: { values: Record<'thickness' | 'volumes', Record<string, Table>> } = JSON.parse(
  readFileSync(join(FIXTURE, 'expected.json'), 'utf8'),
)

let app: TestApp
beforeAll(async () => {
  const { journal } = await importAtlas({
    source: join(FIXTURE, 'source'),
    out: OUT,
    name: 'Blocks',
    species: 'Rattus norvegicus',
    yes: true,
  })
  expect(journal.notes.join('\n')).toMatch(/thickness\.csv: 1 of the 6 names are no regions: Nowhere/)
  app = await startTestApp({ configuration: OUT })
})
afterAll(async () => {
  await app.close()
  rmSync(WORK, { recursive: true, force: true })
})

interface Listed {
  total: number
  items: { id: string; name: string; modality: string; data: Table | null }[]
}
const listed = async (region: string) =>
  (await app.get(`/v3_0/feature/Tabular?${WHERE}&region_id=${region}&type=RegionalValues`)).json<Listed>()

test('each region of a table has its values as a feature', async () => {
  for (const region of Object.keys(values.volumes)) {
    const { items } = await listed(region)
    const own = { thickness: values.thickness[region], volumes: values.volumes[region] }
    expect(items.map(({ name }) => name).sort()).toEqual(
      Object.entries({ thickness: 'thickness', volumes: 'volume' })
        .filter(([table]) => own[table as keyof typeof own])
        .map(([, modality]) => `RegionalValues (${modality}) anchored at ${region}`),
    )
    for (const { id, modality } of items) {
      const { data } = (
        await app.get(`/v3_0/feature/Tabular/${encodeURIComponent(id)}?${WHERE}&region_id=${region}`)
      ).json<{ data: Table }>()
      const expected = own[modality === 'volume' ? 'volumes' : 'thickness']!
      expect(data).toMatchObject({ index: expected.index, columns: expected.columns })
      data.data.flat().forEach((value, i) => {
        const number = expected.data.flat()[i]!
        if (number === null) expect(value).toBeNull()
        else expect(value).toBeCloseTo(number, 9)
      })
    }
  }
})

test('an atlas of the rat is listed without a network: its labels are not those of the recordings of Waxholm', async () => {
  const answer = await app.get(`/v3_0/feature/Tabular?${WHERE}&region_id=Alpha_L`)
  expect(answer.status).toBe(200)
  expect(answer.json()).toMatchObject({ total: 2 })
})

test('they are plotted and exported', async () => {
  const { items } = await listed('Alpha_L')
  const { id } = items.find(({ modality }) => modality === 'thickness')!
  const plot = (await app.get(`/v3_0/feature/${encodeURIComponent(id)}/plotly`)).json<{
    data: { x: string[]; y: number[] }[]
  }>()
  expect(plot.data[0]).toMatchObject({ x: ['thickness (mm)', 'subjects'], y: [1.25, 10] })
  const zip = await app.get(`/v3_0/feature/${encodeURIComponent(id)}/download`)
  expect(zip.status).toBe(200)
  const files = unzip(zip.bytes)
  expect(new TextDecoder().decode(files.get('tabular.csv'))).toBe('measure,value\nthickness (mm),1.25\nsubjects,10.0\n')
})

test('the type is listed where a configuration has such features, and nowhere else', async () => {
  const namesOf = async (of: TestApp) =>
    (await of.get('/v3_0/feature/_types?size=100')).json<{ items: { name: string }[] }>().items.map(({ name }) => name)
  expect(await namesOf(app)).toContain('Feature.Tabular.RegionalValues')
  const other = await startTestApp({ configuration: 'docs/examples/own-atlas/configuration' })
  try {
    expect(await namesOf(other)).not.toContain('Feature.Tabular.RegionalValues')
  } finally {
    await other.close()
  }
})

test('they are one table of the parcellation', async () => {
  const core = await loadConfiguration({ configuration: OUT, retrieval: createRetrieval({ offline: true }) })
  const { regions, columns, values: rows } = await loadFeatureMatrix(core, core.parcellations.all[0]!, 'RegionalValues')
  expect(columns).toEqual(['thickness (mm)', 'subjects', 'volume'])
  expect(Object.fromEntries(regions.map(({ name }, i) => [name, rows[i]]))).toMatchObject({
    Alpha_L: [1.25, 10, 102],
    Beta_L: [3.25, null, 302],
    Gamma_R: [null, null, 602],
  })
})

test('without names, labels say which region it is', () => {
  const index = (name: string, label: number) =>
    [name, [{ volume: 0, label }]] as [string, { volume: number; label: number }[]]
  const known = knowRegions({
    name: 'Blocks',
    regions: ['A', 'B'].map((name) => ({ name, children: [] })),
    maps: [{ kind: 'labelled', volumes: [], indices: [index('A', 4), index('B', 9)] }],
  })
  expect(parseRegionalValues('index,volume\n9,2.5\n4,1\n7,3\n', known, false)).toEqual({
    measures: ['volume'],
    rows: [
      { region: 'B', values: [2.5] },
      { region: 'A', values: [1] },
    ],
    unknown: ['7'],
  })
})

test('the table of the atlas itself may have values: fractions, not codes and places', async () => {
  const known = knowRegions({
    name: 'Blocks',
    regions: ['A', 'B left'].map((name) => ({ name, children: [] })),
    maps: [],
  })
  const text = 'index,name,x,y,z,network,density\n1,A,1.5,2,3,7,0.5\n2,b_left,1,2,3,8,1e-3\n'
  expect(parseRegionalValues(text, known, true)).toEqual({
    measures: ['density'],
    rows: [
      { region: 'A', values: [0.5] },
      { region: 'B left', values: [0.001] },
    ],
    unknown: [],
  })
  expect(parseRegionalValues(text, known, false)?.measures).toEqual(['density'])
  // trees of atlases are no measurements
  expect(
    parseRegionalValues('acronym,id,name,parent_structure_id,graph_order\na,9,A,8,1\nb,7,B left,8,2\n', known, false),
  ).toBeUndefined()
  expect(parseRegionalValues('name,note\nA,none\n', known, false)).toBeUndefined()
})
