/** Species that siibra does not know keep their names. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importAtlas } from '../../src/import/import-atlas.ts'
import { configurationFolder, loadConfiguration } from '../../src/siibra/index.ts'
import { startTestApp, type TestApp } from '../app.ts'

const SOURCE = join(import.meta.dirname, '../fixtures/import/regional-values/source')
const work = mkdtempSync(join(tmpdir(), 'siibra-api-species-'))
const out = join(work, 'fish')
let app: TestApp
beforeAll(async () => {
  await importAtlas({ source: SOURCE, out, name: 'Fish', species: ' Danio  rerio', yes: true })
  const other = join(work, 'salamander')
  await importAtlas({ source: SOURCE, out: other, name: 'Salamander', species: 'Ambystoma mexicanum', yes: true })
  app = await startTestApp({ configuration: [out, other] })
})
afterAll(async () => {
  await app.close()
  rmSync(work, { recursive: true, force: true })
})

test('the name is kept everywhere, beside what siibra-python understands', async () => {
  for (const folder of ['atlases', 'spaces', 'parcellations', 'maps', 'features']) {
    for (const file of readdirSync(join(out, folder)).filter((one) => one.endsWith('.json'))) {
      const spec = JSON.parse(readFileSync(join(out, folder, file), 'utf8'))
      expect([file, spec.species, spec.speciesName]).toEqual([file, 'Unspecified species', 'Danio rerio'])
    }
  }
  const core = await loadConfiguration({ configuration: configurationFolder(out) })
  const { atlases, spaces, parcellations, maps } = core
  const all = [...atlases.all, ...spaces.all, ...parcellations.all, ...maps.all]
  expect(new Set(all.map(({ species }) => species))).toEqual(new Set(['Danio rerio']))
})

test('two such atlases do not share what belongs to the species', async () => {
  const path = '/v3_0/regions?find=beta&species='
  const found = await app.get(`${path}danio%20rerio`)
  expect([found.status, (await app.get(`${path}Draco`)).status]).toEqual([200, 404])
  expect(
    found.json<{ items: { parcellation: { name: string } }[] }>().items.map((one) => one.parcellation.name),
  ).toEqual(expect.arrayContaining(['Fish']))
  const names = async (species: string) => {
    const answer = await app.get(`/v3_0/features?species=${encodeURIComponent(species)}&type=Tabular`)
    expect(answer.status).toBe(200)
    return answer.json<{ items: { name: string }[] }>().items.length
  }
  expect(await names('Danio rerio')).toBeGreaterThan(0)
  expect(await names('Ambystoma mexicanum')).toBeGreaterThan(0)
  expect((await app.get('/v3_0/features?species=Draco')).status).toBe(422)
})
