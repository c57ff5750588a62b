import { expect, test } from 'vitest'
import type { ConnectivityFeature } from '../../../src/siibra/features/feature.ts'
import { buildFeatureIndex } from '../../../src/siibra/features/feature-index.ts'
import { configurationFolder, createRetrieval, loadConfiguration } from '../../../src/siibra/index.ts'
import { createMemoryStore } from '../../../src/siibra/retrieval/stores/memory-store.ts'

const SPACE = { '@id': 'space-1', '@type': 'siibra/space/v0.0.1', name: 'Space one', species: 'Homo sapiens' }
const parcellation = (id: string, names: string[]) => ({
  '@id': id,
  '@type': 'siibra/parcellation/v0.0.1',
  name: `Parcellation ${id}`,
  species: 'Homo sapiens',
  regions: [{ name: 'cortex', children: names.map((name) => ({ name, children: [{ name: `${name} left` }] })) }],
})
const fingerprint = (id: string, region: string, species = 'Homo sapiens') => ({
  '@id': id,
  '@type': 'siibra/feature/fingerprint/receptor/v0.1',
  region,
  species,
  file: 'https://example.org/a.tsv',
})
const connectivity = {
  '@type': 'siibra/feature/connectivitymatrix/v0.2',
  modality: 'StreamlineCounts',
  cohort: 'hcp',
  species: 'Homo sapiens',
  parcellation: { '@id': 'p-1' },
  decoder: { '@type': 'siibra/decoder/csv', delimiter: ',', header: null },
  repository: { '@type': 'siibra/repository/zippedfile/v1.0.0', url: 'https://example.org/a.zip' },
  files: 'FILES',
  regions: ['area A', 'area B'],
}
/** In this order, which a JavaScript object would not keep. */
const CONNECTIVITY_TEXT = JSON.stringify(connectivity).replace(
  '"FILES"',
  '{"000": "a.csv", "100": "b.csv", "001": "c.csv"}',
)
const section = (id: string) => ({
  '@id': id,
  '@type': 'siibra/feature/section/v0.1',
  name: `#${id}`,
  modality: 'cell body staining',
  space: { '@id': 'space-1' },
  providers: { 'neuroglancer/precomputed': 'https://example.org/section' },
})

const FILES: Record<string, unknown> = {
  'spaces/one.json': SPACE,
  'parcellations/one.json': parcellation('p-1', ['area A', 'area B']),
  'parcellations/two.json': parcellation('p-2', ['area A', 'area Z']),
  'features/tabular/a.json': fingerprint('on-a', 'area A'),
  'features/tabular/b.json': fingerprint('on-b-left', 'area B left'),
  'features/tabular/c.json': fingerprint('by-alias', 'elsewhere'),
  'features/tabular/d.json': fingerprint('nowhere', 'no such region'),
  'features/tabular/e.json': fingerprint('rat', 'area A', 'Rattus norvegicus'),
  'features/tabular/f.json': { ...fingerprint('broken', 'area A'), file: 7 },
  'features/connectivity/a.json': CONNECTIVITY_TEXT,
  'features/images/a.json': section('47'),
  'features/images/b.json': { ...section('48'), modality: 'x-ray' },
}

const textOf = (file: unknown): string => (typeof file === 'string' ? file : JSON.stringify(file))

async function buildIndex() {
  const files = {
    ...configurationFolder('/nonexistent'),
    source: 'test',
    list: async () => Object.keys(FILES),
    read: (path: string) => new TextEncoder().encode(textOf(FILES[path])),
  }
  const retrieval = createRetrieval({ mirror: createMemoryStore(new Map()), offline: true })
  const core = await loadConfiguration({ configuration: files, retrieval })
  const aliases = { 'Homo sapiens': { elsewhere: { 'Homo sapiens': { 'area Z': 'contains' } } } }
  const specs = await core.featureSpecs()
  const index = buildFeatureIndex({ specs, spaces: core.spaces, parcellations: core.parcellations.all, aliases })
  const idsOf = (parcellationId: string, name: string) => {
    const region = core.parcellations.byId(parcellationId)!.regions.find((one) => one.name === name)!
    return index.ofRegion(region).map(({ id }) => id)
  }
  return { index, idsOf }
}

test('features belong to their region, its parts and what it is a part of, in all parcellations', async () => {
  const { idsOf } = await buildIndex()
  expect(idsOf('p-1', 'area A')).toContain('on-a')
  expect(idsOf('p-1', 'area A left')).toContain('on-a')
  expect(idsOf('p-2', 'cortex')).toContain('on-a')
  expect(idsOf('p-1', 'area B')).toEqual(expect.arrayContaining(['on-b-left']))
  expect(idsOf('p-1', 'area A')).not.toContain('on-b-left')
})

test('aliases count with their qualification; other species do not count', async () => {
  const { index, idsOf } = await buildIndex()
  expect(idsOf('p-2', 'area Z')).toEqual(['by-alias'])
  const feature = index.byId.get('by-alias')!
  expect(index.regionsOf(feature.anchor)).toMatchObject([{ region: { name: 'area Z' }, qualification: 'CONTAINS' }])
  expect(idsOf('p-1', 'area A')).not.toContain('rat')
})

test('a region that no parcellation knows leads to the parcellations as a whole', async () => {
  const { idsOf } = await buildIndex()
  expect(idsOf('p-1', 'Parcellation p-1')).toContain('nowhere')
  expect(idsOf('p-1', 'area A')).not.toContain('nowhere')
})

test('connectivity: subjects in the order of the file, siibra names and ids', async () => {
  const { index } = await buildIndex()
  const feature = index.features.find(({ kind }) => kind === 'connectivity')!
  expect(feature).toMatchObject({
    type: 'StreamlineCounts',
    name: 'StreamlineCounts (StreamlineCounts) anchored at p-1 with cohort HCP',
    // MD5 of the name without its leading S: the original strips the letters of [PRERELEASE].
    id: 'a6b4316e3002d2beb621f3e6031b9cb1',
  })
  expect([...(feature as ConnectivityFeature).files.keys()]).toEqual(['000', '100', '001'])
})

test('files that cannot be used are told with their property', async () => {
  const { index } = await buildIndex()
  expect(index.problems).toEqual([
    { file: 'features/images/b.json', property: 'modality', message: expect.stringContaining('x-ray') },
    { file: 'features/tabular/f.json', property: 'file', message: expect.any(String) },
  ])
  expect(index.images.map(({ id }) => id)).toEqual(['47'])
})
