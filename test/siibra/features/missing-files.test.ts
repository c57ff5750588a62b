import { expect, test } from 'vitest'
import { featurePage } from '../../../src/data-handlers/features/shared/feature-page.ts'
import { createGaps } from '../../../src/siibra/facts/gaps.ts'
import { createRetrieval, loadConfiguration, SiibraError } from '../../../src/siibra/index.ts'
import { listImages, listPreconfigured, parseBox } from '../../../src/siibra/listing/list-features.ts'

const SPACE = { '@id': 'space-1', '@type': 'siibra/space/v0.0.1', name: 'Space one', species: 'Homo sapiens' }
const PARCELLATION = {
  '@id': 'parcellation-1',
  '@type': 'siibra/parcellation/v0.0.1',
  name: 'Parcellation one',
  species: 'Homo sapiens',
  regions: [{ name: 'area A' }],
}
const PROFILE = {
  '@id': 'profile-1',
  '@type': 'siibra/feature/profile/receptor/v0.1',
  region: 'area A',
  species: 'Homo sapiens',
  receptor: 'AMPA',
  file: 'https://example.org/gone.tsv',
}
const image = (name: string) => ({
  '@id': name,
  '@type': 'siibra/feature/voi/v0.1',
  name,
  modality: 'blockface',
  space: { '@id': 'space-1' },
  providers: { 'neuroglancer/precomputed': `https://example.org/${name}` },
})
const INFO = {
  data_type: 'uint8',
  num_channels: 1,
  type: 'image',
  scales: [
    {
      key: '1mm',
      size: [4, 4, 4],
      resolution: [1e6, 1e6, 1e6],
      voxel_offset: [0, 0, 0],
      chunk_sizes: [[4, 4, 4]],
      encoding: 'raw',
    },
  ],
}
const FILES: Record<string, unknown> = {
  'spaces/one.json': SPACE,
  'parcellations/one.json': PARCELLATION,
  'features/tabular/profile.json': PROFILE,
  'features/images/there.json': image('there'),
  'features/images/gone.json': image('gone'),
}

/** One of two volumes is there, and the profile's file is not. */
async function load({ isAway }: { isAway: boolean }) {
  const get = async (url: string) => {
    if (url.endsWith('/there/info')) return new TextEncoder().encode(JSON.stringify(INFO))
    if (isAway) throw new SiibraError('UPSTREAM_UNAVAILABLE', `${url} is away`, { url })
    return undefined
  }
  return loadConfiguration({
    configuration: {
      source: 'test',
      commit: null,
      list: async () => Object.keys(FILES),
      read: (path) => new TextEncoder().encode(JSON.stringify(FILES[path])),
    },
    retrieval: createRetrieval({ mirror: { get }, offline: true }),
  })
}

const ANYTHING = { page: 1, size: 50 }

test('images whose volume is missing are listed without a place, and found in no box', async () => {
  const core = await load({ isAway: false })
  const space = core.spaces.lookUp('space-1').object
  const images = await listImages(core, space, undefined, undefined)
  const { bytes } = await featurePage(core, images, ANYTHING, { gaps: createGaps() })
  const { items } = JSON.parse(Buffer.from(bytes).toString())
  expect(items.map((item: { name: string; boundingbox: unknown }) => [item.name, item.boundingbox !== null])).toEqual([
    ['gone (blockface)', false],
    ['there (blockface)', true],
  ])
  const inBox = await listImages(core, space, undefined, parseBox('[[0,0,0],[1,1,1]]', space))
  expect(inBox.map(({ id }) => id)).toEqual(['there'])
  expect(await listImages(core, space, undefined, parseBox('[[5,5,5],[6,6,6]]', space))).toEqual([])
})

test('a box cannot be searched while a volume is away', async () => {
  const core = await load({ isAway: true })
  const space = core.spaces.lookUp('space-1').object
  const listing = listImages(core, space, undefined, parseBox('[[0,0,0],[1,1,1]]', space))
  await expect(listing).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
})

test('a profile whose file is missing is listed without a unit', async () => {
  const core = await load({ isAway: false })
  const parcellation = core.parcellations.lookUp('parcellation-1').object
  const profiles = await listPreconfigured(core, parcellation, ['ReceptorDensityProfile'])
  const { bytes } = await featurePage(core, profiles, ANYTHING, { gaps: createGaps() })
  expect(JSON.parse(Buffer.from(bytes).toString()).items).toMatchObject([{ unit: null, boundary_positions: {} }])
})

test('a listing that was made without region aliases says that it lacks something', async () => {
  const core = await load({ isAway: true })
  const gaps = createGaps()
  await featurePage(core, [], ANYTHING, { gaps })
  expect(gaps.areRetryable).toBe(true)
})
