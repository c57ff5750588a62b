/** What a configuration shows as examples: chosen among what is like it, but not as good. */
import { describe, expect, test } from 'vitest'
import { chooseExamples } from '../../../src/siibra/index.ts'
import { loadSmallAtlas, parcellation, space } from '../small-atlas.ts'

const HUMAN = 'Homo sapiens'
const RAT = 'Rattus norvegicus'
const atlas = (id: string, species: string, parcellations: string[]) => ({
  '@id': id,
  '@type': 'juelich/iav/atlas/v1.0.0',
  name: id,
  species,
  spaces: [],
  parcellations,
})
const map = (id: string, parcellationId: string, spaceId: string, names: string[], more: object = {}) => ({
  '@id': id,
  '@type': 'siibra/map/v0.0.1',
  name: id,
  space: { '@id': spaceId },
  parcellation: { '@id': parcellationId },
  volumes: [{ providers: { nii: 'https://example.org/a.nii' } }],
  indices: Object.fromEntries(names.map((name, i) => [name, [{ volume: 0, label: i + 1 }]])),
  ...more,
})
const SURFACE = { volumes: [{ providers: { 'gii-label': 'https://example.org/a.gii' } }] }
const unlabelled = (...names: string[]) => ({
  indices: Object.fromEntries(names.map((name) => [name, [{ volume: 0 }]])),
})
const FILE = { file: 'https://example.org/a.tsv' }
const TYPES = {
  fingerprint: ['fingerprint/receptor/v0.1', FILE],
  layers: ['fingerprint/celldensity/v0.1', { segmentfiles: [], layerfiles: [] }],
  profile: ['profile/celldensity/v0.1', FILE],
  connectivity: [
    'connectivitymatrix/v0.3',
    {
      modality: 'StreamlineCounts',
      cohort: 'C',
      base_url: 'https://example.org/',
      files: { s1: 'a', s2: 'b' },
      decoder: { '@type': 'siibra/decoder/csv' },
    },
  ],
} as const
const feature = (id: string, kind: keyof typeof TYPES, region: string) => {
  const [type, more] = TYPES[kind]
  return { '@id': id, '@type': `siibra/feature/${type}`, species: HUMAN, region, ...more }
}
const image = (id: string, spaceId: string, corner?: number[]) => ({
  '@id': id,
  '@type': 'siibra/feature/voi/v0.1',
  name: id,
  modality: 'blockface',
  space: { '@id': spaceId },
  providers: { nii: 'https://example.org/i.nii' },
  ...(corner && {
    boundingbox: {
      '@type': 'siibra/location/boundingbox/v0.1',
      space: { '@id': spaceId },
      coordinates: [[-1.004, 0, 0], corner],
    },
  }),
})

describe('the parcellation', () => {
  interface Given {
    has?: readonly (keyof typeof TYPES)[]
    isDrawn?: boolean
    version?: object
  }
  /** Which of these is chosen. */
  async function chosen(...given: Given[]): Promise<string | undefined> {
    const files: Record<string, unknown> = { 'spaces/s.json': space('s', 'S') }
    for (const [i, { has = [], isDrawn, version }] of given.entries()) {
      const id = `p-${i}`
      const name = `area ${'abcdef'[i]}`
      files[`parcellations/${i}.json`] = { ...parcellation(id, [{ name }]), ...(version && { '@version': version }) }
      if (isDrawn) files[`maps/${i}.json`] = map(`m-${i}`, id, 's', [name])
      has.forEach((kind, n) => {
        files[`features/${i}-${n}.json`] = feature(`f-${i}-${n}`, kind, name)
      })
    }
    return (await chooseExamples(await loadSmallAtlas(files))).parcellation_id
  }

  test.each<[string, Given[], string]>([
    ['has features', [{}, { has: ['layers'] }], 'p-1'],
    [
      'has features rather than a newer version',
      [{ version: { name: '2' } }, { has: ['layers'], version: { name: '1' } }],
      'p-1',
    ],
    ['has connectivity rather than others', [{ has: ['layers', 'profile'] }, { has: ['connectivity'] }], 'p-1'],
    ['has receptors rather than others', [{ has: ['layers', 'profile'] }, { has: ['fingerprint'] }], 'p-1'],
    [
      'has both',
      [{ has: ['connectivity'] }, { has: ['fingerprint', 'connectivity'] }, { has: ['fingerprint'] }],
      'p-1',
    ],
    ['is drawn', [{}, { isDrawn: true }], 'p-1'],
    ['is not deprecated', [{ version: { name: '2', deprecated: true } }, { version: { name: '1' } }], 'p-1'],
    ['is the newest', [{ version: { name: '1' } }, { version: { name: '2' } }], 'p-1'],
    ['is the first of equal versions', [{ version: { name: '1' } }, { version: { name: '1' } }], 'p-0'],
    [
      'has more features, where not both have versions',
      [{ has: ['layers'], version: { name: '1' } }, { has: ['layers', 'layers'] }],
      'p-1',
    ],
    ['is the first of equal ones', [{}, {}], 'p-0'],
  ])('%s', async (_, given, id) => {
    expect(await chosen(...given)).toBe(id)
  })
})

