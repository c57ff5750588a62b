import { expect, test } from 'vitest'
import { type ConfigurationFiles, loadConfiguration, lookUpRegion } from '../../../src/siibra/index.ts'
import { encodeNifti } from '../../../src/siibra/volumes/nifti/encode.ts'

const space = (id: string, name: string) => ({
  '@id': id,
  '@type': 'siibra/space/v0.0.1',
  name,
  species: 'Homo sapiens',
  volumes: [{ providers: { nii: './volumes/template.nii' } }],
})
const parcellation = (id: string, regions: string[], mark = {}) => ({
  '@id': id,
  '@type': 'siibra/parcellation/v0.0.1',
  name: id,
  species: 'Homo sapiens',
  ...mark,
  regions: regions.map((name) => ({ name })),
})
const atlas = (id: string, spaces: string[], parcellations: string[]) => ({
  '@id': id,
  '@type': 'juelich/iav/atlas/v1.0.0',
  name: id,
  species: 'Homo sapiens',
  spaces,
  parcellations,
})

/** A template of one voxel, whose value tells which configuration it is of. */
const voxel = (value: number) =>
  encodeNifti({
    data: Uint8Array.of(value),
    dtype: 'uint8',
    shape: [1, 1, 1],
    voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
  })

const filesOf = (source: string, objects: Record<string, object>, value: number): ConfigurationFiles => ({
  source,
  commit: null,
  list: async () => Object.keys(objects),
  read: (path) => new TextEncoder().encode(JSON.stringify(objects[path])),
  data: { get: async (path) => (path === 'volumes/template.nii' ? voxel(value) : undefined) },
})

const first = filesOf(
  '/somewhere/first',
  {
    'spaces/a.json': space('space/a', 'Common space'),
    'parcellations/a.json': parcellation('one', ['ctx-rh-lingual - brain']),
    'atlases/a.json': atlas('atlas/a', ['space/a'], ['one']),
  },
  1,
)
const second = filesOf(
  '/elsewhere/first',
  {
    'spaces/a.json': space('space/a', 'Another name'),
    'spaces/b.json': space('space/b', 'Common space'),
    'parcellations/a.json': parcellation('two', ['ctx-rh-lingual', 'Area A - left hemisphere'], { names: 'verbatim' }),
    'atlases/a.json': atlas('atlas/a', ['space/b'], ['two']),
  },
  2,
)

test('of several configurations the first counts where ids or names are the same, and it is said', async () => {
  const core = await loadConfiguration({ configuration: [first, second] })
  expect(core.spaces.all.map(({ id, name }) => [id, name])).toEqual([
    ['space/a', 'Common space'],
    ['space/b', 'Common space'],
  ])
  expect(core.spaces.get('COMMON_SPACE').id).toBe('space/a')
  expect(core.atlases.all).toHaveLength(1)
  expect(core.atlases.get('atlas/a')).toMatchObject({
    spaceIds: ['space/a', 'space/b'],
    parcellationIds: ['one', 'two'],
  })
  expect(core.configuration.source).toBe('/somewhere/first, /elsewhere/first')
  expect(core.configuration.problems.map(({ message }) => message)).toEqual([
    "'space/a' is already one of /somewhere/first: it is left out",
    "the name 'Common space' is also that of an object of /somewhere/first, which look-ups by this name find",
    "'atlas/a' is already one of /somewhere/first: its spaces and parcellations are added to it",
  ])
})

test('volumes lie beside their own configuration, by relative paths', async () => {
  const core = await loadConfiguration({ configuration: [first, second] })
  const values = await Promise.all(
    core.spaces.all.map(async ({ volumes }) => (await core.volumes.fetchImage(volumes[0]!)).data[0]),
  )
  expect(values).toEqual([1, 2])
})

test('a path that leads out of the configuration is a problem of its file', async () => {
  const wrong = { ...space('space/c', 'C'), volumes: [{ providers: { nii: '../../etc/passwd' } }] }
  const core = await loadConfiguration({ configuration: [first, filesOf('third', { 'spaces/c.json': wrong }, 3)] })
  expect(core.configuration.problems).toEqual([
    {
      file: 'third: spaces/c.json',
      property: 'volumes[0].providers.nii',
      message: "'../../etc/passwd' leads out of the folder of the configuration",
    },
  ])
})

test('names that are marked as verbatim stay, and are found both ways', async () => {
  const core = await loadConfiguration({ configuration: [second] })
  const two = core.parcellations.get('two')
  expect(two.regions.map(({ name }) => name)).toEqual(['two', 'ctx-rh-lingual', 'Area A - left hemisphere'])
  for (const spec of ['ctx-rh-lingual', 'right lingual', 'lingual right']) {
    expect(lookUpRegion(two, spec).object.name).toBe('ctx-rh-lingual')
  }
  for (const spec of ['Area A - left hemisphere', 'Area A left', 'area a left hemisphere']) {
    expect(lookUpRegion(two, spec).object.name).toBe('Area A - left hemisphere')
  }
  const one = (await loadConfiguration({ configuration: first })).parcellations.get('one')
  expect(one.regions[1]!.name).toBe('right lingual brain')
})
