import { expect, test } from 'vitest'
import { SiibraError } from '../../../../src/siibra/errors.ts'
import { cutRange, resolveRange, withWholeObjectRanges } from '../../../../src/siibra/retrieval/stores/byte-range.ts'

test.each([
  [{ offset: 2, length: 3 }, 2, 3],
  [{ offset: 2, length: 99 }, 2, 8],
  [{ offset: 10, length: 1 }, 10, 0],
  [{ offset: 99, length: 1 }, 10, 0],
  [{ offset: -1, length: 4 }, 0, 4],
  [{ offset: 2, length: -1 }, 2, 0],
  [{ suffixLength: 3 }, 7, 3],
  [{ suffixLength: 99 }, 0, 10],
  [{ suffixLength: -1 }, 10, 0],
])('of ten bytes %j is from %i on %i', (range, offset, length) => {
  expect(resolveRange(range, 10)).toEqual({ offset, length })
  const bytes = Uint8Array.from({ length: 10 }, (_, i) => i)
  expect([...cutRange(bytes, range)]).toEqual([...bytes.slice(offset, offset + length)])
})

test('where a store knows no ranges, it is read whole; other faults are told', async () => {
  const bytes = Uint8Array.from([1, 2, 3])
  const range = { offset: 1, length: 1 }
  const failing = (thrown: Error) =>
    withWholeObjectRanges({ get: async () => bytes, getRange: () => Promise.reject(thrown) }).getRange('a', range)
  expect(await withWholeObjectRanges({ get: async () => bytes }).getRange('a', range)).toEqual(Uint8Array.from([2]))
  expect(await withWholeObjectRanges({ get: async () => undefined }).getRange('a', range)).toBeUndefined()
  expect(await failing(new SiibraError('UNSUPPORTED', 'no'))).toEqual(Uint8Array.from([2]))
  await expect(failing(new SiibraError('BAD_DATA', 'bad'))).rejects.toThrow('bad')
  await expect(failing(Object.assign(new Error('no'), { code: 'UNSUPPORTED' }))).rejects.toThrow('no')
})
