import { describe, expect, test } from 'vitest'
import {
  type CsvOptions,
  parseCsvFrame,
  parseCsvMatrix,
  parseCsvOptions,
} from '../../../../src/siibra/features/data/csv.ts'
import { formatFrameCsv, formatMatrixCsv, matrixRows, rowsOf } from '../../../../src/siibra/features/data/frame.ts'
import { parseNpy } from '../../../../src/siibra/features/data/npy.ts'
import { float32Moments } from '../../../../src/siibra/features/data/pairwise-sum.ts'
import {
  formatPythonFixed2,
  formatPythonFloat,
  formatPythonFloat32,
} from '../../../../src/siibra/features/data/python-format.ts'
import { createPlane, enlarge, fillPolygon, sampleEnlarged } from '../../../../src/siibra/features/data/raster.ts'
import { SiibraError } from '../../../../src/siibra/index.ts'
import { fixtures } from '../fixtures.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const csv = (delimiter: string, skipRows = 0): CsvOptions => ({ delimiter, header: null, skipRows, compression: null })

describe('matrices', () => {
  test.each(fixtures.matrices)(
    '$name: as pandas reads them',
    ({ text, delimiter, skipRows, shape, values, integral }) => {
      const matrix = parseCsvMatrix(bytesOf(text), csv(delimiter, skipRows))
      expect([matrix.rowCount, matrix.columnCount]).toEqual(shape)
      expect([...matrix.values].map((value) => (Number.isNaN(value) ? null : value))).toEqual(values)
      expect(matrix.integral).toBe(integral)
    },
  )

  test('gzip, asked for or not', () => {
    const packed = Buffer.from(fixtures.gzipped, 'base64')
    expect(matrixRows(parseCsvMatrix(packed, csv(' ')))).toEqual([
      [1, 2],
      [3, 4],
    ])
  })

  test('rows of different lengths and words are BAD_DATA, which says where', () => {
    expect(() => parseCsvMatrix(bytesOf('1,2\n3\n'), csv(','))).toThrow(/row 1 .* 1 values, row 0 has 2/)
    expect(() => parseCsvMatrix(bytesOf('1,two\n'), csv(','))).toThrow(/a field of 3 characters/)
  })

  test('between runs of blanks: a point alone makes a decimal number, two make none', () => {
    expect(parseCsvMatrix(bytesOf('1. 2\n'), csv('\\s+'))).toMatchObject({ columnCount: 2, integral: false })
    expect(() => parseCsvMatrix(bytesOf('1..5 2\n'), csv('\\s+'))).toThrow(/is not a number/)
  })

  test('an empty file has no rows', () => {
    expect(parseCsvMatrix(bytesOf(''), csv(','))).toMatchObject({ rowCount: 0, columnCount: 0 })
  })

  test('CSV with labels: whole numbers without a point, commas in quotes', () => {
    const matrix = parseCsvMatrix(bytesOf('0,1\n2,3\n'), csv(','))
    expect(formatMatrixCsv(matrix, ['a', 'b, c'], ['x', 'y'])).toBe(',x,y\na,0,1\n"b, c",2,3\n')
  })
})

describe('tables', () => {
  test.each(fixtures.frames)('as pandas reads and writes them: $columns', (expected) => {
    const options: CsvOptions = { delimiter: expected.delimiter, header: 'infer', skipRows: 0, compression: null }
    const frame = parseCsvFrame(bytesOf(expected.text), options, expected.indexColumn)
    expect([...frame.index]).toEqual(expected.index)
    expect(frame.columns.map(({ name }) => name)).toEqual(expected.columns)
    expect(rowsOf(frame)).toEqual(expected.data)
    expect(formatFrameCsv(frame)).toBe(expected.csv)
  })
})

