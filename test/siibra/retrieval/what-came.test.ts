import { expect, test } from 'vitest'
import { describeBytes, jsonFault } from '../../../src/siibra/retrieval/what-came.ts'

test.each<[string | number[], string]>([
  ['', 'nothing (0 bytes)'],
  [[0x1f, 0x8b, 0], 'gzip of 3 bytes'],
  [[0x1f, 0, 0x8b], 'binary data of 3 bytes'],
  ['PK', 'a zip archive of 2 bytes'],
  ['P', 'text of 1 bytes'],
  [[0x89, 0x48, 0x44, 0x46], 'HDF5 of 4 bytes'],
  [[0x89, 0x50, 0x4e, 0x47], 'PNG of 4 bytes'],
  [[0xff, 0xd8, 0xff], 'JPEG of 3 bytes'],
  ['SQLite', 'SQLite of 6 bytes'],
  [' \n<!DOCTYPE HTML>', 'a web page of 17 bytes'],
  ['<HEAD>', 'a web page of 6 bytes'],
  ['<!-- x --><html>', 'a web page of 16 bytes'],
  ['see <html>', 'text of 10 bytes'],
  [' <a/>', 'XML of 5 bytes'],
  [' {"a": 1}', 'JSON of 9 bytes'],
  ['[1]', 'JSON of 3 bytes'],
  ['a\tb\n', 'text of 4 bytes'],
  ['a\0b', 'binary data of 3 bytes'],
])('%j is %s', (bytes, said) => {
  expect(describeBytes(typeof bytes === 'string' ? Buffer.from(bytes) : Uint8Array.from(bytes))).toBe(said)
})

test('JSON that is none is told with the place where it ends to be one, and without its text', () => {
  expect(jsonFault(Buffer.from('{"secret": x}'), new Error('Unexpected token in "secret" at position 11'))).toBe(
    'it is JSON of 13 bytes, and is no JSON from position 11',
  )
  expect(jsonFault(Buffer.from('a'), new Error('other'))).toBe('it is text of 1 bytes')
})
