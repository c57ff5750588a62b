/** Which features lie in a region by their place, and which regions their names mean. */
import { describe, expect, test } from 'vitest'
import { anchoredRegions, relateRegions } from '../../../../src/siibra/features/anchors/anchor-regions.ts'
import { locatedFeatures } from '../../../../src/siibra/features/anchors/locate-features.ts'
import { createRegionLookup } from '../../../../src/siibra/features/anchors/region-lookup.ts'
import { findImageSpace } from '../../../../src/siibra/features/anchors/region-voxels.ts'
import { featureIndex } from '../../../../src/siibra/features/catalogue.ts'
import type { AtlasCore, Region } from '../../../../src/siibra/index.ts'
import { labelFile, labelledMap, loadSmallAtlas, parcellation, space } from '../../small-atlas.ts'

const placed = (id: string, kind: string, place: object, spaceId = 's') => ({
  '@id': id,
  '@type': 'siibra/feature/fingerprint/receptor/v0.1',
  species: 'Homo sapiens',
  file: 'https://example.org/a.tsv',
  location: { '@type': `siibra/location/${kind}/v0.1`, space: { '@id': spaceId }, ...place },
})
const point = (id: string, coordinate: number[], spaceId?: string) => placed(id, 'point', { coordinate }, spaceId)
const cloud = (id: string, ...coordinates: number[][]) => placed(id, 'pointcloud', { coordinates })
const volumes = [{ '@type': 'siibra/volume/v0.0.1', providers: { nii: 'https://example.org/template.nii' } }]
const FEATURES = [
  point('in-a', [0.3, 0, 0]),
  point('in-b', [2, 2, 2]),
  point('in-none', [1, 1, 1]),
  point('elsewhere', [0, 0, 0], 'other'),
  cloud('partly-in-a', [1, 1, 1], [0, 0, 0]),
  cloud('none-in-a', [1, 1, 1], [9, 9, 9]),
]
/** Voxels of 1 mm: (0, 0, 0) is area A, (2, 2, 2) is area B. */
const LABELS = labelFile(
  [3, 3, 3],
  Array.from({ length: 27 }, (_, at) => (at === 0 ? 1 : at === 26 ? 2 : 0)),
)

async function load() {
  const tree = [{ name: 'cortex', children: [{ name: 'area A' }, { name: 'area B' }] }, { name: 'undrawn' }]
  const core = await loadSmallAtlas(
    {
      'spaces/s.json': { ...space('s', 'Space'), volumes },
      'spaces/other.json': { ...space('other', 'Other space'), volumes },
      'spaces/surface.json': space('surface', 'Surface'),
      'parcellations/p.json': parcellation('p', tree),
      'parcellations/q.json': parcellation('q', [{ name: 'area A' }]),
      'parcellations/rat.json': parcellation('rat', [{ name: 'area A' }, { name: 'area R' }], 'Rattus norvegicus'),
      'maps/m.json': labelledMap('p', 's', { 'area A': 1, 'area B': 2 }),
      ...Object.fromEntries(FEATURES.map((one) => [`features/tabular/${one['@id']}.json`, one])),
    },
    { 'example.org/labels.nii': LABELS },
  )
  const region = (name: string, id = 'p') =>
    core.parcellations.get(id).regions.find((one) => one.name === name) as Region
  return { core, region }
}
const located = async (core: AtlasCore, region: Region) =>
  (await locatedFeatures(core, region, (await featureIndex(core)).features)).map(({ id }) => id).sort()

test('features lie in a region where one of their points is in its mask, or in that of a part', async () => {
  const { core, region } = await load()
  for (const _ of ['asked', 'asked again']) {
    expect(await located(core, region('area A'))).toEqual(['in-a', 'partly-in-a'])
    expect(await located(core, region('area B'))).toEqual(['in-b'])
    expect(await located(core, region('cortex'))).toEqual(['in-a', 'in-b', 'partly-in-a'])
    expect(await located(core, region('undrawn'))).toEqual([])
    // no map draws this one
    expect(await located(core, region('area A', 'q'))).toEqual([])
  }
  expect(await locatedFeatures(core, region('area A'), [])).toEqual([])
})

test('the space of a region is the preferred one, where it is drawn there, else the first with voxels', async () => {
  const { core, region } = await load()
  const spaceOf = (name: string, preferredId?: string) => findImageSpace(core, region(name), preferredId)?.id
  expect([spaceOf('area A'), spaceOf('area A', 's'), spaceOf('area A', 'other')]).toEqual(['s', 's', 's'])
  expect([spaceOf('cortex'), spaceOf('undrawn'), spaceOf('undrawn', 's')]).toEqual(['s', undefined, undefined])
})

describe('the name of a region', async () => {
  const { core, region } = await load()
  const lookup = createRegionLookup(core.parcellations.all)
  const anchor = (regionSpec: string | null, more: object = {}) => ({
    species: 'Homo sapiens' as const,
    regionSpec,
    location: null,
    ...more,
  })
  const ALIASES = {
    'Homo sapiens': { 'area B': { 'Rattus norvegicus': { 'area A': 'homologous', 'area R': 'of no kind' } } },
  }
  const meant = (of: ReturnType<typeof anchor>) =>
    anchoredRegions(of, lookup, ALIASES).map((one) => [one.region.parcellation.id, one.region.name, one.qualification])

  test('means those of its species, in all parcellations, and its aliases in their species', () => {
    expect(meant(anchor('area A'))).toEqual([
      ['p', 'area A', 'EXACT'],
      ['q', 'area A', 'EXACT'],
    ])
    expect(meant(anchor('area B'))).toEqual([
      ['p', 'area B', 'EXACT'],
      ['rat', 'area A', 'HOMOLOGOUS'],
    ])
    expect([meant(anchor(null)), meant(anchor('area Z'))]).toEqual([[], []])
  })

  test('means those of one parcellation, where that is told: of exactly this name, else all that match', () => {
    expect(meant(anchor('area A', { parcellationId: 'q' }))).toEqual([['q', 'area A', 'EXACT']])
    expect(meant(anchor('AREA a', { parcellationId: 'p' }))).toEqual([['p', 'area A', 'EXACT']])
    expect(meant(anchor('area A', { parcellationId: 'none' }))).toEqual([])
  })

  test('means a whole without its parts that match, too', () => {
    expect(lookup.find('area').map(({ name }) => name)).toEqual(['area A', 'area B', 'area A', 'area A', 'area R'])
    expect(lookup.find('Parcellation q').map(({ kind, id }) => [kind, id])).toEqual([['parcellation', 'q']])
  })

  test.each([
    ['area A', 'area A', 'EXACT'],
    ['area A', 'cortex', 'CONTAINED'],
    ['cortex', 'area A', 'CONTAINS'],
    ['area A', 'area B', null],
  ])('%s is to %s: %s', (anchored, asked, relation) => {
    expect(relateRegions(region(anchored), region(asked))).toBe(relation)
  })

  test('is to one of another parcellation nothing', () => {
    expect(relateRegions(region('area A'), region('area A', 'q'))).toBeNull()
  })
})
