import { expect, test } from 'vitest'
import { loadGeneMatrix } from '../../../src/siibra/index.ts'
import { answering } from '../livequeries/allen-answers.ts'
import { labelFile, labelledMap, loadSmallAtlas, parcellation, space } from '../small-atlas.ts'

const MNI = 'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2'
const RAT = 'Rattus norvegicus'
const regions = [
  { name: 'whole', children: [{ name: 'one' }, { name: 'two' }, { name: 'empty' }] },
  { name: 'elsewhere' },
  { name: 'undrawn' },
]
/** Of the samples, one lies at (1, 1, 1), the other at (1, 0, 0). */
const labels = new Uint8Array(27)
labels[1 + 3 * 1 + 9 * 1] = 1
labels[1] = 2
labels[26] = 3

const files = {
  'spaces/mni.json': space(MNI, 'MNI 152'),
  'spaces/other.json': space('s-2', 'Other'),
  'parcellations/one.json': parcellation('p-1', regions),
  'parcellations/rat.json': parcellation('p-2', [{ name: 'whole', children: [{ name: 'one' }] }], RAT),
  'maps/a.json': labelledMap('p-1', MNI, { one: 1, two: 2, empty: 3 }),
  // they draw the whole, but in another space, for others, or without labels
  'maps/b.json': labelledMap('p-1', 's-2', { whole: 1, elsewhere: 2 }),
  'maps/c.json': labelledMap('p-2', MNI, { whole: 1, one: 2 }),
  'maps/d.json': { ...labelledMap('p-1', MNI, {}), indices: { whole: [{ volume: 0 }] } },
}
const load = (of: object) =>
  loadSmallAtlas(of as typeof files, { 'example.org/labels.nii': labelFile([3, 3, 3], labels) }, answering().answer)

test.each([
  // one: 1.5 and 0 ... 5 of six donors; two: what the second probe measured, as the first measured nothing
  [
    'level',
    [
      [2, null],
      [3, null],
      [null, null],
    ],
  ],
  [
    'zscore',
    [
      [0, null],
      [2, null],
      [null, null],
    ],
  ],
] as const)('the %s of genes in the regions that are drawn in MNI 152', async (measure, values) => {
  const core = await load(files)
  const matrix = await loadGeneMatrix(core, core.parcellations.get('p-1'), ['maoa', 'C1orf1'], { measure })
  expect(matrix.columns).toEqual(['MAOA', 'C1orf1'])
  expect(matrix.regions.map(({ name }) => name)).toEqual(['one', 'two', 'empty'])
  expect(matrix.values).toEqual(values)
})

test('has no rows for other species, nor without the space', async () => {
  const core = await load(files)
  const none = { regions: [], columns: ['MAOA'], values: [] }
  expect(await loadGeneMatrix(core, core.parcellations.get('p-2'), ['MAOA'])).toEqual(none)
  const { 'spaces/mni.json': _, ...others } = files
  const without = await load(others)
  expect(await loadGeneMatrix(without, without.parcellations.get('p-1'), ['MAOA'])).toEqual(none)
})
