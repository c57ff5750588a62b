import { expect, test } from 'vitest'
import { clearName, createKey, splitRegionWords, splitWhitespace } from '../../../src/siibra/core/names.ts'
import { sortDescending } from '../../../src/siibra/core/order.ts'
import { createSimilarity } from '../../../src/siibra/core/search/similarity.ts'
import { decodeSpecies, findSpecies } from '../../../src/siibra/core/species.ts'
import { recorded } from './fixtures.ts'

test.each(recorded.names)('%j is cleared and keyed as by siibra', (name, cleared, key) => {
  expect(clearName(name)).toBe(cleared)
  expect(createKey(name)).toBe(key)
})

test.each(recorded.likeness)('%.40j is as like %.40j as difflib says', (a, b, ratio) => {
  expect(createSimilarity(b)(a)).toBeCloseTo(ratio, 12)
})

test('words of regions keep dots and dashes', () => {
  expect(splitRegionWords('Area p24c.pv24c (pACC), layer-2/3')).toEqual(['Area', 'p24c.pv24c', 'pACC', 'layer-2', '3'])
})

test('equal items keep their order, as in a stable reverse sort', () => {
  const items = [3, 1, 2, 3, 1].map((rank, place) => ({ rank, place }))
  expect(sortDescending(items, (a, b) => a.rank < b.rank).map(({ place }) => place)).toEqual([0, 3, 2, 1, 4])
})

test('an order that is not transitive gives what timsort gives', () => {
  // Rock, paper, scissors; the results are those of Python's sorted(..., reverse=True) with the same comparison.
  const beats = new Set(['pr', 'rs', 'sp'])
  const sort = (hands: string) => sortDescending([...hands], (a, b) => beats.has(b + a)).join('')
  expect(sort('rps')).toBe('spr')
  expect(sort('rpsrssp')).toBe('rrssspp')
})

test.each([
  ['Homo sapiens', 'Homo sapiens'],
  [' homo  SAPIENS ', 'Homo sapiens'],
  [
    'https://nexus.humanbrainproject.org/v0/data/minds/core/species/v1.0.0/f3490d7f-8f7f-4b40-b238-963dcac84412',
    'Rattus norvegicus',
  ],
  [{ 'openminds/Dataset': 'x', 'openminds/Species': 'd9875ebd-260e-4337-a637-b62fed4aa91d' }, 'Mus musculus'],
  [['?', 'callithrix jacchus'], 'Callithrix jacchus'],
])('the species %j is %s', (spec, name) => {
  expect(findSpecies(spec)).toBe(name)
})

test('an unknown species is a problem of the configuration', () => {
  expect(findSpecies('Draco draco')).toBeUndefined()
  expect(() => decodeSpecies({})).toThrow(expect.objectContaining({ code: 'BAD_CONFIGURATION' }))
})

test('words between white space are never empty', () => {
  expect(splitWhitespace('  Area\t 4p\n')).toEqual(['Area', '4p'])
  expect(splitWhitespace(' ')).toEqual([])
})

test('a name without letters and numbers has an empty key', () => {
  expect([createKey('-'), createKey('()'), createKey('')]).toEqual(['', '', ''])
})
