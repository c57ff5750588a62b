import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type ConfigurationFiles,
  configurationFolder,
  loadConfiguration,
  readCommit,
  supportedSpaces,
} from '../../../src/siibra/index.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { loadExample, NEW_CONFIGURATION, OLD_CONFIGURATION } from '../core/fixtures.ts'

const SCHEMAS = [
  { schema: 'older', configuration: OLD_CONFIGURATION },
  { schema: 'newer', configuration: NEW_CONFIGURATION },
]

describe.each(SCHEMAS)('a configuration of the $schema schema', ({ configuration }) => {
  const loading = loadExample({ configuration })

  test('has its objects in the order of the files', async () => {
    const core = await loading
    const ids = (all: readonly { id: string }[]) => all.map(({ id }) => id.split('/').at(-1))
    expect(ids(core.atlases.all)).toEqual(['1'])
    expect(ids(core.spaces.all)).toEqual(['volume', 'surface'])
    expect(ids(core.parcellations.all)).toEqual(['areas-1', 'areas-2', 'lobes'])
    expect(ids(core.maps.all)).toEqual([
      'siibra-map-v0.0.1_volume-areas2-labelled',
      'siibra-map-v0.0.1_volume-areas2-statistical',
      'siibra-map-v0.0.1_volume-lobes-labelled',
    ])
  })

  test('tells what is left out, with file and property', async () => {
    const core = await loading
    await core.featureSpecs()
    expect(core.configuration.problems).toEqual([
      { file: 'spaces/x_unknown_species.json', property: 'species', message: 'unknown species: "Draco draco"' },
      { file: 'parcellations/x_without_name.json', property: 'name', message: 'is not a text' },
      { file: 'atlases/example.json', property: 'spaces', message: expect.stringContaining('does not have') },
      { file: 'maps/x-missing-space.json', property: 'space', message: expect.stringContaining('does not have') },
      { file: 'maps/x-missing-volume.json', property: 'indices.Lobe A', message: 'has no volume 3' },
      { file: 'features/x_typeless.json', property: '@type', message: 'is not a text' },
    ])
  })

  test('gives parcellations their tree, versions and colours', async () => {
    const areas = (await loading).parcellations.get('example/parcellation/v1/areas-2')
    expect(areas.regions).toHaveLength(22)
    expect(areas.version).toMatchObject({ name: '2.0', previousId: 'example/parcellation/v1/areas-1', nextId: null })
    const left = areas.regions[4]!
    expect(left).toMatchObject({ name: 'Area aB1 (OutR, 17) left', rgb: '#aa0102', depth: 4, kind: 'region' })
    expect(left.id).toBe('example/parcellation/v1/areas-2_AREA_AB1_OUTR_17_LEFT')
    expect(left.parent?.parent?.name).toBe('outer ridge')
    expect((await loading).parcellations.get('lobes').name).toBe('Example lobes s')
  })

  test('numbers the volumes of maps by their first use, every z apart', async () => {
    const { maps } = await loading
    const statistical = maps.byId('siibra-map-v0.0.1_volume-areas2-statistical')!
    expect(statistical).toMatchObject({ mapType: 'STATISTICAL', isSparse: true, species: 'Homo sapiens' })
    expect(statistical.volumes.map(({ z, providers }) => [z, providers.nii])).toEqual([
      [4, 'https://example.org/all.nii.gz'],
      [0, 'https://example.org/all.nii.gz'],
      [null, 'https://example.org/c3.nii.gz'],
    ])
    expect([...statistical.indices].map(([name, [index]]) => [name, index?.volume, index?.label])).toEqual([
      ['Area aB1 left', 0, null],
      ['Area aB1 (OutR, 17) left', 0, null],
      ['Area aB1 (OutR, 17) right', 1, null],
      ['Area vC3 (InR) left', 2, null],
    ])
    const labelled = maps.byId('siibra-map-v0.0.1_volume-areas2-labelled')!
    expect(labelled).toMatchObject({ mapType: 'LABELLED', isSparse: false })
    expect(labelled.indices.get('Area aB2 (OutR, 18) right')).toEqual([
      { volume: 0, label: 2, fragment: 'right hemisphere' },
    ])
  })

  test('knows where regions are mapped, parents through their children', async () => {
    const core = await loading
    const areas = core.parcellations.get('example/parcellation/v1/areas-2')
    const mapped = areas.regions.filter((region) => supportedSpaces(core, region).length > 0).map(({ name }) => name)
    expect(mapped).toContain('outer ridge')
    expect(mapped).toContain('Area vC3 (InR) left')
    expect(mapped).not.toContain('Area vC3 (InR)')
    expect(mapped).not.toContain('ridge')
  })

  test('gives features the newest types', async () => {
    const features = await (await loading).featureSpecs()
    expect([...features.keys()].sort()).toEqual([
      'siibra/feature/connectivitymatrix/v0.3',
      'siibra/feature/fingerprint/celldensity/v0.1',
    ])
    const [matrix] = features.get('siibra/feature/connectivitymatrix/v0.3')!
    expect(matrix?.spec.files_indexed_by).toBe('subject')
    const [layers] = features.get('siibra/feature/fingerprint/celldensity/v0.1')!
    expect(layers?.spec.location).toMatchObject({ '@type': 'siibra/location/pointcloud/v0.1' })
  })

  test('leaves out formats that it does not know', async () => {
    const [template] = (await loading).spaces.get('volume template'.split(' ')[1]!).volumes
    expect(Object.keys(template!.providers)).toEqual(['neuroglancer/precomputed', 'neuroglancer/precompmesh/surface'])
    expect(template?.name).toBe('Example Template 2020 Nonlinear')
  })
})

