import { expect, test } from 'vitest'
import { loadFeatureMatrix } from '../../../src/siibra/index.ts'
import { loadSmallAtlas, parcellation } from '../small-atlas.ts'

const values = (id: string, parcellationId: string, regions: string[], file: string) => ({
  '@id': id,
  '@type': 'siibra/feature/tabular/regionalvalues/v0.1',
  modality: 'thickness',
  species: 'Homo sapiens',
  parcellation: { '@id': parcellationId },
  regions,
  file: `https://example.org/${file}`,
})
const csv = (text: string) => new TextEncoder().encode(text)

test('is the mean where several tables are about a region, and has no number where nothing was measured', async () => {
  const core = await loadSmallAtlas(
    {
      'parcellations/one.json': parcellation('p-1', [{ name: 'B' }, { name: 'A' }, { name: 'C' }]),
      'parcellations/two.json': parcellation('p-2', [{ name: 'A' }]),
      'features/a.json': values('one', 'p-1', ['A', 'B'], 'a.csv'),
      'features/b.json': values('two', 'p-1', ['A'], 'b.csv'),
      'features/c.json': values('three', 'p-2', ['A'], 'b.csv'),
      // of the whole
      'features/d.json': values('four', 'p-1', ['Parcellation p-1'], 'c.csv'),
    },
    {
      'example.org/a.csv': csv('region,x,y\nA,1,2\nB,5,\n'),
      // two rows of a region are a mean of their own
      'example.org/b.csv': csv('region,z,x\nA,7,2\nA,9,6\n'),
      'example.org/c.csv': csv('region,x\nParcellation p-1,100\n'),
    },
  )
  const matrix = await loadFeatureMatrix(core, core.parcellations.get('p-1'), 'RegionalValues')
  expect(matrix.columns).toEqual(['x', 'y', 'z'])
  expect(matrix.regions.map(({ name }) => name)).toEqual(['B', 'A'])
  expect(matrix.values).toEqual([
    [5, null, null],
    [2.5, 2, 8],
  ])
})
