import { expect, test } from 'vitest'
import { parsePoint } from '../../../src/siibra/locations/point.ts'

test.each([
  ['-10mm,-40mm,0mm', [-10, -40, 0]],
  ['30mm, 20mm, 10mm', [30, 20, 10]],
  ['-8mm -90mm 2mm', [-8, -90, 2]],
  ['(0mm, 0mm, 0mm)', [0, 0, 0]],
  ['-30.5 mm, -20.25 mm, 12.125 mm', [-30.5, -20.25, 12.125]],
  ['0,0,0', [0, 0, 0]],
  [' 1.5 -2 .25 ', [1.5, -2, 0.25]],
  ['[1, 2, 3]', [1, 2, 3]],
  ['1e1mm,0mm,0mm', [10, 0, 0]],
])('%s is a point', (text, expected) => {
  expect(parsePoint(text)).toEqual(expected)
})

test.each([
  '',
  'abc',
  '1mm,2mm',
  '1,2,3,4',
  '1mm,2mm,3mm,4mm',
  'nanmm,0mm,0mm',
  'NaN,0,0',
  '[1, 2, null]',
  '[1, 2]',
  '[1, 2, "3"]',
  '[1, 2, true]',
  '[[1], 2, 3]',
  '[1, 2, 3, 4]',
  '[]',
  '[1, 2, 3] ,',
  '[1, 2',
  '--1mm,0mm,0mm',
  '0mm,0mm,0cm',
  '0mm,0mm,0',
  '1e999,0,0',
  '[1e999, 0, 0]',
])('%s is none', (text) => {
  expect(() => parsePoint(text)).toThrowError(
    expect.objectContaining({
      code: 'INVALID_PARAMETER',
      details: expect.objectContaining({ parameter: 'point' }),
    }),
  )
})

test('of what is none up to 60 characters are shown', () => {
  const [all, more] = ['x'.repeat(60), 'x'.repeat(61)]
  expect(() => parsePoint(all, 'centre')).toThrow(`centre '${all}' is no point`)
  expect(() => parsePoint(more)).toThrow(`point '${all}...' is no point`)
})
