/** Features of one space in regions that are drawn in another, and images, whose place is that of their volume. */
import { expect, test } from 'vitest'
import { locatedFeatures } from '../../../../src/siibra/features/anchors/locate-features.ts'
import { featureIndex } from '../../../../src/siibra/features/catalogue.ts'
import type { PreconfiguredFeature } from '../../../../src/siibra/features/feature.ts'
import {
  type AtlasCore,
  createRetrieval,
  loadConfiguration,
  type Region,
  SiibraError,
} from '../../../../src/siibra/index.ts'
import { labelFile, labelledMap, parcellation, space } from '../../small-atlas.ts'

const MNI = 'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2'
const COLIN = 'minds/core/referencespace/v1.0.0/7f39f7be-445b-47c0-9791-e971c0b6d992'

const placed = (id: string, spaceId: string, kind: string, place: object) => ({
  '@id': id,
  '@type': 'siibra/feature/fingerprint/receptor/v0.1',
  species: 'Homo sapiens',
  file: 'https://example.org/a.tsv',
  location: { '@type': `siibra/location/${kind}/v0.1`, space: { '@id': spaceId }, ...place },
})
const image = (name: string, spaceId: string, more: object) => ({
  '@id': name,
  '@type': 'siibra/feature/voi/v0.1',
  name,
  modality: 'blockface',
  space: { '@id': spaceId },
  ...more,
})
/** Kept as the configuration has it: no volume of several scales tells more. */
const boxed = (name: string, low: number[], high: number[]) =>
  image(name, COLIN, {
    providers: { nii: `https://example.org/${name}.nii` },
    boundingbox: {
      '@type': 'siibra/location/boundingbox/v0.1',
      space: { '@id': COLIN },
      coordinates: [low, high],
    },
  })
const FEATURES = [
  placed('point in', COLIN, 'point', { coordinate: [10, 0, 0] }),
  placed('point out', COLIN, 'point', { coordinate: [11, 1, 1] }),
  placed('point unreachable', COLIN, 'point', { coordinate: [99, 0, 0] }),
  placed('cloud, one reachable and in', COLIN, 'pointcloud', {
    coordinates: [
      [99, 0, 0],
      [12, 1, 1],
      [10, 0, 0],
    ],
  }),
  placed('cloud unreachable', COLIN, 'pointcloud', { coordinates: [[99, 0, 0]] }),
  placed('of MNI', MNI, 'point', { coordinate: [0, 0, 0] }),
  boxed('box in', [9.5, -0.5, -0.5], [10.5, 0.5, 0.5]),
  boxed('box out', [12, 2, 2], [13, 3, 3]),
  boxed('box half reachable', [10, 0, 0], [99, 1, 1]),
]
const volumes = [{ '@type': 'siibra/volume/v0.0.1', providers: { nii: 'https://example.org/template.nii' } }]
/** Voxels of 1 mm, of which the first is area A. */
const LABELS = labelFile(
  [4, 4, 4],
  Array.from({ length: 64 }, (_, at) => (at === 0 ? 1 : 0)),
)

