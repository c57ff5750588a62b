import { expect, test } from 'vitest'
import {
  belongsTo,
  entryPath,
  objectPath,
  partKey,
  partsFolder,
  provenKey,
  unprovenKey,
} from '../../../../src/siibra/retrieval/cache/entry-names.ts'

// sha256sum
const HASH_OF_A = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
const part = partKey('a', { offset: 1, length: 2 })

test('an object has parts, and either of them may be unproven', () => {
  for (const key of ['a', part, unprovenKey('a'), unprovenKey(part)]) {
    expect([belongsTo(key, 'a'), belongsTo(key, 'b'), belongsTo(key, '')]).toEqual([true, false, false])
    expect(provenKey(unprovenKey(key))).toBe(key)
  }
  expect([belongsTo('ab', 'a'), belongsTo('a', part), provenKey('a'), provenKey(part)]).toEqual([
    false,
    false,
    'a',
    part,
  ])
})

test('they lie at the hash of its name, in folders of the first two characters', () => {
  const path = `f/${HASH_OF_A.slice(0, 2)}/${HASH_OF_A.slice(2)}`
  expect([objectPath('f', 'a'), entryPath('f', 'a'), entryPath('f', unprovenKey('a'))]).toEqual([
    path,
    path,
    `${path}.new`,
  ])
  expect(entryPath('f', part)).toMatch(new RegExp(`^${partsFolder(path)}/[0-9a-f]{40}$`))
  expect(entryPath('f', unprovenKey(part))).toBe(`${entryPath('f', part)}.new`)
})
