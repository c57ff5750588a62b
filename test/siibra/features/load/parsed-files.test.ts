import { expect, test } from 'vitest'
import { loadParsed } from '../../../../src/siibra/features/load/parsed-files.ts'
import { createRetrieval } from '../../../../src/siibra/index.ts'

const MEBIBYTES = 1024 * 1024

/** Loads files by their names; a file that is made anew counts once more. */
function createFiles(make: (name: string) => object = () => ({})) {
  const retrieval = createRetrieval({ offline: true })
  const made: string[] = []
  const load = (name: string) =>
    loadParsed(retrieval, name, 'table', async () => {
      made.push(name)
      return make(name)
    })
  return { load, made }
}

test('as many tables are kept as fit into 48 MiB, of 32 KiB each', async () => {
  const { load, made } = createFiles()
  const names = Array.from({ length: 48 * 32 }, (_, n) => String(n))
  for (const name of names) await load(name)
  for (const name of names) await load(name)
  expect(made).toEqual(names)
  await load('one more')
  await load('0')
  expect(made.slice(names.length)).toEqual(['one more', '0'])
})

test.each<[string, (bytes: number) => object]>([
  ['matrices by their values', (bytes) => ({ values: new Uint8Array(bytes) })],
  ['others by what they say that they hold', (bytes) => ({ heldBytes: bytes })],
])('larger things count with their bytes: %s', async (_, make) => {
  const { load, made } = createFiles((name) => make(Number(name) * MEBIBYTES))
  // the second does not fit beside the first, the third not at all
  for (const name of ['30', '30', '20', '20', '30', '49', '49', '30']) await load(name)
  expect(made).toEqual(['30', '20', '30', '49', '49'])
})

test('values that are not bytes do not count as such', async () => {
  const { load, made } = createFiles(() => ({ values: [1, 2] }))
  for (const name of ['a', 'b', 'a', 'b']) await load(name)
  expect(made).toEqual(['a', 'b'])
})
