/** Whether a series of samples is level: what it holds in the end beside what it held once the service had settled. */

export interface Sample {
  /** Since the start of the load, s. */
  atS: number
  value: number
}

/** How much of a growth is none: of what was there in the beginning, and in the unit of the series. */
export interface Tolerance {
  share: number
  absolute: number
}

export interface Trend {
  /** After the settling time. */
  first: number
  last: number
  perHour: number
  /** Growth over the measured time, from the slope. */
  growth: number
  verdict: 'level' | 'grows'
}

const WINDOWS = 16
/** Mann and Kendall's statistic beyond which a rise is none by chance (one of 200). */
const RISES_FROM_Z = 2.6

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

/**
 * A series grows where its windows rise, one after the other, more than by chance, and by more than is tolerated over the time that was
 * measured. Of each window its lowest value counts where garbage comes and goes above what is held, else its median. A step that is not
 * followed by another is no growth.
 */
export function trendOf(
  samples: readonly Sample[],
  { fromS, tolerance, isSawtooth = false }: { fromS: number; tolerance: Tolerance; isSawtooth?: boolean },
): Trend | undefined {
  const settled = samples.filter(({ atS }) => atS >= fromS)
  const [begin, end] = [settled[0]?.atS, settled.at(-1)?.atS]
  if (begin === undefined || end === undefined || settled.length < 2 * WINDOWS) return undefined
  const lengthS = (end - begin) / WINDOWS
  const windows = Array.from({ length: WINDOWS }, (_, i) =>
    settled.filter(({ atS }) => Math.min(WINDOWS - 1, Math.floor((atS - begin) / lengthS)) === i),
  ).flatMap((window) => {
    const values = window.map(({ value }) => value)
    return values.length === 0
      ? []
      : [{ atS: medianOf(window.map(({ atS }) => atS)), value: isSawtooth ? Math.min(...values) : medianOf(values) }]
  })
  const perS = medianOf(pairsOf(windows).map(([a, b]) => (b.value - a.value) / (b.atS - a.atS)))
  const first = medianOf(windows.slice(0, 3).map(({ value }) => value))
  const last = medianOf(windows.slice(-3).map(({ value }) => value))
  const growth = perS * (end - begin)
  const isTolerated = Math.min(growth, last - first) <= Math.max(tolerance.absolute, tolerance.share * first)
  const grows = !isTolerated && risesBy(windows.map(({ value }) => value)) > RISES_FROM_Z
  return { first, last, perHour: perS * 3600, growth, verdict: grows ? 'grows' : 'level' }
}

function pairsOf<T>(all: readonly T[]): [T, T][] {
  return all.flatMap((a, i) => all.slice(i + 1).map((b): [T, T] => [a, b]))
}

/** Mann and Kendall's Z: how many pairs rise, less those that fall, by the deviation that chance gives. */
function risesBy(values: readonly number[]): number {
  const n = values.length
  const s = pairsOf(values).reduce((sum, [a, b]) => sum + Math.sign(b - a), 0)
  return (s - Math.sign(s)) / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
}
