import type { TSchema } from 'typebox'
import { describe, expect, test } from 'vitest'
import { pageOf } from '../../../src/models/common.ts'
import {
  CommonCoordinateSpaceModel,
  GeneModel,
  ParcellationEntityVersionModel,
  RegionRelationAsmtModel,
  SiibraAtlasModel,
  SiibraParcellationModel,
} from '../../../src/models/core.ts'
import { MapModel } from '../../../src/models/volumes.ts'
import { regionModelId } from '../../../src/siibra/index.ts'
import { loadExample } from '../../siibra/core/fixtures.ts'
import { expectModel, runHandler } from './run-handler.ts'

const AREAS = 'example/parcellation/v1/areas-2'
const VOLUME = 'example/space/v1/volume'
const REMOTE = {
  'https://example.org/template/mesh/info': { mesh: 'mesh' },
  'https://example.org/template/mesh/mesh/7:0': { fragments: ['7_left.frag', '7_right.frag'] },
  'https://raw.githubusercontent.com/FZJ-INM1-BDA/siibra-python/v0.4EOL/siibra/vocabularies/gene_names.json': {
    MAOA: 'monoamine oxidase A',
  },
}
const core = await loadExample({ remote: REMOTE })

const LISTINGS: [handler: string, params: Record<string, unknown>, item: TSchema, total: number][] = [
  ['all_atlases', {}, SiibraAtlasModel, 1],
  ['all_spaces', {}, CommonCoordinateSpaceModel, 2],
  ['all_parcellations', {}, SiibraParcellationModel, 3],
  ['all_regions', { parcellation_id: AREAS }, ParcellationEntityVersionModel, 21],
  ['all_regions', { parcellation_id: AREAS, find: 'left' }, ParcellationEntityVersionModel, 5],
  ['filtered_maps', {}, MapModel, 3],
  ['filtered_maps', { parcellation_id: AREAS, space_id: VOLUME, map_type: 'LABELLED' }, MapModel, 1],
  ['filtered_maps', { parcellation_id: 'areas' }, MapModel, 2],
  ['filtered_maps', { space_id: 'Example Template' }, MapModel, 3],
  ['filtered_maps', { parcellation_id: '' }, MapModel, 0],
  ['get_genes', {}, GeneModel, 1],
  ['related_regions', { parcellation_id: AREAS, region_id: 'ridge' }, RegionRelationAsmtModel, 0],
]

describe.each(LISTINGS)('%s %j', (handler, params, item, total) => {
  test('answers a page of its model', async () => {
    const { json } = await runHandler(core, handler, params)
    expectModel(pageOf(item, 'x'), json)
    expect(json).toMatchObject({ total, page: 1, size: 50, pages: Math.ceil(total / 50) })
    expect(json.items).toHaveLength(total)
  })

  test('is cut into pages, empty past the end', async () => {
    const { json } = await runHandler(core, handler, { ...params, page: 2, size: 2 })
    expect(json).toMatchObject({ total, page: 2, size: 2, pages: Math.ceil(total / 2) })
    expect(json.items).toHaveLength(Math.max(0, Math.min(2, total - 2)))
  })
})

