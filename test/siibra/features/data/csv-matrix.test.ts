import { describe, expect, test } from 'vitest'
import { parseCsvFrame, parseCsvMatrix, parseCsvOptions } from '../../../../src/siibra/features/data/csv.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const read = (text: string, delimiter = ',', skipRows = 0) => {
  const options = { delimiter, header: null, skipRows, compression: null }
  const { rowCount, columnCount, values, integral } = parseCsvMatrix(bytesOf(text), options)
  return { shape: [rowCount, columnCount], values: [...values], integral }
}
const NONE = Number.NaN

test('short numbers, of which a file holds more than a quarter of its bytes, are all there', () => {
  const digits = Array.from({ length: 300 }, (_, n) => n % 10)
  expect(read(digits.join(' '), '\\s+')).toEqual({ shape: [1, 300], values: digits, integral: true })
})

describe('each number is the double nearest to its text', () => {
  test.each([
    '0',
    '-0',
    '7',
    '-19',
    '90',
    '123456789012345',
    '1234567890123456',
    '9007199254740993',
    '123456789012345678901234567890',
    '0.1',
    '-0.3',
    '.5',
    '-.25',
    '3.',
    '0.123456789012345',
    '0.1234567890123456',
    '-12345678.90123456',
    '0.00000000000000000000000001',
    '000000000000000000012.5',
    '+4',
    '1e3',
    '-2.5E-7',
    'inf',
    '-Infinity',
  ])('%s', (text) => {
    const value = Number(text.replace(/inf(inity)?/i, 'Infinity'))
    expect(read(`${text},1\n2,3\n`).values).toEqual([value, 1, 2, 3])
    expect(read(`1,2\n3,${text}`).values).toEqual([1, 2, 3, value])
    expect(read(`  ${text}\t 1\n2 3\n`, '\\s+').values).toEqual([value, 1, 2, 3])
    expect(read(`1 2\n3 ${text}`, '\\s+').values).toEqual([1, 2, 3, value])
  })

  test.each(['--1', '-', '+', '.', '-.', '1-', '1.2.3', '1/2', '1:2', '1e', 'e5', 'x'])('%s is none', (text) => {
    for (const line of [`${text},1\n`, `1,${text}\n`, `1,2\n3,${text}`])
      expect(() => read(line)).toThrow(/is not a number/)
    for (const line of [`${text} 1\n`, `1 ${text}`]) expect(() => read(line, '\\s+')).toThrow(/is not a number/)
  })
})

test.each([
  ['whole numbers', '1,2\n3,4\n', [2, 2], [1, 2, 3, 4], true],
  ['a point makes them decimal', '1,2\n3,4.\n', [2, 2], [1, 2, 3, 4], false],
  ['the last line need not end', '1,2\n3,4', [2, 2], [1, 2, 3, 4], true],
  ['lines end as on Windows', '1,2\r\n3,4\r\n', [2, 2], [1, 2, 3, 4], true],
  ['lines that are empty do not count', '\n\n1,2\n\n\n3,4\n\n', [2, 2], [1, 2, 3, 4], true],
  ['a row may end in a delimiter', '1,2,\n3,4,\n', [2, 2], [1, 2, 3, 4], true],
  ['and in that and a return', '1,2,\r\n3,4,\r\n', [2, 2], [1, 2, 3, 4], true],
  ['a field that is empty has no number', '1,,2\n3,4,5\n', [2, 3], [1, NONE, 2, 3, 4, 5], false],
  ['nor has the first', ',1\n2,3\n', [2, 2], [NONE, 1, 2, 3], false],
  ['nor has one that says so', '1,NA\nnan,4\n', [2, 2], [1, NONE, NONE, 4], false],
  ['one column', '1\n2\n3\n', [3, 1], [1, 2, 3], true],
  ['more than the first guess of their count', `${'1,'.repeat(40)}1\n`, [1, 41], Array(41).fill(1), true],
])('%s', (_, text, shape, values, integral) => {
  expect(read(text)).toEqual({ shape, values, integral })
})

test('rows of another length are told, whichever it is', () => {
  expect(() => read('1,2\n3,4,5\n')).toThrow(/row 1 of a matrix has 3 values, row 0 has 2/)
  expect(() => read('1,2\n3,4\n5\n')).toThrow(/row 2 of a matrix has 1 values, row 0 has 2/)
})

test('values are their own, unless they are borrowed until the next call', () => {
  const options = { delimiter: ',', header: null, skipRows: 0, compression: null }
  const own = parseCsvMatrix(bytesOf('1,2\n'), options).values
  const borrowed = parseCsvMatrix(bytesOf('1,2\n'), options, true).values
  parseCsvMatrix(bytesOf('8,9\n'), options)
  expect([...own]).toEqual([1, 2])
  expect([...borrowed]).toEqual([8, 9])
})

test('lines before the numbers may be empty, and are left out', () => {
  expect(read('\n1,2\n', ',', 1).values).toEqual([1, 2])
  expect(read('of what\n\n1,2\n', ',', 2).values).toEqual([1, 2])
  expect(read('of what\n', ',', 3).shape).toEqual([0, 0])
})

test('a delimiter of several characters is for tables only', () => {
  expect(() => read('1;;2\n', ';;')).toThrow(/delimiter ";;" is not supported/)
})

test('what a specification leaves out', () => {
  const type = { '@type': 'siibra/decoder/csv' }
  expect(parseCsvOptions(type)).toEqual({ delimiter: ',', header: 'infer', skipRows: 0, compression: null })
  expect(parseCsvOptions({ ...type, sep: ';', skiprows: '2' })).toMatchObject({ delimiter: ';', skipRows: 0 })
})

test('columns of tables: whole, decimal, with gaps, words; infinities', () => {
  const text = 'whole,decimal,gaps,words,ends\n1,1.5,,a,inf\n-2,2,3,NA,-inf\n'
  const options = { delimiter: ',', header: 'infer', skipRows: 0, compression: null } as const
  const { columns } = parseCsvFrame(bytesOf(text), options)
  expect(columns.map(({ name, type, values }) => [name, type, [...values]])).toEqual([
    ['whole', 'int64', [1, -2]],
    ['decimal', 'float64', [1.5, 2]],
    ['gaps', 'float64', [null, 3]],
    ['words', 'object', ['a', null]],
    ['ends', 'float64', [Infinity, -Infinity]],
  ])
  const bare = parseCsvFrame(bytesOf('5,6\n7,8\n'), { ...options, header: null }, 1)
  expect(bare).toMatchObject({ indexName: '1', index: [6, 8], columns: [{ name: '0', values: [5, 7] }] })
  expect(parseCsvFrame(bytesOf('a,b\nx,1\n,2\n'), options, 0).index).toEqual(['x', ''])
})
