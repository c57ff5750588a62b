/** Searches in a tree in which it matters what lies where. */
import { describe, expect, test } from 'vitest'
import { parseRegionPattern } from '../../../../src/siibra/core/search/region-pattern.ts'
import { findRegionsUnder } from '../../../../src/siibra/core/search/region-search.ts'
import { findRegions, lookUpRegion, type Region } from '../../../../src/siibra/index.ts'
import { loadSmallAtlas, parcellation } from '../../small-atlas.ts'

const leaf = (name: string) => ({ name })
const core = await loadSmallAtlas({
  'parcellations/one.json': parcellation('p-1', [
    { name: 'whole', children: [leaf('only part')] },
    { name: 'upper', children: [{ name: 'deep nuclei', children: [leaf('nuclei a'), leaf('nuclei b')] }] },
    { name: 'nuclei', children: [] },
    { name: 'zone', children: [leaf('ab'), leaf('ab c')] },
    { name: 'old field', children: [leaf('field a'), leaf('field b')] },
    leaf('last'),
  ]),
  'parcellations/two.json': parcellation('p-2', [leaf('ab d'), leaf('/ab/')]),
  'parcellations/three.json': { ...parcellation('p-3', [leaf('/(/')]), names: 'verbatim' },
})
const one = core.parcellations.get('p-1')
const two = core.parcellations.get('p-2')
const three = core.parcellations.get('p-3')
const namesOf = (regions: readonly Region[]) => regions.map(({ name }) => name)

describe('with filterChildren', () => {
  const topmost = (spec: string) => namesOf(findRegions(one, spec, { filterChildren: true }))
  test.each([
    ['only', ['only part']],
    // of the parts of upper all match
    ['nuclei', ['nuclei', 'upper']],
    // its parts all match, and one of them is named
    ['ab', ['ab', 'zone']],
    ['ab zzz', []],
  ])('%s finds %j', (spec, names) => {
    expect(topmost(spec)).toEqual(names)
  })
})

test('a regular expression finds names and keys, the least deep first', () => {
  expect(namesOf(findRegions(one, '/B_C/'))).toEqual(['ab c'])
  expect(namesOf(findRegions(one, '/nuclei/'))).toEqual(['nuclei', 'deep nuclei', 'nuclei a', 'nuclei b'])
})

test('a search under a region sees it and its parts alone', () => {
  expect(namesOf(findRegions(one.children[0] as Region, '/./'))).toEqual(['whole', 'only part'])
  const [first] = findRegions(one, 'nuclei a')
  expect(namesOf(findRegions(first as Region, '/./'))).toEqual(['nuclei a'])
  expect(namesOf(findRegions(one.children.at(-1) as Region, '/./'))).toEqual(['last'])
})

test('a search under several roots gives what they give one by one', () => {
  const under = (spec: string) => namesOf(findRegionsUnder([one, two], spec))
  expect(under('ab')).toEqual(['ab', 'ab c', 'ab d', '/ab/'])
  // a name of the second, and an expression for the first
  expect(under('/ab/')).toEqual(['ab', 'ab c', '/ab/', 'ab d'])
  expect(under('/^ab/')).toEqual(['ab', 'ab c', 'ab d'])
  expect(namesOf(findRegionsUnder([three], '/(/'))).toEqual(['/(/', 'Parcellation p-3'])
  expect(() => under('/(/')).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }))
})

describe('a look-up', () => {
  test.each([
    ['AB_C', 'ab c', true, []],
    ['p-1_AB_C', 'ab c', true, []],
    ['ab c', 'ab c', true, []],
    ['c ab', 'ab c', false, []],
    // the only one all of whose words are asked for
    ['nuclei zone b', undefined, undefined, undefined],
    ['Group: nuclei a', 'nuclei a', false, []],
    ['Group: nuclei b a', undefined, undefined, undefined],
    // a whole stands for its parts
    ['Group: field', 'old field', false, []],
  ])('of %s finds %s, exact: %s', (spec, name, exact, others) => {
    if (name === undefined)
      return expect(() => lookUpRegion(one, spec)).toThrow(`matches '${spec.replace('Group: ', '')}'`)
    const found = lookUpRegion(one, spec)
    expect([found.object.name, found.exact, namesOf(found.others)]).toEqual([name, exact, others])
  })

  test('tells what it could be as well', () => {
    expect(namesOf(lookUpRegion(one, 'AB').others)).toEqual(['zone'])
  })

  test('of a group takes up to fifty names', () => {
    const group = (count: number) => `Group: ${Array.from({ length: count }, (_, i) => `x${i}`).join(', ')}`
    expect(() => lookUpRegion(one, group(50))).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(() => lookUpRegion(one, group(51))).toThrow('names 51 regions; a group may name 50')
  })
})

describe('a regular expression', () => {
  test.each(['/a/a', '/a/u', '/a/ims', `/${'a'.repeat(1000)}/`])('may be %.20s', (spec) => {
    expect(parseRegionPattern(spec)?.(['b'])).toEqual([false])
  })

  test.each([
    ['/a/au', "has the flags 'a' and 'u', which exclude each other"],
    ['/a/L', "has the flag 'L', which is for bytes, not for text"],
    ['/a/g', "has the flag 'g'; allowed are a, i, L, m, s, u, x"],
    [`/${'a'.repeat(1001)}/`, 'has more than 1000 characters'],
  ])('may not be %.20s', (spec, why) => {
    expect(() => parseRegionPattern(spec)).toThrow(why)
  })

  test('is not looked for in more text than there is time for', () => {
    const texts = Array.from({ length: 1000 }, () => 'x'.repeat(1e6))
    expect(() => parseRegionPattern('/a/')?.(texts)).toThrow('takes too long')
  })
})
