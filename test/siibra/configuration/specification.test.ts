import { expect, test } from 'vitest'
import { createReader, isObject, type SpecificationReader } from '../../../src/siibra/configuration/specification.ts'

const reader = createReader('maps/a.json', 'mount://a/')

test.each([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  ['{}', false],
  [undefined, false],
])('%j is an object: %s', (value, isOne) => {
  expect(isObject(value)).toBe(isOne)
})

type Read = (reader: SpecificationReader) => unknown
test.each<[string, Read, unknown]>([
  ['a text', (reader) => reader.text({ a: 'x' }, 'a'), 'x'],
  ['a text that may be missing', (reader) => reader.optionalText({ a: '' }, 'a'), ''],
  ['a text that is missing', (reader) => reader.optionalText({}, 'a'), null],
  ['a text that is null', (reader) => reader.optionalText({ a: null }, 'a'), null],
  ['a list', (reader) => reader.list({ a: [1] }, 'a'), [1]],
  ['a list that is missing', (reader) => reader.list({}, 'a'), []],
  ['an object', (reader) => reader.object({ a: { b: 1 } }, 'a'), { b: 1 }],
  ['an object that is null', (reader) => reader.object({ a: null }, 'a'), {}],
  ['a URL', (reader) => reader.address('https://a.org/../x', 'a'), 'https://a.org/../x'],
  ['a path', (reader) => reader.address('././volumes/a.nii', 'a'), 'mount://a/volumes/a.nii'],
  ['a path with a label', (reader) => reader.address('mesh 7', 'a'), 'mount://a/mesh 7'],
])('%s is read', (_, read, value) => {
  expect(read(reader)).toEqual(value)
})

test('a path without a folder beside the configuration stays as it is', () => {
  expect(createReader('a.json').address('../x', 'a')).toBe('../x')
})

test.each<[string, Read, string]>([
  ['a number for a text', (reader) => reader.text({ a: 1 }, 'a'), 'is not a text'],
  ['an empty text', (reader) => reader.text({ a: '' }, 'a'), 'is not a text'],
  ['a number for a text that may be missing', (reader) => reader.optionalText({ a: 0 }, 'a'), 'is not a text'],
  ['an object for a list', (reader) => reader.list({ a: {} }, 'a'), 'is not a list'],
  ['a list for an object', (reader) => reader.object({ a: [] }, 'a'), 'is not an object'],
  ['a way out', (reader) => reader.address('../x', 'a'), "'../x' leads out of the folder of the configuration"],
])('%s is told with file and property', (_, read, reason) => {
  expect(() => read(reader)).toThrow(
    expect.objectContaining({
      code: 'BAD_CONFIGURATION',
      message: `maps/a.json: a: ${reason}`,
      details: { file: 'maps/a.json', property: 'a', reason },
    }),
  )
})
