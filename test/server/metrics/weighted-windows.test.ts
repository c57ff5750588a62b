import { expect, it } from 'vitest'
import { createWeightedWindows } from '../../../src/server/metrics/weighted-windows.ts'

const weights = { critical: 10, normal: 3, background: 1 }

it('weighs times by criticality', () => {
  const windows = createWeightedWindows(weights, () => 1e12)
  windows.observe('critical', 200, 10)
  windows.observe('normal', 404, 20)
  windows.observe('background', 200, 400)
  const { weightedMs, answers, classes } = windows.summarize(60)
  expect(weightedMs).toBeCloseTo((10 * 10 + 3 * 20 + 400) / 14)
  expect(answers).toBe(3)
  expect(classes.normal).toMatchObject({ answers: 1, failed: 0, meanMs: 20 })
})

it('counts a failed request as 30 s', () => {
  const windows = createWeightedWindows(weights, () => 1e12)
  windows.observe('critical', 503, 1)
  windows.observe('critical', 200, 1)
  expect(windows.summarize(60).weightedMs).toBeCloseTo(15_000.5)
  expect(windows.summarize(60).classes.critical.failed).toBe(1)
})

it('forgets what is older than the window', () => {
  let nowMs = 1e12
  const windows = createWeightedWindows(weights, () => nowMs)
  windows.observe('critical', 200, 100)
  nowMs += 120_000
  windows.observe('critical', 200, 10)
  expect(windows.summarize(60).weightedMs).toBeCloseTo(10)
  expect(windows.summarize(300).weightedMs).toBeCloseTo(55)
  nowMs += 900_000
  expect(windows.summarize(900)).toMatchObject({ answers: 0, weightedMs: Number.NaN })
})

it('gives quantiles that are right to a tenth', () => {
  const windows = createWeightedWindows(weights, () => 1e12)
  for (let i = 1; i <= 1000; i++) windows.observe('critical', 200, i)
  const { p50Ms, p99Ms } = windows.summarize(60).classes.critical
  expect(Math.abs(p50Ms / 500 - 1)).toBeLessThan(0.1)
  expect(Math.abs(p99Ms / 990 - 1)).toBeLessThan(0.1)
})

it('draws the last slots, oldest first', () => {
  let nowMs = 1e12
  const windows = createWeightedWindows(weights, () => nowMs)
  windows.observe('critical', 200, 7)
  nowMs += 5_000
  windows.observe('normal', 200, 9)
  windows.observe('normal', 200, 11)
  expect(windows.history(3)).toEqual([
    { answersPerS: 0, weightedMs: Number.NaN },
    { answersPerS: 0.2, weightedMs: 7 },
    { answersPerS: 0.4, weightedMs: 10 },
  ])
})

it('tells failures from 500 on, of each criticality by itself', () => {
  const windows = createWeightedWindows(weights, () => 1e12)
  for (const status of [499, 500]) windows.observe('background', status, 40)
  const { classes } = windows.summarize(60)
  expect(classes.background).toMatchObject({ answers: 2, failed: 1, meanMs: 15_020 })
  expect(classes.normal).toEqual({ answers: 0, failed: 0, meanMs: Number.NaN, p50Ms: Number.NaN, p99Ms: Number.NaN })
})

it('puts times into buckets that grow by a fifth', () => {
  // of two answers, the first is the middle one and the second the slowest
  const quantiles = (first: number, second: number) => {
    const windows = createWeightedWindows(weights, () => 1e12)
    for (const ms of [first, second]) windows.observe('normal', 200, ms)
    const { p50Ms, p99Ms } = windows.summarize(60).classes.normal
    return [p50Ms, p99Ms]
  }
  expect(quantiles(0.05, 0.051)).toEqual([0.05, 0.05 * 1.2 ** 0.5])
  expect(quantiles(0.059, 0.061)).toEqual([0.05 * 1.2 ** 0.5, 0.05 * 1.2 ** 1.5])
  // the last bucket takes all that is slower
  expect(quantiles(80_000, 1e9)).toEqual([0.05 * 1.2 ** 78.5, 0.05 * 1.2 ** 78.5])
})

it('remembers a quarter of an hour, and no more', () => {
  let nowMs = 1e12
  const windows = createWeightedWindows(weights, () => nowMs)
  windows.observe('normal', 200, 7)
  nowMs += 895_000
  windows.observe('normal', 200, 9)
  expect(windows.summarize(900)).toMatchObject({ answers: 2, weightedMs: 8 })
  nowMs += 5_000
  expect(windows.summarize(900)).toMatchObject({ answers: 1, weightedMs: 9 })
})
