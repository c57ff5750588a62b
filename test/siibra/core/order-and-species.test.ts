import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sortDescending } from '../../../src/siibra/core/order.ts'
import { decodeSpecies, findSpecies, speciesOf, UNSPECIFIED_SPECIES } from '../../../src/siibra/core/species.ts'

describe('sorting downwards as Python does', () => {
  type Item = { key: number; place: number }
  const itemsOf = (keys: readonly number[]) => keys.map((key, place): Item => ({ key, place }))
  const sorted = (keys: readonly number[]) => sortDescending(itemsOf(keys), (a, b) => a.key < b.key)
  /** What is equal stays in its order, as in `sorted(items, reverse=True)`. */
  const expected = (keys: readonly number[]) => itemsOf(keys).sort((a, b) => b.key - a.key || a.place - b.place)

  test.each([
    [[]],
    [[1]],
    [[1, 2]],
    [[2, 1]],
    [[1, 1]],
    [[1, 2, 3]],
    [[3, 2, 1]],
    [[2, 2, 1, 1]],
    [[1, 3, 2, 3, 1, 2]],
    [[5, 1, 4, 2, 3, 3, 0]],
    [[1, 2, 3, 0, 4, 9, 9, 8]],
  ])('%j', (keys: number[]) => {
    expect(sorted(keys)).toEqual(expected(keys))
  })

  test('whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 20 }), (keys) => {
        expect(sorted(keys)).toEqual(expected(keys))
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  test('leaves what it is given as it is', () => {
    const items = [1, 3, 2]
    sortDescending(items, (a, b) => a < b)
    expect(items).toEqual([1, 3, 2])
  })
})

describe('species', () => {
  test.each([
    ['Homo sapiens', 'Homo sapiens'],
    ['  homo   SAPIENS ', 'Homo sapiens'],
    ['rattus_norvegicus', 'Rattus norvegicus'],
    ['https://openminds.ebrains.eu/instances/d9875ebd-260e-4337-a637-b62fed4aa91d', 'Mus musculus'],
    ['Macaca mulatta', 'Macaca mulatta'],
    [['nobody', { a: 'Mus musculus' }, 'Homo sapiens'], 'Mus musculus'],
    ['Draco draco', undefined],
    ['', undefined],
    [null, undefined],
    [7, undefined],
    [{}, undefined],
  ])('%j is %s', (spec, name) => {
    expect(findSpecies(spec)).toBe(name)
  })

  test('are looked for eight deep, and no deeper', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 'Homo sapiens' : [nested(depth - 1)])
    expect(findSpecies(nested(8))).toBe('Homo sapiens')
    expect(findSpecies(nested(9))).toBeUndefined()
  })

  test('that are unspecified may have a name of their own', () => {
    expect(speciesOf({ species: UNSPECIFIED_SPECIES, speciesName: ' Danio rerio ' })).toBe('Danio rerio')
    for (const speciesName of ['', '  ', 7, undefined])
      expect(speciesOf({ species: UNSPECIFIED_SPECIES, speciesName })).toBe(UNSPECIFIED_SPECIES)
    expect(speciesOf({ species: 'Homo sapiens', speciesName: 'Danio rerio' })).toBe('Homo sapiens')
    expect(speciesOf({ speciesName: 'Danio rerio' })).toBeUndefined()
    expect(decodeSpecies({ species: 'mus musculus' })).toBe('Mus musculus')
    expect(() => decodeSpecies({ species: 'x' })).toThrow(expect.objectContaining({ code: 'BAD_CONFIGURATION' }))
  })
})
