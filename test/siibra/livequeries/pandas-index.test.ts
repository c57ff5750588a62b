/** Texts as pandas 2.3.3 writes them: `str(pandas.Index([...]))`. */
import { expect, test } from 'vitest'
import { formatIndex } from '../../../src/siibra/livequeries/pandas-index.ts'

const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)
const sevens = (count: number) => new Array<number>(count).fill(7)
const indexOf = (...lines: string[]) => lines.join('\n       ').replace(/\n {7}(?=dtype)/, '\n      ')
const EIGHT_MILLIONS = '1000000, 1000000, 1000000, 1000000, 1000000, 1000000, 1000000, 1000000,'

test.each<[string, number[], string]>([
  ['one', [7], indexOf("Index([7], dtype='int64')")],
  ['what fits a line', [...sevens(22), 1000], indexOf(`Index([${'7, '.repeat(22)}1000], dtype='int64')`)],
  [
    'one sign more: the last one has the second line, and what follows the third',
    [...sevens(22), 10000],
    indexOf(`Index([${'7, '.repeat(21)}7,`, '10000],', "dtype='int64')"),
  ],
  [
    'several lines that are not aligned, as they would fill less than a line without brackets',
    range(1, 22),
    indexOf(`Index([${range(1, 20).join(', ')},`, '21, 22],', "dtype='int64')"),
  ],
  [
    'several lines in columns',
    range(1, 23),
    indexOf(
      'Index([ 1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17, 18,',
      '19, 20, 21, 22, 23],',
      "dtype='int64')",
    ),
  ],
  [
    'as many signs as a line has, in columns',
    [...sevens(26), 10],
    indexOf(`Index([${' 7, '.repeat(18).trimEnd()}`, `${' 7, '.repeat(8)}10],`, "dtype='int64')"),
  ],
  ['a full line', [...new Array<number>(8).fill(1e6), 1], indexOf(`Index([${EIGHT_MILLIONS}`, '1],', "dtype='int64')")],
  [
    'more than a hundred',
    range(12_345_678, 101),
    indexOf(
      'Index([12345678, 12345679, 12345680, 12345681, 12345682, 12345683, 12345684,',
      '12345685, 12345686, 12345687,',
      '...',
      '12345769, 12345770, 12345771, 12345772, 12345773, 12345774, 12345775,',
      '12345776, 12345777, 12345778],',
      "dtype='int64', length=101)",
    ),
  ],
  [
    'more than a hundred, in columns even where a line is not full',
    [...range(1, 100), 1000],
    indexOf(
      'Index([   1,    2,    3,    4,    5,    6,    7,    8,    9,   10,',
      '...',
      '  92,   93,   94,   95,   96,   97,   98,   99,  100, 1000],',
      "dtype='int64', length=101)",
    ),
  ],
])('an index of %s', (_, rows, text) => {
  expect(formatIndex(rows)).toBe(text)
})

test('a hundred are all told', () => {
  expect(formatIndex(range(1, 100))).not.toContain('...')
  expect(formatIndex(range(1, 100)).match(/\d+(?=[,\]])/g)).toHaveLength(100)
})
