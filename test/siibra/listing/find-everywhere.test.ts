import { expect, test } from 'vitest'
import { filterRegions, type Region } from '../../../src/siibra/index.ts'
import { labelledMap, loadSmallAtlas, parcellation, space } from '../small-atlas.ts'

const leaf = (name: string) => ({ name })
const core = await loadSmallAtlas({
  'spaces/s.json': space('s-1', 'Space'),
  'parcellations/one.json': parcellation('p-1', [
    { name: 'ridge', children: [{ name: 'area ridge', children: [leaf('area a')] }] },
    leaf('area b'),
  ]),
  'parcellations/two.json': parcellation('p-2', [leaf('area'), leaf('area a')]),
  'maps/one.json': labelledMap('p-1', 's-1', { 'area a': 1, 'area b': 2 }),
  'maps/two.json': labelledMap('p-2', 's-1', { area: 1 }),
  'maps/three.json': labelledMap('p-1', 's-1', { ridge: 1 }),
  'maps/four.json': {
    ...labelledMap('p-2', 's-1', {}),
    name: 'statistical',
    indices: { 'area a': [{ volume: 0 }] },
  },
})
const one = core.parcellations.get('p-1') as Region
const two = core.parcellations.get('p-2') as Region
const ridge = one.children[0] as Region
const names = (...of: Parameters<typeof filterRegions>) =>
  filterRegions(...of).map(({ name, parcellation }) => `${name} ${parcellation.id.at(-1)}`)

test.each<[string, Region[], Parameters<typeof filterRegions>[2], string[]]>([
  ['all of a parcellation', [one], {}, ['ridge 1', 'area ridge 1', 'area a 1', 'area b 1']],
  ['all of a region, with itself', [ridge], {}, ['ridge 1', 'area ridge 1', 'area a 1']],
  ['all of two', [two, ridge], {}, ['area 2', 'area a 2', 'ridge 1', 'area ridge 1', 'area a 1']],
  ['none of none', [], {}, []],
  ['leaves', [one], { leaf: true }, ['area a 1', 'area b 1']],
  ['wholes', [one], { leaf: false }, ['ridge 1', 'area ridge 1']],
  ['those of a label', [one], { label: 1 }, ['ridge 1', 'area a 1']],
  ['those of a label, in both', [one, two], { label: 1 }, ['ridge 1', 'area a 1', 'area 2']],
  ['those of a label that nobody has', [one], { label: 7 }, []],
  ['leaves of a label', [one], { label: 1, leaf: true }, ['area a 1']],
  ['by a word', [one], { find: 'area' }, ['area b 1', 'area a 1', 'area ridge 1']],
  [
    'by a word in both, the most similar first',
    [one, two],
    { find: 'area' },
    ['area 2', 'area b 1', 'area a 1', 'area a 2', 'area ridge 1'],
  ],
  [
    'by an expression in both, root by root',
    [one, two],
    { find: '/^area/' },
    ['area b 1', 'area ridge 1', 'area a 1', 'area 2', 'area a 2'],
  ],
  ['by the name of a parcellation', [one], { find: 'Parcellation' }, []],
])('regions: %s', (_, roots, filter, found) => {
  expect(names(core, roots, filter)).toEqual(found)
})

test('the whole list of a parcellation is made once', () => {
  expect(filterRegions(core, [one], {})).toBe(filterRegions(core, [one], { find: '' }))
  expect(filterRegions(core, [ridge], {})).not.toBe(filterRegions(core, [ridge], {}))
})
