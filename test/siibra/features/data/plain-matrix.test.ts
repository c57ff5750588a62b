import { expect, test } from 'vitest'
import { parsePlainMatrix } from '../../../../src/siibra/features/data/plain-matrix.ts'

const COMMA = 44
const read = (text: string, start = 0) => {
  const matrix = parsePlainMatrix(new TextEncoder().encode(text), start, COMMA, false)
  return matrix && { ...matrix, values: [...matrix.values] }
}

test.each([
  ['whole numbers', '1,20\n-3,0\n', [2, 2], [1, 20, -3, 0], true],
  ['every digit', '1234567890,0987654321\n', [1, 2], [1234567890, 987654321], true],
  [
    'decimals, which may lack the part before or behind the point',
    '1.5,.25\n-2.,-.0625\n',
    [2, 2],
    [1.5, 0.25, -2, -0.0625],
    false,
  ],
  ['every digit behind a point', '0.123456789,9.0\n', [1, 2], [0.123456789, 9], false],
  [
    '15 digits, which a double holds',
    '123456789012345,-1.23456789012345\n',
    [1, 2],
    [123456789012345, -1.23456789012345],
    false,
  ],
  ['a last line that does not end', '1,2\n3,4', [2, 2], [1, 2, 3, 4], true],
  ['lines that end as on Windows', '1,2\r\n3,4\r\n', [2, 2], [1, 2, 3, 4], true],
  ['empty lines before, between and behind', '\n\n1,2\n\n3,4\n\n', [2, 2], [1, 2, 3, 4], true],
  ['one column', '1\n2\n3\n', [3, 1], [1, 2, 3], true],
  ['nothing', '', [0, 0], [], true],
])('reads %s', (_, text, shape, values, integral) => {
  expect(read(text)).toEqual({ rowCount: shape[0], columnCount: shape[1], values, integral })
})

test.each([
  ['a field without digits', '1,,2\n'],
  ['the first field without digits', ',1\n'],
  ['a sign alone', '1,-\n'],
  ['a point alone', '.,1\n'],
  ['two points', '1.2.3,1\n'],
  ['two signs', '--1,1\n'],
  ['a plus', '+1,1\n'],
  ['an exponent', '1e3,1\n'],
  ['a blank', '1, 2\n'],
  ['what stands before 0 and behind 9', '1/,2\n'],
  ['what stands behind 9', '1:,2\n'],
  ['what stands behind 9, behind a point', '1.5:,2\n'],
  ['what stands before 0, behind a point', '1.5/,2\n'],
  ['16 digits', '1234567890123456,1\n'],
  ['16 digits around a point', '1.234567890123456,1\n'],
  ['a delimiter before the end of a line', '1,2,\n'],
  ['a delimiter before the end of a line of Windows', '1,2,\r\n'],
  ['a return within a line', '1\r,2\n3,4\n5\r6\n'],
  ['a row that is longer', '1,2\n3,4,5\n'],
  ['a row that is shorter', '1,2\n3\n'],
  ['two rows that are as long as the first', '1,2\n3\n4\n'],
])('leaves %s to the general reader', (_, text) => {
  expect(read(text)).toBeUndefined()
})

test('begins where it is told to, and takes room for one number in two bytes', () => {
  expect(read('of what\n1,2\n', 8)?.values).toEqual([1, 2])
  const many = Array.from({ length: 5_001 }, (_, i) => i % 10)
  expect(read(many.join(','))?.values).toEqual(many)
  // a borrowed matrix shows the room there is: the same for less, more for more
  const room = (text: string) => parsePlainMatrix(new TextEncoder().encode(text), 0, COMMA, true)!.values.buffer
  const first = room(many.join(','))
  for (const text of ['1,2\n', many.join(',')]) expect(room(text)).toBe(first)
  expect(first.byteLength).toBe(5_002 * 8)
  expect(room([...many, 1, 2].join(','))).not.toBe(first)
})