async function load(
  features: { '@id': string; '@type': string }[],
  answer: (url: string) => Uint8Array | undefined = () => undefined,
) {
  const files: Record<string, unknown> = {
    'spaces/mni.json': { ...space(MNI, 'MNI'), volumes },
    'spaces/colin.json': { ...space(COLIN, 'Colin'), volumes },
    'parcellations/p.json': parcellation('p', [{ name: 'area A' }]),
    'maps/m.json': labelledMap('p', MNI, { 'area A': 1 }),
    ...Object.fromEntries(
      features.map((one) => [
        `features/${one['@type'].includes('voi') ? 'images' : 'tabular'}/${one['@id']}.json`,
        one,
      ]),
    ),
  }
  const get = async (url: string) => (url.endsWith('/labels.nii') ? LABELS : answer(url))
  const core = await loadConfiguration({
    configuration: {
      source: 'a small atlas',
      commit: null,
      list: async () => Object.keys(files),
      read: (path) => new TextEncoder().encode(JSON.stringify(files[path])),
    },
    retrieval: createRetrieval({ mirror: { get }, offline: true }),
  })
  /** What was asked of the service that moves points: Colin's are 10 mm to the right, and it knows nothing at 99 mm. */
  const sent: number[][][] = []
  const postJson = async (_: string, body: unknown) => {
    const { source_points: points } = body as { source_points: number[][] }
    sent.push(points)
    return { target_points: points.map(([x = 0, y, z]) => (x === 99 ? [null, null, null] : [x - 10, y, z])) }
  }
  Object.assign(core.retrieval, { postJson })
  const region = core.parcellations.get('p').regions.find(({ name }) => name === 'area A') as Region
  const find = async (all?: readonly PreconfiguredFeature[]) =>
    (await locatedFeatures(core, region, all ?? (await featureIndex(core)).features)).map(({ id }) => id).sort()
  return { core, sent, find }
}

const all = async (core: AtlasCore) => (await featureIndex(core)).features

test('places of another space are moved, all in one request, and only once', async () => {
  const { sent, find } = await load(FEATURES)
  for (const _ of ['asked', 'asked again'])
    expect(await find()).toEqual(['box in', 'cloud, one reachable and in', 'of MNI', 'point in'])
  expect(sent.map((points) => points.length)).toEqual([13])
})

test('features of which some are known are asked for as far as they are not', async () => {
  const { core, sent, find } = await load(FEATURES)
  const features = await all(core)
  const of = (...ids: string[]) => features.filter(({ id }) => ids.includes(id))
  expect(await find(of('point in', 'point out'))).toEqual(['point in'])
  expect(await find(of('point in', 'box in'))).toEqual(['box in', 'point in'])
  expect(sent.map((points) => points.length)).toEqual([2, 2])
})

const precomputed = (name: string) =>
  image(name, MNI, { providers: { 'neuroglancer/precomputed': `https://example.org/${name}` } })
/** A volume of voxels of 1 mm. */
const info = (size: number[], offset: number[]) =>
  new TextEncoder().encode(
    JSON.stringify({
      data_type: 'uint8',
      num_channels: 1,
      type: 'image',
      scales: [
        {
          key: '1mm',
          size,
          resolution: [1e6, 1e6, 1e6],
          voxel_offset: offset,
          chunk_sizes: [[4, 4, 4]],
          encoding: 'raw',
        },
      ],
    }),
  )

test('images lie where their finest scale does; one whose volume is gone lies nowhere, until it is there', async () => {
  const there = new Map([
    ['example.org/near/info', info([2, 2, 2], [0, 0, 0])],
    ['example.org/far/info', info([1, 1, 1], [2, 2, 2])],
  ])
  const { find } = await load([precomputed('near'), precomputed('far'), precomputed('gone')], (url) => there.get(url))
  expect(await find()).toEqual(['near'])
  there.set('example.org/gone/info', info([1, 1, 1], [0, 0, 0]))
  expect(await find()).toEqual(['gone', 'near'])
})

test('while the volume of an image is away, its place is what the configuration says, or nobody knows', async () => {
  const away = (url: string) => {
    if (url.endsWith('/info')) throw new SiibraError('UPSTREAM_UNAVAILABLE', 'away', { url })
    return undefined
  }
  const told = {
    ...precomputed('told'),
    boundingbox: {
      '@type': 'siibra/location/boundingbox/v0.1',
      space: { '@id': MNI },
      coordinates: [
        [-0.5, -0.5, -0.5],
        [0.5, 0.5, 0.5],
      ],
    },
  }
  expect(await (await load([told], away)).find()).toEqual(['told'])
  await expect((await load([precomputed('untold')], away)).find()).rejects.toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
  })
  const nowhere = image('nowhere', MNI, { providers: { nii: 'https://example.org/nowhere.nii' } })
  await expect((await load([nowhere])).find()).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
})
