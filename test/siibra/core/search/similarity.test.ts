/** The ratios are those of Python's difflib. */
import { describe, expect, test } from 'vitest'
import { createSimilarity, nearestOf, sortBySimilarity } from '../../../../src/siibra/core/search/similarity.ts'

/** Letters drawn with a fixed seed, now and then one of the rare ones. */
function draw(seed: number, length: number, letters: string, rare: string): string {
  let state = seed
  let text = ''
  for (let i = 0; i < length; i++) {
    state = (state * 48271) % 2147483647
    text += rare !== '' && state % 37 === 0 ? rare[(state >> 4) % rare.length] : letters[(state >> 3) % letters.length]
  }
  return text
}
const AFTER_A = 'bcdefghijklmnopqrstuvwxyz'

test.each([
  [1, 9, 11, 'ab', '', 0.8],
  [3, 12, 8, 'ab', '', 0.6],
  [5, 17, 23, 'abc', '', 0.5],
  [7, 30, 30, 'abc', '', 0.6666666666666666],
  [9, 40, 25, 'abcd', '', 0.49230769230769234],
  [11, 60, 199, 'ab', '', 0.138996138996139],
  [11, 60, 200, 'ab', '', 0.007692307692307693],
  [13, 80, 200, 'ab', AFTER_A.slice(1), 0.014285714285714285],
  [19, 200, 320, 'ab', 'cdefg', 0.05],
  [23, 90, 210, 'a', AFTER_A, 0.05333333333333334],
  [25, 120, 210, 'a', AFTER_A, 0.07272727272727272],
])(
  'texts drawn with seed %i, of %i and %i letters, are as like as difflib says',
  (seed, a, b, letters, rare, ratio) => {
    expect(createSimilarity(draw(seed + 1, b, letters, rare))(draw(seed, a, letters, rare))).toBeCloseTo(ratio, 12)
  },
)

describe('a character that is frequent in a long text', () => {
  const others = (count: number) => String.fromCodePoint(...Array.from({ length: count }, (_, i) => 0x4e00 + i))
  test.each([
    [199, 4, 0.0392156862745098],
    [200, 3, 0.029411764705882353],
    [200, 4, 0],
    [299, 3, 0.019801980198019802],
    [299, 4, 0],
    [300, 4, 0.02622950819672131],
    [300, 5, 0],
  ])('of %i starts no block where it occurs %i times and that is too often', (length, times, ratio) => {
    const frequent = 'z'.repeat(times)
    expect(createSimilarity(others(length - times) + frequent)(`y${frequent}`)).toBeCloseTo(ratio, 12)
  })

  test.each([
    ['ABCzq', `ABCz${others(190)}zq${others(3)}zz`],
    ['qzABC', `qz${others(190)}zABC${others(1)}zzz`],
    ['qzyzABC', `wzzzz${others(190)}qzABC`],
  ])('lengthens no block of %s into another one', (a, b) => {
    expect((createSimilarity(b)(a) * (a.length + b.length)) / 2).toBeCloseTo(5, 10)
  })

  test('lengthens a block to both sides', () => {
    expect(createSimilarity(`${others(190)}zzzzzqzzzzz`)('yzzqzzz')).toBeCloseTo(0.057692307692307696, 12)
  })
})

describe('the nearest word', () => {
  test.each([
    ['hoc', ['hoc1', 'hac', 'area'], 'hoc1'],
    ['area', ['areb'], 'areb'],
    // 7 of 13 letters are too few, 7 of 10 are not
    ['abcdefg', ['abcdefgxxxxxx', 'abcdefgxxx'], 'abcdefgxxx'],
    ['abcdefg', ['abcdefgxxxxxx'], 'abcdefgxxxxxx'],
    ['abcdefg', ['abcdefgxxxxxxx'], undefined],
    ['abcdefghij', ['abcdefgxyz'], 'abcdefgxyz'],
    ['abcdefghij', ['abcdefwxyz'], undefined],
    // of equally like ones the first
    ['left', ['lefft', 'leftt', 'lef'], 'lefft'],
    ['left', ['lef', 'leftt', 'lefft'], 'leftt'],
    ['abcdefghij', ['abcdefghix', 'abcdefghiy'], 'abcdefghix'],
    // itself, wherever it stands
    ['left', ['leftt', 'left'], 'left'],
    ['Left', ['left'], 'left'],
    ['left', [], undefined],
  ])('to %s of %j is %s', (word, candidates, nearest) => {
    expect(nearestOf(candidates, word)).toBe(nearest)
  })
})

test('the most similar come first, those that are alike in their order', () => {
  const sort = (names: string[]) =>
    sortBySimilarity(
      names.map((name) => ({ name })),
      'left',
    ).map(({ name }) => name)
  expect(sort(['right', 'leftt', 'left', 'lefft'])).toEqual(['left', 'leftt', 'lefft', 'right'])
  expect(sort(['b', 'left'])).toEqual(['left', 'b'])
  expect(sort(['b'])).toEqual(['b'])
})
