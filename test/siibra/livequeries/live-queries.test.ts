/** Live queries on atlases of a few regions: data sets of EBRAINS, recordings of field potentials, and how all of them are run. */
import initSqlJs from 'sql.js'
import { describe, expect, test } from 'vitest'
import type { LiveFeature } from '../../../src/siibra/features/feature.ts'
import { type AtlasCore, isLiveId, type Region } from '../../../src/siibra/index.ts'
import { queryEbrainsDatasets } from '../../../src/siibra/livequeries/ebrains.ts'
import {
  queryFieldPotentials,
  queryRegionalFieldPotentials,
  recordingConditions,
} from '../../../src/siibra/livequeries/field-potentials.ts'
import { findLiveFeature, runLiveQuery } from '../../../src/siibra/livequeries/run-live-query.ts'
import { loadSmallAtlas, parcellation, space } from '../small-atlas.ts'

const regionIn = (core: AtlasCore, name: string, id = 'p-1') => {
  const region = core.parcellations.get(id).regions.find((one) => one.name === name)
  if (!region) throw new Error(`no region ${name}`)
  return region as Region
}

describe('data sets of EBRAINS', () => {
  const dataset = (id: string, name: string, species: unknown = 'Homo sapiens') => ({
    '@id': id,
    name,
    species,
  })
  const load = async (document: unknown) => {
    const core = await loadSmallAtlas({
      'spaces/one.json': space('s-1', 'Space one'),
      'parcellations/one.json': {
        ...parcellation('p-1', [{ name: 'cortex', children: [{ name: 'area A' }, { name: 'area B' }] }]),
        ebrains: { 'openminds/DatasetVersion': 'dataset-of-the-parcellation' },
      },
    })
    const withDocument: AtlasCore = { ...core, readDocument: async () => document }
    const query = (name: string) => queryEbrainsDatasets(withDocument, regionIn(core, name), {})
    return { core, query }
  }
  const idsOf = (features: readonly LiveFeature[]) =>
    features.flatMap(({ datasets }) => datasets.map((one) => 'id' in one && one.id))

  test('are those about the region, its parts and what it is a part of, each once', async () => {
    const { query } = await load([
      { name: 'area A', datasets: [dataset('kg/dataset/1', 'Of A'), dataset('kg/dataset/1', 'Of A')] },
      { name: 'area B', datasets: [dataset('kg/dataset/2', 'Of B')] },
      { name: 'no such region', alias: 'cortex', datasets: [dataset('kg/dataset/3', 'Of the cortex')] },
    ])
    expect(idsOf(await query('area A'))).toEqual(['kg/dataset/1', 'kg/dataset/3'])
    expect(idsOf(await query('cortex'))).toEqual(['kg/dataset/1', 'kg/dataset/2', 'kg/dataset/3'])
    expect((await query('area B'))[0]).toMatchObject({
      kind: 'ebrains-dataset',
      name: 'Ebrains Dataset: Of B',
      id: 'lq0::EbrainsDataFeature::p:p-1::r:area B::kg/dataset/2',
      anchor: { species: 'Homo sapiens', regionSpec: 'area B', location: null },
      version: null,
    })
  })

  test('leave out what is about parcellations, what is no data set, of no species or of another', async () => {
    const { query } = await load([
      { name: 'area A', datasets: [dataset('kg/other/1', 'No data set'), dataset('kg/dataset/2', 'Kept')] },
      { name: 'area A', datasets: [dataset('kg/dataset/3', 'Maps of the DIFUMO Atlas (64)')] },
      { name: 'area A', datasets: [dataset('kg/dataset-of-the-parcellation', 'Behind it')] },
      {
        name: 'area A',
        datasets: [dataset('kg/dataset/5', 'Of no species', undefined)].map(({ species: _, ...one }) => one),
      },
      { name: 'area A', datasets: [dataset('kg/dataset/6', 'Of the rat', 'Rattus norvegicus')] },
      { name: 'area A', datasets: 'none' },
      { datasets: [dataset('kg/dataset/7', 'Of no region')] },
      { name: 'area A', datasets: [{ name: 'Without id', species: 'Homo sapiens' }] },
    ])
    expect(idsOf(await query('area A'))).toEqual(['kg/dataset/2'])
  })

  test('of versions that are told by name only the newest is listed, behind those without', async () => {
    const { query } = await load([
      {
        name: 'area A',
        datasets: [
          dataset('kg/dataset/1', 'Maps of A (v9.1)'),
          dataset('kg/dataset/2', 'Maps of A (v10.0)'),
          dataset('kg/dataset/3', 'Maps of A (v2.1)'),
          dataset('kg/dataset/4', 'Others of A [rat, v1.2]'),
          dataset('kg/dataset/5', 'Without'),
          dataset('kg/dataset/6', 'Twice (v1)'),
          dataset('kg/dataset/7', 'Twice (v1)'),
        ],
      },
    ])
    const features = await query('area A')
    expect(
      features.map((one) => [
        one.datasets[0] && 'id' in one.datasets[0] && one.datasets[0].id,
        one.kind === 'ebrains-dataset' && one.version,
      ]),
    ).toEqual([
      ['kg/dataset/5', null],
      ['kg/dataset/2', 'v10.0'],
      ['kg/dataset/4', 'v1.2'],
      ['kg/dataset/7', 'v1'],
    ])
  })

  test('a data set that is told with and without a version is listed once, as without', async () => {
    const { query } = await load([
      { name: 'area A', datasets: [dataset('kg/dataset/1', 'Maps (v1)'), dataset('kg/dataset/1', 'Maps')] },
    ])
    const features = await query('area A')
    expect(features.map((one) => one.kind === 'ebrains-dataset' && one.version)).toEqual([null])
  })

  test.each([undefined, null, {}, 'text'])('a list that is %j is an outage', async (document) => {
    const { query } = await load(document)
    await expect(query('area A')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })
})

const BUCKETS = 'data-proxy.ebrains.eu/api/v1/buckets'
const BUCKET = `${BUCKETS}/d-41673110-f3eb-43cd-9d9c-c845c6f0573c`
const WAXHOLM = 'minds/core/referencespace/v1.0.0/d5717c4a-0fa1-46e6-918c-b8003069ade8'
type Row = [label: string | null, x: number, y: number, z: number, ...conditions: (string | null)[]]

describe('field potentials', () => {
  const load = async (rows: readonly Row[], { spaceId = WAXHOLM, species = 'Rattus norvegicus' } = {}) => {
    const { Database } = await initSqlJs()
    const database = new Database()
    database.run(
      'CREATE TABLE bids (whs_label TEXT, whs_x REAL, whs_y REAL, whs_z REAL, pathology TEXT, pharmacology TEXT, signal_quality TEXT, psd_file TEXT)',
    )
    for (const row of rows) database.run('INSERT INTO bids VALUES (?, ?, ?, ?, ?, ?, ?, ?)', row)
    const bytes = database.export()
    database.close()
    return loadSmallAtlas(
      {
        'spaces/one.json': space(spaceId, 'Space', species),
        'parcellations/one.json': parcellation(
          'p-1',
          [{ name: 'cortex', children: [{ name: 'area, A', children: [{ name: 'A1' }] }, { name: 'area B' }] }],
          species,
        ),
      },
      { [`${BUCKET}/lfp_atlas_bids.sqlite`]: bytes },
    )
  }
  const ROWS: Row[] = [
    ['area, A', 1, 2, 3, 'healthy', 'none', 'good', 'psd/1.h5'],
    ['area B', 4, 5, 6, 'healthy', null, 'good', 'psd/2.h5'],
    ['area, A', 7, 8, 9, 'healthy', 'none', 'good', null],
    ['A1', 1, 1, 1, 'epilepsy', 'none', 'bad', 'psd/4.h5'],
    [null, 0, 0, 0, 'healthy', 'none', 'good', 'psd/5.h5'],
    ['area, A', 2, 2, 2, 'epilepsy', 'none', 'good', 'psd/6.h5'],
  ]

  test('are the recordings of the region itself, else of its parts', async () => {
    const core = await load(ROWS)
    const ownIds = async (name: string) =>
      (await queryFieldPotentials(core, regionIn(core, name), {})).map(({ id }) => id.split('--').at(-1))
    expect(await ownIds('area, A')).toEqual(['0', '2', '5'])
    expect(await ownIds('cortex')).toEqual(['0', '1', '2', '3', '5'])
    expect(await ownIds('A1')).toEqual(['3'])
  })

  test('tell where and how they were made, and where their spectrum is', async () => {
    const core = await load(ROWS)
    const [of] = await queryFieldPotentials(core, regionIn(core, 'area B'), {})
    expect(of).toMatchObject({
      type: 'LocalFieldPotential',
      conditions: ' - pathology: healthy - signal_quality: good',
      recording: { pathology: 'healthy', pharmacology: null, signal_quality: 'good' },
      anchor: { species: 'Rattus norvegicus', regionSpec: 'area B', location: { kind: 'point', pointMm: [4, 5, 6] } },
      psdUrls: [`https://${BUCKET}/psd/2.h5`],
      spectrumUrl: null,
    })
    expect(of?.name).toMatch(
      /^LocalFieldPotential \(Local field potential\) anchored at area B .* - signal_quality: good$/,
    )
  })

  test('of a region that were made alike are one', async () => {
    const core = await load(ROWS)
    const groups = await queryRegionalFieldPotentials(core, regionIn(core, 'area, A'), {})
    expect(groups).toHaveLength(2)
    expect(groups[0]).toMatchObject({
      type: 'RegionalLocalFieldPotential',
      anchor: {
        location: {
          kind: 'pointcloud',
          pointsMm: [
            [1, 2, 3],
            [7, 8, 9],
          ],
        },
      },
      psdUrls: [`https://${BUCKET}/psd/1.h5`],
      spectrumUrl: `https://${BUCKETS}/regional-local-field-potentials-rat/RegionalLocalFieldPotential_v1/PowerSpectrums/group-area_a_pathology-healthy_pharmacology-none_signal_quality-good_LocalFieldPotential.tsv`,
    })
    expect(groups[1]).toMatchObject({
      recording: { pathology: 'epilepsy' },
      anchor: { location: { pointsMm: [[2, 2, 2]] } },
    })
    expect(await queryRegionalFieldPotentials(core, regionIn(core, 'cortex'), {})).toHaveLength(4)
  })

  test('have no place where the atlas has not their space, and are none of another species', async () => {
    const elsewhere = await load(ROWS, { spaceId: 'some-space' })
    const region = regionIn(elsewhere, 'area B')
    expect((await queryFieldPotentials(elsewhere, region, {}))[0]?.anchor.location).toBeNull()
    expect((await queryRegionalFieldPotentials(elsewhere, region, {}))[0]?.anchor.location).toBeNull()
    const mouse = await load(ROWS, { species: 'Mus musculus' })
    expect(await queryFieldPotentials(mouse, regionIn(mouse, 'area B'), {})).toEqual([])
    const own = { ...region, parcellation: { ...region.parcellation, hasVerbatimNames: true } } as Region
    expect(await queryFieldPotentials(elsewhere, own, {})).toEqual([])
  })

  test('have the values of each condition, sorted', async () => {
    expect(await recordingConditions(await load(ROWS))).toEqual({
      pathology: ['epilepsy', 'healthy'],
      pharmacology: ['none'],
      signal_quality: ['bad', 'good'],
    })
  })

  test('are found again by their ids', async () => {
    const core = await load(ROWS)
    const region = regionIn(core, 'area, A')
    for (const type of ['LocalFieldPotential', 'RegionalLocalFieldPotential'] as const) {
      const features = await runLiveQuery(core, type, region)
      expect(features.length).toBeGreaterThan(1)
      for (const feature of features) {
        expect(isLiveId(feature.id)).toBe(true)
        expect(await findLiveFeature(core, feature.id)).toBe(feature)
      }
    }
    const whole = await runLiveQuery(core, 'LocalFieldPotential', core.parcellations.get('p-1'))
    expect(whole).toHaveLength(5)
    expect(whole[0]?.id).not.toContain('r:')
    expect(await findLiveFeature(core, whole[0]?.id ?? '')).toBe(whole[0])
  })

  test.each([
    [
      'lq0::LocalFieldPotential::p:p-1::r:area B::nothing',
      /^There is no feature \S+LocalFieldPotential\S+ B::nothing$/,
    ],
    ['lq0::LocalFieldPotential::p:p-1', /its form is not known/],
    ['lq0::LocalFieldPotential::r:area B::x', /its form is not known/],
    ['lq0::', /its form is not known/],
    ['lq0::NoSuchType::p:p-1::x', /there is no feature type "NoSuchType"/],
  ])('are not found by %s', async (id, message) => {
    const core = await load(ROWS)
    await expect(findLiveFeature(core, id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(message),
    })
  })
})

describe('a live query', () => {
  const load = () =>
    loadSmallAtlas({
      'spaces/one.json': space('s-1', 'Space one'),
      'parcellations/one.json': parcellation('p-1', [{ name: 'area A' }, { name: 'area B' }]),
    })

  test('gives nothing for types that come from the configuration', async () => {
    const core = await load()
    expect(await runLiveQuery(core, 'StreamlineCounts', regionIn(core, 'area A'))).toEqual([])
  })

  test('is run once for each region, and again where it failed', async () => {
    const core = await load()
    let asked = 0
    const answers: unknown[] = [
      undefined,
      [{ name: 'area A', datasets: [{ '@id': 'dataset/1', name: 'Of A', species: 'Homo sapiens' }] }],
    ]
    core.readDocument = async <T>() => answers[asked++] as T
    const region = regionIn(core, 'area A')
    await expect(runLiveQuery(core, 'EbrainsDataFeature', region)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    })
    const features = await runLiveQuery(core, 'EbrainsDataFeature', region)
    expect(features).toHaveLength(1)
    expect(await runLiveQuery(core, 'EbrainsDataFeature', region)).toBe(features)
    expect(await runLiveQuery(core, 'EbrainsDataFeature', regionIn(core, 'area B'))).toEqual([])
    // genes matter to gene expressions alone
    expect(await runLiveQuery(core, 'EbrainsDataFeature', region, { genes: ['MAOA'] })).toBe(features)
  })
})