const files = {
  'atlases/a.json': atlas('rat', RAT, ['p-rat']),
  'atlases/b.json': atlas('human', HUMAN, ['p-1']),
  'spaces/a.json': space('s-rat', 'Rat', RAT),
  'spaces/b.json': space('s-surface', 'Surface'),
  'spaces/c.json': space('s-volume', 'Volume'),
  'parcellations/a.json': parcellation('p-0', [{ name: 'elsewhere' }]),
  'parcellations/b.json': parcellation('p-1', [
    { name: 'whole', children: [{ name: 'first' }, { name: 'second' }, { name: 'third' }, { name: 'undrawn' }] },
  ]),
  'parcellations/c.json': parcellation('p-rat', [{ name: 'tail' }], RAT),
  'maps/a.json': map('small', 'p-1', 's-volume', ['first']),
  'maps/b.json': map('wide', 'p-1', 's-volume', ['whole', 'first', 'second', 'third']),
  'maps/c.json': map('statistical', 'p-1', 's-rat', [], unlabelled('a', 'b', 'c', 'd', 'e')),
  'maps/d.json': map('on the surface', 'p-1', 's-surface', ['a', 'b', 'c', 'd', 'e'], SURFACE),
  'maps/e.json': map('of the rat', 'p-rat', 's-rat', ['a', 'b', 'c', 'd', 'e']),
  'maps/f.json': map('of others', 'p-0', 's-volume', ['elsewhere', 'a', 'b', 'c', 'd', 'e']),
  // before all others
  'maps/0.json': map('statistical, of others', 'p-rat', 's-volume', [], unlabelled('tail')),
  'maps/1.json': map('statistical, on the surface', 'p-1', 's-rat', [], { ...SURFACE, ...unlabelled('first') }),
  'maps/2.json': map('of others, on the surface', 'p-rat', 's-rat', ['tail'], SURFACE),
  'features/a.json': feature('first-profile', 'profile', 'first'),
  'features/b.json': feature('second-layers', 'layers', 'second'),
  'features/c.json': feature('second-fingerprint', 'fingerprint', 'second'),
  'features/d.json': feature('second-profile', 'profile', 'second'),
  'features/e.json': feature('third-profile', 'profile', 'third'),
  'features/f.json': feature('third-layers', 'layers', 'third'),
  'features/g.json': feature('third-fingerprint', 'fingerprint', 'third'),
  'features/h.json': feature('undrawn-connectivity', 'connectivity', 'undrawn'),
  'features/i.json': feature('elsewhere-connectivity', 'connectivity', 'elsewhere'),
  'features/j.json': image('rat-image', 's-rat', [1, 1, 1]),
  'features/k.json': image('image', 's-surface'),
  'features/l.json': image('boxed-image', 's-surface', [1.236, 10, 0.5]),
}

test('all that belongs together', async () => {
  const core = await loadSmallAtlas(files)
  expect(await chooseExamples(core)).toEqual({
    atlas_id: 'human',
    parcellation_id: 'p-1',
    map_id: 'wide',
    space_id: 's-volume',
    region_id: 'second',
    subject: 's1',
    type: 'ReceptorDensityFingerprint',
    bbox: '[[-1,0,0],[1.24,10,0.5]]',
    image_space_id: 's-surface',
    surface_space_id: 's-surface',
    other_parcellation_id: 'p-0',
    types: {
      RegionalConnectivity: 'StreamlineCounts',
      CorticalProfile: 'CellDensityProfile',
      Tabular: 'ReceptorDensityFingerprint',
      Image: 'BlockfaceVolumeOfInterest',
    },
    features: {
      RegionalConnectivity: 'undrawn-connectivity',
      CorticalProfile: 'second-profile',
      Tabular: 'second-fingerprint',
      Image: 'boxed-image',
    },
  })
})

test('what there is, where little is there', async () => {
  const some = async (...paths: (keyof typeof files)[]) =>
    chooseExamples(await loadSmallAtlas(Object.fromEntries(paths.map((path) => [path, files[path]]))))
  expect(await some('spaces/c.json')).toEqual({ features: {}, types: {} })
  expect(await some('atlases/a.json', 'spaces/a.json', 'features/j.json')).toMatchObject({
    atlas_id: 'rat',
    bbox: '[[-1,0,0],[1,1,1]]',
    features: { Image: 'rat-image' },
  })
  expect(await some('atlases/b.json', 'spaces/a.json', 'spaces/b.json', 'features/j.json', 'features/k.json')).toEqual({
    atlas_id: 'human',
    image_space_id: 's-surface',
    features: { Image: 'image' },
    types: { Image: 'BlockfaceVolumeOfInterest' },
  })
  expect(await some('atlases/b.json', 'spaces/a.json', 'features/j.json')).toMatchObject({
    atlas_id: 'human',
    features: { Image: 'rat-image' },
  })
  // an atlas of which there is no parcellation, one without a map, a table of layers
  const layers = await some('atlases/a.json', 'parcellations/b.json', 'spaces/c.json', 'features/b.json')
  expect(layers).toEqual({
    atlas_id: 'rat',
    parcellation_id: 'p-1',
    region_id: 'second',
    type: 'LayerwiseCellDensity',
    features: { Tabular: 'second-layers' },
    types: { Tabular: 'LayerwiseCellDensity' },
  })
  expect(await some('parcellations/b.json', 'spaces/c.json', 'features/e.json')).toMatchObject({
    region_id: 'third',
    type: 'CellDensityProfile',
  })
})
