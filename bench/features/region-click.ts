/** The requests that siibra-explorer sends when a region is selected, beside what was published of the original. */
import type { Sample } from '../session/replay.ts'
import { replaySession } from '../session/replay.ts'
import { percentile } from '../session/report.ts'
import { loadTrace, type Step } from '../session/trace.ts'

const PHASE = 'click_region'

export interface ClickRow {
  route: string
  requests: number
  'cold p50': number
  'cold max': number
  'warm p50': number
  'warm max': number
  'published p50': number | string
  'published p95': number | string
}

/** Replays them twice on a service that has answered nothing yet; times by route, in ms. */
export async function timeRegionClick(
  base: string,
  traceFile: string,
): Promise<{ rows: ClickRow[]; wallMs: number[] }> {
  const steps = loadTrace(traceFile).filter(({ phase }) => phase === PHASE)
  const [cold, warm] = [await replaySession(new URL(base), steps), await replaySession(new URL(base), steps)]
  const failed = [...cold.samples, ...warm.samples].find(({ status }) => status !== 200)
  if (failed) throw new Error(`${failed.path} answered ${failed.status}`)
  const routes = [...new Set(steps.map(({ path }) => routeOf(path)))]
  const rows = routes.map((route): ClickRow => {
    const times = (samples: Sample[]) => samples.filter(({ path }) => routeOf(path) === route).map(({ ms }) => ms)
    const published = steps.find(({ path }) => routeOf(path) === route)?.referenceMs
    return {
      route,
      requests: times(cold.samples).length,
      'cold p50': round(percentile(times(cold.samples), 0.5)),
      'cold max': round(Math.max(...times(cold.samples))),
      'warm p50': round(percentile(times(warm.samples), 0.5)),
      'warm max': round(Math.max(...times(warm.samples))),
      'published p50': published?.p50 ?? '',
      'published p95': published?.p95 ?? '',
    }
  })
  return { rows, wallMs: [cold, warm].map((run) => Math.round(run.phaseMs[PHASE] as number)) }
}

/** `/regions/{}/related` of a path: ids left out. */
function routeOf(path: Step['path']): string {
  const [route = ''] = path.replace(/^\/v3_0/, '').split('?')
  return route.replace(/^\/(regions|maps)\/.+?(\/related)?$/, '/$1/{id}$2')
}

const round = (ms: number) => Math.round(ms * 10) / 10