describe('quotes, as pandas 2.2 reads them', () => {
  const read = (text: string, delimiter = ',', skipRows = 0) => {
    const frame = parseCsvFrame(bytesOf(text), { ...csv(delimiter, skipRows), header: 'infer' })
    return [frame.columns.map(({ name }) => name), ...rowsOf(frame)]
  }

  test.each([
    [
      'one is written twice, a delimiter may stand between',
      'n,v\n"a ""b"" c",1\n"x, y",2\n',
      ['a "b" c', 1],
      ['x, y', 2],
    ],
    ['in the middle of a field it is a character', 'n,v\na"b,1\nc"d"e,2\n', ['a"b', 1], ['c"d"e', 2]],
    ['what follows the last belongs to the field', 'n,v\n"a"b,1\n"",2\n', ['ab', 1], [null, 2]],
    ['line ends may stand between', 'n,v\r\n"a\r\n\r\nb",1\r\n\r\nc,2\r\n', ['a\r\n\r\nb', 1], ['c', 2]],
    ['numbers are numbers in quotes, too', 'n,v\n1,"2"\n3,"4.5"', [1, 2], [3, 4.5]],
    ['doubled ones at the end of a field', 'n,v\n"a,""",1\n"""",2\n', ['a,"', 1], ['"', 2]],
  ])('%s', (_, text, ...rows) => {
    expect(read(text)).toEqual([['n', 'v'], ...rows])
  })

  test('another delimiter, and lines before the heading', () => {
    expect(read('of "a\n\nn;v\n"x;y";1', ';', 2)).toEqual([
      ['n', 'v'],
      ['x;y', 1],
    ])
    expect(read('a\nb', ',', 5)).toEqual([[]])
  })

  test('one that does not end is BAD_DATA, which says where', () => {
    expect(() => read('n,v\n"open,1\nc,2\n')).toThrow(/begins at character 4 does not end/)
  })
})

test('a row of a table that is too short lacks its last values', () => {
  const frame = parseCsvFrame(bytesOf('a,b\n1\n2,3\n'), { ...csv(','), header: 'infer' })
  expect(rowsOf(frame)).toEqual([
    [1, null],
    [2, 3],
  ])
})

test('decoder specifications', () => {
  const spec = { '@type': 'siibra/decoder/csv', delimiter: ';', header: null, skiprows: 1, compression: 'gzip' }
  expect(parseCsvOptions(spec)).toEqual({ delimiter: ';', header: null, skipRows: 1, compression: 'gzip' })
  expect(() => parseCsvOptions({ '@type': 'siibra/decoder/parquet' })).toThrow(SiibraError)
})

describe('.npy', () => {
  test.each(fixtures.arrays)('shape $shape', ({ bytes, shape, values }) => {
    const array = parseNpy(Buffer.from(bytes, 'base64'))
    expect(array.shape).toEqual(shape)
    expect([...array.data]).toEqual(values)
  })

  test('broken files are BAD_DATA with the arithmetic', () => {
    const whole = Buffer.from(fixtures.arrays[0]!.bytes, 'base64')
    expect(() => parseNpy(whole.subarray(0, -4))).toThrow(/2 x 3 x 4 bytes after 128 .* are 152, the file has 148/)
    expect(() => parseNpy(bytesOf('no array'))).toThrow(/magic/)
  })
})

describe('numbers', () => {
  test('texts are those of Python', () => {
    for (const [value, text] of fixtures.numbers) expect(formatPythonFloat(value)).toBe(text)
    for (const [value, text] of fixtures.singles) expect(formatPythonFloat32(value)).toBe(text)
  })

  test.each([
    [0.125, '0.12'],
    [0.375, '0.38'],
    [-2.625, '-2.62'],
    [2.875, '2.88'],
    [1.005, '1.00'],
    [2.675, '2.67'],
    [-0.001, '-0.00'],
    [-0, '-0.00'],
    [10.5, '10.50'],
  ])('%d with two decimals is %s', (value, text) => {
    expect(formatPythonFixed2(value)).toBe(text)
  })

  test('float32 means and deviations are those of numpy, to the last digit', () => {
    for (const { count, mean, deviation } of fixtures.moments) {
      expect(float32Moments(Float32Array.from(fixtures.samples.slice(0, count)))).toEqual({ mean, deviation })
    }
  })
})

describe('images', () => {
  const { small, linear, quadratic, filled, rows, columns } = fixtures.rasters
  const plane = { rowCount: 4, columnCount: 3, values: Float64Array.from(small.flat()) }

  test('enlarged as scikit-image does it', () => {
    expect([...enlarge(plane, 11, 10, 1).values]).toEqual(linear.flat())
    expect([...enlarge(plane, 11, 10, 2).values]).toEqual(quadratic.flat())
  })

  test('single pixels of an enlarged image', () => {
    const pixels = { rows: [0, 5, 10], columns: [9, 4, 0] }
    const expected = pixels.rows.map((row, i) => linear[row]![pixels.columns[i]!])
    expect([...sampleEnlarged(plane, 11, 10, pixels)]).toEqual(expected)
  })

  test('polygons are filled with their outline, also where they leave the image', () => {
    const target = createPlane(9, 12)
    fillPolygon(target, Float64Array.from(rows), Float64Array.from(columns), 1)
    expect([...target.values]).toEqual(filled.flat())
  })
})

test('a file that ends within its head is no array', () => {
  const bytes = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 1)
  expect(() => parseNpy(bytes)).toThrow(expect.objectContaining({ code: 'BAD_DATA' }))
})
