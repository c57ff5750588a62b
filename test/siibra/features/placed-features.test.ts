/** Which features belong to a region, a place or a search, on an atlas of a few of them. */
import { describe, expect, test } from 'vitest'
import { featureIndex } from '../../../src/siibra/features/catalogue.ts'
import { buildFeatureIndex } from '../../../src/siibra/features/feature-index.ts'
import type { BoxLocation } from '../../../src/siibra/features/location.ts'
import { searchFeatures } from '../../../src/siibra/listing/search-features.ts'
import { loadSmallAtlas, parcellation, space } from '../small-atlas.ts'

const fingerprint = (id: string, more: object = {}) => ({
  '@id': id,
  '@type': 'siibra/feature/fingerprint/receptor/v0.1',
  species: 'Homo sapiens',
  file: 'https://example.org/a.tsv',
  ...more,
})
const at = (spaceId: string, coordinate: number[]) => ({
  location: { '@type': 'siibra/location/point/v0.1', space: { '@id': spaceId }, coordinate },
})
const cloud = (...coordinates: number[][]) => ({
  location: { '@type': 'siibra/location/pointcloud/v0.1', space: { '@id': 's-1' }, coordinates },
})
const image = (id: string, boundingbox?: number[][]) => ({
  '@id': id,
  '@type': 'siibra/feature/section/v0.1',
  name: id,
  modality: 'cell body staining',
  space: { '@id': 's-1' },
  providers: { 'neuroglancer/precomputed': 'https://example.org/section' },
  ...(boundingbox && {
    boundingbox: { '@type': 'siibra/location/boundingbox/v0.1', space: { '@id': 's-1' }, coordinates: boundingbox },
  }),
})

const load = async () => {
  const core = await loadSmallAtlas({
    'spaces/one.json': space('s-1', 'Space one'),
    'spaces/two.json': space('s-2', 'Space two', 'Rattus norvegicus'),
    'parcellations/one.json': parcellation('p-1', [{ name: 'cortex', children: [{ name: 'area A' }] }]),
    'parcellations/two.json': parcellation('p-2', [{ name: 'area Z' }]),
    'features/tabular/d.json': fingerprint('on-a', { region: 'area A' }),
    'features/tabular/c.json': fingerprint('at-a-point', at('s-1', [1, 2, 3])),
    'features/tabular/b.json': fingerprint('in-the-rat', { ...at('s-2', [1, 2, 3]), species: 'Rattus norvegicus' }),
    'features/tabular/a.json': fingerprint('of-points', cloud([9, 9, 9], [4, 5, 6])),
    'features/tabular/e.json': { ...fingerprint('on-nothing'), region: '', parcellation: { name: '' } },
    'features/tabular/f.json': fingerprint('by-parcellation', { region: '', parcellation: { name: 'area Z' } }),
    'features/images/b.json': image('placed', [
      [0, 0, 0],
      [10, 10, 10],
    ]),
    'features/images/a.json': image('unplaced'),
  })
  const specs = await core.featureSpecs()
  const index = buildFeatureIndex({
    specs,
    spaces: core.spaces,
    parcellations: core.parcellations.all,
    aliases: undefined,
  })
  const region = (id: string, name: string) => {
    const found = core.parcellations.get(id).regions.find((one) => one.name === name)
    if (!found) throw new Error(name)
    return found
  }
  return { core, index, region }
}
const idsOf = (features: readonly { id: string }[]) => features.map(({ id }) => id)

describe('an index of features', async () => {
  const { index, region } = await load()

  test('has them by type, then by file', () => {
    const tabular = idsOf(index.features).filter((id) => !['placed', 'unplaced'].includes(id))
    expect(tabular).toEqual(['of-points', 'in-the-rat', 'at-a-point', 'on-a', 'by-parcellation'])
    expect(idsOf(index.images)).toEqual(['unplaced', 'placed'])
    expect(index.isComplete).toBe(false)
  })

  test('tells those that are anchored at a region, and those that may lie in it by their place', () => {
    expect(idsOf(index.ofRegion(region('p-1', 'area A')))).toEqual(['on-a'])
    for (const whole of ['cortex', 'Parcellation p-1'])
      expect(idsOf(index.ofRegion(region('p-1', whole)))).toEqual(['on-a'])
    expect(idsOf(index.ofRegion(region('p-2', 'area Z')))).toEqual(['by-parcellation'])
    const outside = idsOf(index.locatedOutside(region('p-1', 'area A')))
    expect(outside.toSorted()).toEqual(['at-a-point', 'of-points', 'placed', 'unplaced'])
  })

  test('tells what has neither region nor location', () => {
    expect(index.problems).toEqual([
      { file: 'features/tabular/e.json', property: 'region', message: 'there is neither region nor location' },
    ])
    expect(index.byId.get('in-the-rat')?.anchor.species).toBe('Rattus norvegicus')
    expect(index.byId.get('by-parcellation')?.anchor.regionSpec).toBe('area Z')
  })

  test('has descriptions that are whole sentences', () => {
    expect(index.byId.get('on-a')?.description).toMatch(
      /autoradiography\. The fingerprint provides average densit.*different subjects/,
    )
    expect(index.byId.get('on-a')?.description).not.toContain('NaN')
  })
})

describe('a search by box', async () => {
  const { core } = await load()
  const one = core.spaces.get('s-1')
  const search = async (minMm: [number, number, number], maxMm: [number, number, number], of = one) => {
    const box: BoxLocation = { kind: 'box', space: of, minMm, maxMm }
    return idsOf(await searchFeatures(core, { box, type: 'ReceptorDensityFingerprint' }))
  }

  test.each<[[number, number, number], [number, number, number], string[]]>([
    [[1, 2, 3], [1, 2, 3], ['at-a-point']],
    [
      [0, 0, 0],
      [5, 6, 7],
      ['of-points', 'at-a-point'],
    ],
    [[4, 5, 6], [9, 9, 9], ['of-points']],
    [[1.1, 2, 3], [2, 3, 4], []],
    [[0, 0, 0], [1, 2, 2.9], []],
    [[0, 0, 0], [0.9, 9, 9], []],
    [[0, 2.1, 0], [3, 9, 9], []],
  ])('%j to %j: points count with its faces', async (min, max, ids) => {
    expect(await search(min, max)).toEqual(ids)
  })

  test('knows the points of its own space only', async () => {
    expect(await search([0, 0, 0], [9, 9, 9], core.spaces.get('s-2'))).toEqual(['in-the-rat'])
  })

  test('is by space with images that have no place, and by words of the id', async () => {
    const inOne = idsOf(await searchFeatures(core, { space: one }))
    expect(inOne.toSorted()).toEqual(['at-a-point', 'of-points', 'placed', 'unplaced'])
    expect(idsOf(await searchFeatures(core, { space: core.spaces.get('s-2') }))).toEqual(['in-the-rat'])
    expect(idsOf(await searchFeatures(core, { text: 'points FINGERPRINT' }))).toEqual(['of-points'])
    expect(idsOf(await searchFeatures(core, { species: 'RATTUS norvegicus' }))).toEqual(['in-the-rat'])
    expect(idsOf(await searchFeatures(core, { modality: 'cell body' })).toSorted()).toEqual(['placed', 'unplaced'])
    const { features } = await featureIndex(core)
    expect(idsOf(await searchFeatures(core, {}))).toEqual(idsOf(features))
  })
})