/** The older example with files replaced, added or taken out. */
function withFiles(changes: Record<string, string | undefined>): ConfigurationFiles {
  const folder = configurationFolder(OLD_CONFIGURATION)
  return {
    ...folder,
    list: async () =>
      [...new Set([...(await folder.list()), ...Object.keys(changes)])].filter(
        (path) => !(path in changes) || changes[path] !== undefined,
      ),
    read: (path) => (changes[path] === undefined ? folder.read(path) : new TextEncoder().encode(changes[path])),
  }
}

const parcellation = (id: string, name: string) =>
  JSON.stringify({ '@id': id, '@type': 'siibra/parcellation/v0.0.1', name, species: 'Homo sapiens', regions: [] })

describe('unusual configurations', () => {
  test('of parcellations that are as new, or have the same name, the first is found', async () => {
    const version = (id: string, name: string) =>
      JSON.stringify({ ...JSON.parse(parcellation(id, name)), '@version': { name: '1' } })
    const core = await loadConfiguration({
      configuration: withFiles({
        'parcellations/ya.json': parcellation('ya', 'Twice'),
        'parcellations/yb.json': parcellation('yb', 'Twice'),
        'parcellations/yc.json': version('yc', 'Mixed a'),
        'parcellations/yd.json': parcellation('yd', 'Mixed b'),
        'parcellations/za.json': version('za', 'New one'),
        'parcellations/zb.json': version('zb', 'New two'),
      }),
    })
    expect(core.parcellations.get('twice').id).toBe('ya')
    expect(core.parcellations.get('new').id).toBe('za')
    // by their names, where not both have versions
    expect(core.parcellations.get('mixed').id).toBe('yd')
  })

  test('a file that is not JSON is told and left out', async () => {
    const core = await loadConfiguration({
      configuration: withFiles({ 'spaces/aa.json': '{ "@id": ', 'spaces/ab.json': '[]' }),
    })
    expect(core.spaces.all).toHaveLength(2)
    expect(core.configuration.problems.slice(0, 2)).toEqual([
      { file: 'spaces/aa.json', property: '', message: expect.stringMatching(/^cannot be read: .*JSON/) },
      { file: 'spaces/ab.json', property: '', message: 'is not a JSON object' },
    ])
  })

  test('of two objects with one id the later stands in the place of the earlier', async () => {
    const again = { 'parcellations/z_again.json': parcellation('example/parcellation/v1/areas-1', 'Again') }
    const { parcellations } = await loadConfiguration({ configuration: withFiles(again) })
    expect(parcellations.all.map(({ name }) => name)).toEqual(['Again', 'Example Areas (v2.0)', 'Example lobes s'])
  })

  test('broken properties are named by their path', async () => {
    const regions = [{ name: 'ok', children: [{ name: 'bad', rgb: 'red' }] }]
    const broken = JSON.stringify({ ...JSON.parse(parcellation('x', 'X')), regions })
    const core = await loadConfiguration({ configuration: withFiles({ 'parcellations/y.json': broken }) })
    expect(core.configuration.problems).toContainEqual({
      file: 'parcellations/y.json',
      property: 'regions[0].children[0].rgb',
      message: 'is not "#rrggbb"',
    })
  })

  test('a prerelease says so in its name', async () => {
    const spec = { ...JSON.parse(parcellation('x', 'X')), prerelease: true }
    const core = await loadConfiguration({ configuration: withFiles({ 'parcellations/y.json': JSON.stringify(spec) }) })
    expect(core.parcellations.byId('x')).toMatchObject({ name: '[PRERELEASE] X', key: 'PRERELEASE_X' })
  })

  test('in the older schema maps of one name are one map', async () => {
    const path = 'maps/volume-lobes-labelled.json'
    const text = new TextDecoder().decode(await configurationFolder(OLD_CONFIGURATION).read(path))
    const named = (id: string) => JSON.stringify({ ...JSON.parse(text), '@id': id, name: 'Lobes' })
    const twice = { 'maps/y.json': named('first'), 'maps/z.json': named('second') }
    const { maps } = await loadConfiguration({ configuration: withFiles(twice) })
    expect(maps.all.map(({ id }) => id).slice(-1)).toEqual(['second'])
    expect(maps.byId('first')).toBeUndefined()
  })

  test('a folder without anything usable is refused', async () => {
    const empty = temporaryFolder()
    const failure = expect.objectContaining({ code: 'BAD_CONFIGURATION', message: expect.stringContaining(empty) })
    await expect(loadConfiguration({ configuration: configurationFolder(empty) })).rejects.toEqual(failure)
  })
})

describe('the commit of a folder', () => {
  const hash = '0123456789abcdef0123456789abcdef01234567'
  const repository = (files: Record<string, string>) => {
    const folder = temporaryFolder()
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, '.git', path, '..'), { recursive: true })
      writeFileSync(join(folder, '.git', path), text)
    }
    return folder
  }

  test.each([
    ['a detached head', { HEAD: `${hash}\n` }, '012345'],
    ['a branch', { HEAD: 'ref: refs/heads/main\n', 'refs/heads/main': `${hash}\n` }, '012345'],
    [
      'a packed branch',
      { HEAD: 'ref: refs/heads/main', 'packed-refs': `# pack-refs\n${hash} refs/heads/main\n` },
      '012345',
    ],
    ['a branch without commits', { HEAD: 'ref: refs/heads/main' }, null],
    ['something else', { HEAD: 'nonsense' }, null],
  ])('%s', (_, files, commit) => {
    expect(readCommit(repository(files))).toBe(commit)
  })

  test('no repository', () => {
    expect(readCommit(OLD_CONFIGURATION)).toBeNull()
  })
})