describe('single objects', () => {
  test('an atlas names the spaces and parcellations that there are', async () => {
    const { json, headers } = await runHandler(core, 'single_atlas', { atlas_id: 'example' })
    expectModel(SiibraAtlasModel, json)
    expect(json.spaces).toEqual([{ '@id': VOLUME }, { '@id': 'example/space/v1/surface' }])
    expect(json.parcellations).toHaveLength(3)
    expect(headers).toEqual({ 'x-siibra-match': expect.stringMatching(/^loose; atlas=[^;=,]+$/) })
  })

  test('a space names its templates; the parts of a precomputed surface come from its manifest', async () => {
    const { json, headers } = await runHandler(core, 'single_space', { space_id: VOLUME })
    expectModel(CommonCoordinateSpaceModel, json)
    expect(headers).toEqual({})
    expect(json.defaultImage[0]).toMatchObject({
      name: 'Example Template 2020 Nonlinear',
      formats: ['neuroglancer/precomputed', 'neuroglancer/precompmesh/surface', 'image', 'mesh'],
      fragments: { mesh: ['7_left.frag', '7_right.frag'] },
      providedVolumes: { 'neuroglancer/precompmesh/surface': 'https://example.org/template/mesh 7' },
    })
    expect(json.datasets.map(({ name }: { name: string }) => name)).toEqual([
      '11111111-0000-4000-8000-000000000001',
      'Example template',
    ])
  })

  test('without its manifest a surface has no parts, and the space is answered all the same', async () => {
    const { json } = await runHandler(await loadExample(), 'single_space', { space_id: VOLUME })
    expectModel(CommonCoordinateSpaceModel, json)
    expect(json.defaultImage[0].fragments).toEqual({})
  })

  test('provider URLs are remapped in order, also those of fragments', async () => {
    const remapProviders = [
      ['https://example.org', 'https://copy'],
      ['copy/lh', 'copy/left'],
    ] as const
    const { json } = await runHandler(
      core,
      'single_space',
      { space_id: 'example/space/v1/surface' },
      { remapProviders },
    )
    expect(json.defaultImage[0].providedVolumes['gii-mesh']).toEqual({
      'left hemisphere': 'https://copy/left.white matter.gii',
      'right hemisphere': 'https://copy/rh.white matter.gii',
    })
  })

  test('a parcellation has one version per space in which it is mapped', async () => {
    const lobes = await runHandler(core, 'single_parcellation', { parcellation_id: 'example/parcellation/v1/lobes' })
    expectModel(SiibraParcellationModel, lobes.json)
    expect(lobes.json.version).toBeNull()
    expect(lobes.json.brainAtlasVersions).toHaveLength(1)
    expect(lobes.json.brainAtlasVersions[0]).toMatchObject({
      coordinateSpace: { '@id': VOLUME },
      versionIdentifier: 'None in Example Template 2020 Nonlinear',
    })
    const areas = await runHandler(core, 'single_parcellation', { parcellation_id: AREAS })
    expect(areas.json.version).toMatchObject({
      name: '2.0',
      prev: { '@id': 'example/parcellation/v1/areas-1' },
      next: null,
    })
    expect(areas.json.brainAtlasVersions).toEqual([])
  })

  test('a region names its parent, not where that is the parcellation', async () => {
    const { json } = await runHandler(core, 'single_region', { parcellation_id: AREAS, region_id: 'outer ridge' })
    expectModel(ParcellationEntityVersionModel, json)
    const ridge = core.parcellations.get(AREAS).children[0]!
    expect(json.hasParent).toEqual([{ '@id': regionModelId(ridge) }])
    const parent = await runHandler(core, 'single_region', { parcellation_id: AREAS, region_id: regionModelId(ridge) })
    expect(parent.json).toMatchObject({ name: 'ridge', hasParent: null })
    expect(parent.headers).toEqual({})
  })

  test('a map has its indices and volumes; parts of a 4D volume have no URL', async () => {
    const { json } = await runHandler(core, 'single_map', { map_id: 'siibra-map-v0.0.1_volume-areas2-statistical' })
    expectModel(MapModel, json)
    expect(json.indices['Area aB1 (OutR, 17) left']).toEqual([
      { '@type': null, volume: 0, label: null, fragment: null },
    ])
    expect(json.volumes.map(({ name, providedVolumes }: never) => [name, providedVolumes])).toEqual([
      ['', { nii: {} }],
      ['', { nii: {} }],
      ['{}', { nii: 'https://example.org/c3.nii.gz' }],
    ])
  })

  test('the map of a parcellation in a space', async () => {
    const params = { parcellation_id: AREAS, space_id: VOLUME, map_type: 'LABELLED' }
    const { json, headers } = await runHandler(core, 'get_map', params)
    expect(json['@id']).toBe('siibra-map-v0.0.1_volume-areas2-labelled')
    expect(headers).toEqual({})
    const guessed = await runHandler(core, 'get_map', { ...params, space_id: 'template' })
    expect(guessed.json['@id']).toBe(json['@id'])
    expect(guessed.headers).toEqual({ 'x-siibra-match': expect.stringMatching(/^loose; space=[^;=,]+$/) })
  })
})

