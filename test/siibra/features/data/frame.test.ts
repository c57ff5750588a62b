import { expect, test } from 'vitest'
import { columnOf, formatFrameCsv } from '../../../../src/siibra/features/data/frame.ts'

const TENTH = Math.fround(0.1)
const columns = (['float32', 'float64', 'int64'] as const).map((type, n) => ({
  name: type,
  type,
  values: [n === 2 ? 7 : TENTH],
}))
const frame = { indexName: null, indexType: 'object' as const, index: ['a'], columns }

test('numbers have as many digits as their type can tell apart', () => {
  expect(formatFrameCsv(frame).trim().split(/\r?\n/)).toEqual([',float32,float64,int64', 'a,0.1,0.10000000149011612,7'])
})

test('a column has a name', () => {
  expect(columnOf(frame, 'float64')).toBe(columns[1])
  expect(columnOf(frame, 'other')).toBeUndefined()
})
