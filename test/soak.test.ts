/** What a soak takes for growth, and for an event loop that is late. */
import { describe, expect, test } from 'vitest'
import { judgeLoop } from '../bench/soak/report.ts'
import { type Sample, trendOf } from '../bench/soak/trend.ts'

const TOLERANCE = { share: 0.05, absolute: 10 }
const judge = (valueAt: (s: number) => number, isSawtooth = false) => {
  const samples: Sample[] = Array.from({ length: 720 }, (_, i) => ({ atS: 5 * i, value: valueAt(5 * i) }))
  return trendOf(samples, { fromS: 1200, tolerance: TOLERANCE, isSawtooth })
}
/** The same every time, as evenly spread as chance is. */
const noise = (s: number) => ((s * 7919) % 1000) / 1000

describe('the trend of a series', () => {
  test('what grows steadily does, and its slope is told', () => {
    const trend = judge((s) => 200 + s / 60 + 5 * noise(s))
    expect(trend?.verdict).toBe('grows')
    expect(trend?.perHour).toBeCloseTo(60, 0)
    expect(trend?.growth).toBeCloseTo(40, 0)
  })

  test('what grows only while it settles is level', () => {
    expect(judge((s) => 200 + Math.min(s, 1200) / 6)?.verdict).toBe('level')
  })

  test('noise is level, however wide', () => {
    expect(judge((s) => 200 + 100 * noise(s))?.verdict).toBe('level')
  })

  test('a rise of no more than is tolerated is level', () => {
    expect(judge((s) => 200 + s / 600)?.verdict).toBe('level')
  })

  test('garbage that comes and goes above what is held is none of it, and does not hide what is', () => {
    const sawtooth = (s: number) => (s % 100) / 2
    expect(judge((s) => 200 + sawtooth(s), true)?.verdict).toBe('level')
    expect(judge((s) => 200 + s / 60 + sawtooth(s), true)?.verdict).toBe('grows')
  })

  test('what shrinks is level', () => {
    expect(judge((s) => 400 - s / 60)?.verdict).toBe('level')
  })

  test('too few samples are judged by nobody', () => {
    expect(trendOf([{ atS: 0, value: 1 }], { fromS: 0, tolerance: TOLERANCE })).toBeUndefined()
    expect(judge(() => 1)).toBeDefined()
  })
})

describe('the delay of the event loop', () => {
  const intervals = (count: number, serverMs: number, idleMs: number) => Array(count).fill({ serverMs, idleMs })

  test('is that of the intervals in which the machine itself delayed nobody', () => {
    const judged = judgeLoop([...intervals(30, 8, 1), ...intervals(300, 60, 50)])
    expect(judged).toMatchObject({ quietMs: 8, allMs: 60, quiet: 30, judgedBy: 'quiet intervals', verdict: 'in time' })
    expect(judgeLoop(intervals(30, 25, 1)).verdict).toBe('late')
  })

  test('is what comes on top of that of the machine where it is never quiet', () => {
    expect(judgeLoop(intervals(300, 60, 50))).toMatchObject({ judgedBy: 'difference', verdict: 'in time' })
    expect(judgeLoop(intervals(300, 90, 50)).verdict).toBe('late')
  })
})
