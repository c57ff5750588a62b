import { expect, test } from 'vitest'
import { parseDelimited } from '../../src/import/tables/delimited.ts'

test('lines of a list of MRIcron may lack the third column, as those of AAL3 do', () => {
  const lines = Array.from({ length: 20 }, (_, i) => `${i + 1} Area_${i + 1}_L${i === 6 ? '' : ` ${2001 + i}`}`)
  const table = parseDelimited(`${lines.join('\n')}\n`, 'AAL3v1.nii.txt')!
  expect(table.readings[0]!.rows.map(({ label, name }) => [label, name])).toEqual(
    lines.map((_, i) => [i + 1, `Area_${i + 1}_L`]),
  )
})