describe('while other services are away', () => {
  const away = new Error('away')
  const document = (server: string, project: number, path: string) =>
    `https://${server}/api/v4/projects/${project}/repository/files/${encodeURIComponent(path)}/raw?ref=master`
  const path = 'ebrainsquery/v3/DatasetVersion/11111111-0000-4000-8000-000000000001.json'
  const mirrors = [document('jugit.fz-juelich.de', 7846, path), document('gitlab.ebrains.eu', 421, path)]

  test('a space is answered, but not to be kept', async () => {
    const remote = { ...REMOTE, [mirrors[0]!]: away, [mirrors[1]!]: away }
    const lacking = await loadExample({ remote, snapshotFolder: null })
    const { json, headers } = await runHandler(lacking, 'single_space', { space_id: VOLUME })
    expectModel(CommonCoordinateSpaceModel, json)
    expect(json.datasets[0].name).toBe('11111111-0000-4000-8000-000000000001')
    expect(headers).toEqual({ 'cache-control': 'no-store', 'x-siibra-gaps': 'sources' })
    expect((await runHandler(lacking, 'all_spaces')).headers).toEqual({
      'cache-control': 'no-store',
      'x-siibra-gaps': 'sources',
    })
  })

  test('the second mirror stands in for the first', async () => {
    const remote = { ...REMOTE, [mirrors[0]!]: away, [mirrors[1]!]: { fullName: 'Template', versionIdentifier: '1' } }
    const whole = await loadExample({ remote, snapshotFolder: null })
    const { json, headers } = await runHandler(whole, 'single_space', { space_id: VOLUME })
    expect(json.datasets[0].name).toBe('Template (1)')
    expect(headers).toEqual({})
  })

  test('the parts of a surface are left out', async () => {
    const lacking = await loadExample({ remote: { 'https://example.org/template/mesh/info': away } })
    const { json, headers } = await runHandler(lacking, 'single_space', { space_id: VOLUME })
    expect(json.defaultImage[0].fragments).toEqual({})
    expect(headers).toEqual({ 'cache-control': 'no-store', 'x-siibra-gaps': 'sources' })
  })
})

describe('what is not there', () => {
  test.each([
    ['single_atlas', { atlas_id: 'nope' }, 'NOT_FOUND', 'nope'],
    ['single_space', { space_id: '' }, 'NOT_FOUND', 'empty'],
    ['single_parcellation', { parcellation_id: 'nope' }, 'NOT_FOUND', 'nope'],
    ['all_regions', { parcellation_id: 'nope' }, 'NOT_FOUND', 'nope'],
    ['all_regions', { parcellation_id: AREAS, find: '/[/' }, 'INVALID_PARAMETER', '/[/'],
    ['single_region', { parcellation_id: AREAS, region_id: 'nope' }, 'NOT_FOUND', 'nope'],
    ['single_region', { parcellation_id: AREAS, region_id: 'deep nuclie' }, 'NOT_FOUND', "Did you mean 'deep nuclei'?"],
    ['single_region', { parcellation_id: AREAS, region_id: 'x'.repeat(4096) }, 'NOT_FOUND', '...'],
    ['single_region', { parcellation_id: AREAS, region_id: 'left' }, 'AMBIGUOUS', 'left'],
    ['single_region', { parcellation_id: AREAS, region_id: '/' }, 'NOT_FOUND', 'as a whole'],
    ['single_region', { parcellation_id: AREAS, region_id: 'ridge', space_id: 'nope' }, 'NOT_FOUND', 'nope'],
    ['related_regions', { parcellation_id: AREAS, region_id: 'nope' }, 'NOT_FOUND', 'nope'],
    ['single_map', { map_id: 'nope' }, 'NOT_FOUND', 'nope'],
    [
      'get_map',
      { parcellation_id: AREAS, space_id: 'surface', map_type: 'LABELLED' },
      'INVALID_COMBINATION',
      'surface',
    ],
    ['get_map', { parcellation_id: 'nope', space_id: VOLUME, map_type: 'LABELLED' }, 'NOT_FOUND', 'nope'],
  ])('%s %j is %s', async (handler, params, code, said) => {
    const failure = expect.objectContaining({ code, message: expect.stringContaining(said) })
    await expect(runHandler(core, handler, params)).rejects.toEqual(failure)
  })
})
