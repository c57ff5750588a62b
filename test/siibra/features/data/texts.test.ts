/** Fields of delimited text, and numbers as Python writes them (`repr`, `f'{x:.2f}'`, `str` of a float32). */
import { describe, expect, test } from 'vitest'
import { splitRows } from '../../../../src/siibra/features/data/csv-rows.ts'
import {
  formatPythonFixed2,
  formatPythonFloat,
  formatPythonFloat32,
} from '../../../../src/siibra/features/data/python-format.ts'

describe('rows of delimited text', () => {
  test.each<[string, string, string[][]]>([
    [
      'a,b\n\n  \r\n1,2\r3,',
      ',',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', ''],
      ],
    ],
    [
      'a,"b,c"\n"1\n2",3',
      ',',
      [
        ['a', 'b,c'],
        ['1\n2', '3'],
      ],
    ],
    ['"a ""b""",c', ',', [['a "b"', 'c']]],
    ['a"b,"c"d', ',', [['a"b', 'cd']]],
    ['"",""\n', ',', [['', '']]],
    ['""\n""', ',', [[''], ['']]],
    ['"a""",""""', ',', [['a"', '"']]],
    ['"a"\r\n"b"\n\n \n"c"\r\r"d"', ',', [['a'], ['b'], ['c'], ['d']]],
    [
      '"a","b"\r\n,\r\n',
      ',',
      [
        ['a', 'b'],
        ['', ''],
      ],
    ],
    ['"a";b', ';', [['a', 'b']]],
    ['"a"b"c",d', ',', [['ab"c"', 'd']]],
    ['a,"b"\nc', ',', [['a', 'b'], ['c']]],
    ['"a",', ',', [['a', '']]],
    ['x\n"a",b\n""', ',', [['x'], ['a', 'b'], ['']]],
    [
      ' a  b \n1 2',
      '\\s+',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['"a b" c', '\\s+', [['"a', 'b"', 'c']]],
    ['', ',', []],
    ['a', ',', [['a']]],
  ])('%j by %j', (text, delimiter, rows) => {
    expect(splitRows(text, delimiter)).toEqual(rows)
  })

  test('a quoted field has to end', () => {
    expect(() => splitRows('a,"b\nc', ',')).toThrow(/begins at character 2 does not end/)
    expect(() => splitRows('"a""', ',')).toThrow(expect.objectContaining({ code: 'BAD_DATA' }))
  })
})

describe('numbers as Python writes them', () => {
  test.each([
    [1, '1.0'],
    [-0.5, '-0.5'],
    [0, '0.0'],
    [-0, '-0.0'],
    [1e16, '1e+16'],
    [9_999_999_999_999_998, '9999999999999998.0'],
    [-1.5e16, '-1.5e+16'],
    [1e22, '1e+22'],
    [1e-4, '0.0001'],
    [9.9e-5, '9.9e-05'],
    [1.5e-10, '1.5e-10'],
    [1e-300, '1e-300'],
    [Number.NaN, 'nan'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('%d', (value, text) => {
    expect(formatPythonFloat(value)).toBe(text)
  })

  test.each([
    [Math.fround(0.1), '0.1'],
    [Math.fround(1677.5), '1677.5'],
    [Math.fround(102.319916), '102.319916'],
    [Math.fround(1 / 3), '0.33333334'],
    [Math.fround(0.123456789), '0.12345679'],
    [Math.fround(1.00000012), '1.0000001'],
    [0, '0.0'],
    [-0, '-0.0'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NaN, 'nan'],
  ])('%d as float32', (value, text) => {
    expect(formatPythonFloat32(value)).toBe(text)
  })

  test.each([
    [0.125, '0.12'],
    [0.375, '0.38'],
    [-0.125, '-0.12'],
    [-0.375, '-0.38'],
    [2.625, '2.62'],
    [0.005, '0.01'],
    [0.015, '0.01'],
    [0.25, '0.25'],
    [-0, '-0.00'],
    [0, '0.00'],
    [-0.001, '-0.00'],
    [1.5, '1.50'],
  ])('%d to hundredths', (value, text) => {
    expect(formatPythonFixed2(value)).toBe(text)
  })
})
