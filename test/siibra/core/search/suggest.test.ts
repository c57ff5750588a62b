import { expect, test } from 'vitest'
import { didYouMean, suggestNames } from '../../../../src/siibra/core/search/suggest.ts'

const NAMES = ['Julich Brain Atlas', 'Deep Fibre Bundles', 'Short Fibre Bundles', 'Cortical Layers', 'Allen Mouse']
const candidates = NAMES.map((name) => ({ name, texts: [name, name.split(' ')[0] ?? ''] }))

test.each([
  // words that are misspelt
  ['julch bran', ['Julich Brain Atlas']],
  ['fibre bundels', ['Deep Fibre Bundles', 'Short Fibre Bundles']],
  // more than half of the words are known
  ['cortical layers xyzzy', ['Cortical Layers']],
  // half of them are not enough; it is like no name as a whole
  ['layers xyzzyx', []],
  ['qqq', []],
  // like one of the texts as a whole
  ['alen', ['Allen Mouse']],
  ['', []],
  ['  ', []],
])('instead of %j one may have meant %j', (spec, names) => {
  expect(suggestNames(candidates, spec)).toEqual(names)
})

test('three at most, the most similar first, and none twice', () => {
  const many = ['area one', 'area only', 'area on', 'area one', 'area o'].map((name) => ({ name, texts: [name] }))
  expect(suggestNames(many, 'aera')).toEqual(['area o', 'area on', 'area one'])
})

test('what is like a name as a whole is so by six tenths or more', () => {
  const known = [{ name: 'ten', texts: ['abcdefghij'] }]
  expect(suggestNames(known, 'abcdefwxyz')).toEqual(['ten'])
  expect(suggestNames(known, 'abcdevwxyz')).toEqual([])
})

test('a hundred characters are looked at, more are no misspelt name', () => {
  const name = 'x'.repeat(99)
  expect(suggestNames([{ name, texts: [name] }], `${name}y`)).toEqual([name])
  expect(suggestNames([{ name, texts: [name] }], `${name}yy`)).toEqual([])
})

test('suggestions are told in a sentence', () => {
  expect(didYouMean([])).toBe('')
  expect(didYouMean(['a'])).toBe(" Did you mean 'a'?")
  expect(didYouMean(['a', 'b'])).toBe(" Did you mean 'a' or 'b'?")
})
