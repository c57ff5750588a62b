import { describe, expect, test } from 'vitest'
import { createKey } from '../../../src/siibra/core/names.ts'
import { conceptMatches, createRegistry, shorten } from '../../../src/siibra/core/registry.ts'
import type { AtlasConcept } from '../../../src/siibra/core/types.ts'

const concept = (id: string, name: string) => ({ id, name, key: createKey(name), shortname: '' }) as AtlasConcept
const objects = [concept('a', 'Alpha one'), concept('b', 'Alpha two'), concept('c', 'Beta'), concept('d', 'Beta')]

describe('a look-up', () => {
  const { lookUp } = createRegistry({ kind: 'thing', objects })
  test.each([
    ['a', 'a', true, []],
    ['ALPHA_ONE', 'a', true, []],
    ['Alpha one', 'a', true, []],
    ['one', 'a', false, []],
    // the greatest name, and the others it could be
    ['alpha', 'b', false, ['a']],
    // of equal ones the first
    ['beta', 'c', false, ['d']],
    // by its key it is the last
    ['BETA', 'd', true, []],
  ])('of %s finds %s, exact: %s, beside %j', (spec, id, exact, others) => {
    const found = lookUp(spec)
    expect([found.object.id, found.exact, found.others.map((one) => one.id)]).toEqual([id, exact, others])
  })

  test('of nothing says so, and what there is', () => {
    expect(() => lookUp('')).toThrow('The thing id is empty. Known: ALPHA_ONE, ALPHA_TWO, BETA, BETA')
    expect(() => lookUp('gamma')).toThrow("No thing matches 'gamma'. Known")
  })
})

test('what matches comes before what matches loosely, and that before words of the key', () => {
  const find = (matches: string, loosely: string) =>
    createRegistry({
      kind: 'thing',
      objects,
      matches: ({ id }) => id === matches,
      matchesLoosely: ({ id }) => id === loosely,
    })
      .find('alpha t')
      .map(({ id }) => id)
  expect(find('c', 'd')).toEqual(['c'])
  expect(find('none', 'd')).toEqual(['d'])
  expect(find('none', 'none')).toEqual(['b'])
})

test.each([
  ['KEY_OF_IT', true],
  ['id/of/it', true],
  ['Q', false],
  ['some-long NAME', true],
  // letters in a row
  ['e lon', true],
  ['e n', true],
  ['x name', false],
])('a concept matches %j: %s', (spec, matches) => {
  expect(conceptMatches({ ...concept('id/of/it', 'Some (long) name'), key: 'KEY_OF_IT' }, spec)).toBe(matches)
})

test('texts of up to 200 characters stay whole in messages', () => {
  expect(shorten('x'.repeat(200))).toBe('x'.repeat(200))
  expect(shorten('x'.repeat(201))).toBe(`${'x'.repeat(200)}...`)
})
