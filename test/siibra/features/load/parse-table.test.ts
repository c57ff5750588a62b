import { expect, test } from 'vitest'
import { type CsvOptions, TSV } from '../../../../src/siibra/features/data/csv.ts'
import { parseTable } from '../../../../src/siibra/features/load/parse-table.ts'

const CSV = { ...TSV, delimiter: ',' }
const URL_OF = 'https://example.org/table'
const read = (text: string, options: Partial<CsvOptions> = {}) =>
  parseTable(new TextEncoder().encode(text), URL_OF, { ...CSV, ...options })
const columnsOf = (text: string, options: Partial<CsvOptions> = {}) =>
  read(text, options).columns.map(({ name, values }) => [name, ...values])

test.each<[string, Partial<CsvOptions>, unknown[][]]>([
  [
    'a,b<\n1,2\n',
    {},
    [
      ['a', 1],
      ['b<', 2],
    ],
  ],
  [
    '\ufeffa,b\n1,2\n',
    {},
    [
      ['a', 1],
      ['b', 2],
    ],
  ],
  [
    'a,b\n1,2',
    {},
    [
      ['a', 1],
      ['b', 2],
    ],
  ],
  [
    'x,y,z\na,b\n1,2',
    { skipRows: 1 },
    [
      ['a', 1],
      ['b', 2],
    ],
  ],
  [
    'a\tb\n1\t2',
    TSV,
    [
      ['a', 1],
      ['b', 2],
    ],
  ],
  [
    'aaa|b\n1|2',
    { delimiter: '|' },
    [
      ['aaa', 1],
      ['b', 2],
    ],
  ],
  [
    'a  b\n1  2',
    { delimiter: '\\s+' },
    [
      ['a', 1],
      ['b', 2],
    ],
  ],
])('%j is a table (%j)', (text, options, columns) => {
  expect(columnsOf(text, options)).toEqual(columns)
})

test.each<[string, Partial<CsvOptions>, string]>([
  ['', {}, 'it is '],
  ['<html>\n<a,b>\n', {}, 'it is '],
  ['\ufeff<html>\n<a,b>\n', {}, 'it is '],
  ['a,b\n', {}, 'there is no row below its heading'],
  ['a,b\n1,2\n3', {}, 'it breaks off after 9 bytes, in row 2'],
  ['a  b\n1  2\n3', { delimiter: '\\s+' }, 'it breaks off after 11 bytes, in row 2'],
  ['\x1f\x8b\x08 no gzip', {}, 'cannot be read: '],
])('%j is no table (%j)', (text, options, why) => {
  const bytes = Uint8Array.from(text === '\x1f\x8b\x08 no gzip' ? Buffer.from(text, 'latin1') : Buffer.from(text))
  expect(() => parseTable(bytes, URL_OF, { ...CSV, ...options })).toThrow(
    expect.objectContaining({
      code: 'BAD_DATA',
      message: expect.stringMatching(`^${URL_OF} is no table: .*${why}`),
      details: { url: URL_OF },
    }),
  )
})
