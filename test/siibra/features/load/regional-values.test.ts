import { expect, test } from 'vitest'
import { TSV } from '../../../../src/siibra/features/data/csv.ts'
import type { RegionalValuesFeature } from '../../../../src/siibra/features/feature.ts'
import { loadRegionalValues } from '../../../../src/siibra/features/load/load-regional-values.ts'
import { BASE, sourceOf } from './sources.ts'

const TABLE = 'name\tthickness\tmyelin\nA\t1\t2.5\nB\t2\t\nA\t4\t3.5\nB\t\t\nA\t7\t\nC\t5\t\n'

const load = (regionName: string, table = TABLE) =>
  loadRegionalValues(sourceOf({ table }).retrieval, {
    url: `${BASE}table`,
    decoder: TSV,
    regionName,
  } as RegionalValuesFeature)

const columnsOf = async (regionName: string) => {
  const { index, columns } = await load(regionName)
  return { index, columns: columns.map(({ name, values }) => [name, ...values]) }
}

const index = ['thickness', 'myelin']

test('a region with one row has its values', async () => {
  expect(await columnsOf('C')).toEqual({ index, columns: [['value', 5, null]] })
})

test('a region with several has means and deviations of a sample, of the cells that are there', async () => {
  // Python's statistics.stdev([1, 4, 7]) is 3, of [2.5, 3.5] the square root of a half
  expect(await columnsOf('A')).toEqual({
    index,
    columns: [
      ['mean', 4, 3],
      ['std', 3, Math.SQRT1_2],
    ],
  })
  expect(await columnsOf('B')).toEqual({
    index,
    columns: [
      ['mean', 2, null],
      ['std', null, null],
    ],
  })
})

test.each([
  ['D', TABLE],
  ['A', 'name\nA\n'],
])('a region %s without a row, or without a value, is refused', async (regionName, table) => {
  await expect(load(regionName, table)).rejects.toMatchObject({
    code: 'BAD_DATA',
    message: `${BASE}table has no values of "${regionName}"`,
  })
})
