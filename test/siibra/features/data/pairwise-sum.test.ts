import { expect, test } from 'vitest'
import { pairwiseMean, pairwiseSum } from '../../../../src/siibra/features/data/pairwise-sum.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, i) => ((i * 7919) % 10007) / (1 + (i % 13)))

/** By numpy 2: `v.sum()`, `v.astype('float32').sum()`, `v.mean()`. Below 8, up to 128 and above it, numpy adds in other orders. */
test.each([
  [7, 9835.011904761905, 9835.01171875, 1405.001700680272],
  [8, 10509.761904761905, 10509.76171875, 1313.720238095238],
  [9, 10877.539682539682, 10877.5390625, 1208.615520282187],
  [15, 16071.912759462759, 16071.912109375, 1071.4608506308507],
  [16, 18974.57942612943, 18974.580078125, 1185.9112141330893],
  [127, 147898.82304362304, 147898.8125, 1164.5576617608112],
  [128, 148354.5503163503, 148354.546875, 1159.0199243464867],
  [129, 148598.3003163503, 148598.296875, 1151.9248086538782],
  [136, 164370.31826506826, 164370.3125, 1208.605281360796],
  [200, 238183.68727661227, 238183.6875, 1190.9184363830614],
  [264, 318208.75240037736, 318208.75, 1205.3361833347626],
  [300, 357847.7757853258, 357847.75, 1192.8259192844193],
  [1000, 1223114.7864829614, 1223114.75, 1223.1147864829613],
])('%i numbers have the sums and the mean of numpy, to the last bit', (count, sum, single, mean) => {
  const values = numbers(count)
  expect(pairwiseSum(values)).toBe(sum)
  expect(pairwiseSum(Float32Array.from(values), 0, count, Math.fround)).toBe(single)
  expect(pairwiseMean(values)).toBe(mean)
  // a part of more numbers
  expect(pairwiseSum([1e6, ...values, 1e7], 1, count)).toBe(sum)
})

test('128 numbers are one block', () => {
  const values = Array.from({ length: 128 }, (_, i) => ((i * 7919 + 3) % 10007) / (1 + (i % 13)))
  // by numpy; the sums of its halves together are another double
  expect(pairwiseSum(values)).toBe(148449.47355977356)
  expect(pairwiseSum(values, 0, 64) + pairwiseSum(values, 64, 64)).not.toBe(148449.47355977356)
})

test('the mean of nothing is no number', () => {
  expect(pairwiseMean([])).toBeNaN()
})
