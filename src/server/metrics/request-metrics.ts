/**
 * Counts and times of requests, kept in plain arrays: prom-client hashes labels at every observation, which is more than
 * all else that a cached answer costs. What it shows is made only when it is asked for.
 */
import type { Metric, MetricValue, Registry } from 'prom-client'
import type { Criticality } from '../../tasks/task.ts'
import type { CacheOutcome } from '../http/exchange.ts'
import type { RouteRecord } from '../routes/route.ts'

/** Upper bounds of the buckets, from a cached answer (well under 1 ms) to what a gateway gives up on. */
export const BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

interface Cell {
  labels: { route: string; criticality: Criticality | 'none'; cache: CacheOutcome; status: string }
  /** Per bucket, not cumulated; the last one is for what is slower than all. */
  counts: Float64Array
  sumS: number
}

export interface RequestMetrics {
  /** `route` is undefined for what is not part of the API. */
  observe(route: RouteRecord | undefined, status: number, cache: CacheOutcome, ms: number): void
  /** Adds a histogram and a counter to a registry. */
  register(registry: Registry): void
}

/** The path; with its method where that is not GET, as a path may have several. */
const labelOf = ({ method, path }: RouteRecord) => (method === 'GET' ? path : `${method} ${path}`)

export function createRequestMetrics(): RequestMetrics {
  const cells = new Map<RouteRecord | undefined, Map<string, Cell>>()

  const cellOf = (route: RouteRecord | undefined, status: number, cache: CacheOutcome): Cell => {
    let ofRoute = cells.get(route)
    if (ofRoute === undefined) {
      ofRoute = new Map()
      cells.set(route, ofRoute)
    }
    const key = cache + status
    let cell = ofRoute.get(key)
    if (cell === undefined) {
      const criticality = route?.criticality ?? 'none'
      const labels = {
        route: route === undefined ? 'other' : labelOf(route),
        criticality,
        cache,
        status: String(status),
      } as const
      cell = { labels, counts: new Float64Array(BUCKETS_S.length + 1), sumS: 0 }
      ofRoute.set(key, cell)
    }
    return cell
  }

  const allCells = () => [...cells.values()].flatMap((ofRoute) => [...ofRoute.values()])

  return {
    observe(route, status, cache, ms) {
      const cell = cellOf(route, status, cache)
      const seconds = ms / 1000
      let bucket = 0
      while (bucket < BUCKETS_S.length && seconds > (BUCKETS_S[bucket] as number)) bucket++
      cell.counts[bucket] = (cell.counts[bucket] as number) + 1
      cell.sumS += seconds
    },
    register(registry) {
      registry.registerMetric(
        lazyMetric(
          'siibra_api_request_seconds',
          'Time from the head of a request to the end of its answer',
          'histogram',
          () => allCells().flatMap(histogramValues),
        ),
      )
    },
  }
}

type NamedValue = MetricValue<string> & { metricName: string }

function histogramValues({ labels, counts, sumS }: Cell): NamedValue[] {
  const name = 'siibra_api_request_seconds'
  let total = 0
  const buckets = [...counts].map((count, i) => {
    total += count
    return { metricName: `${name}_bucket`, labels: { ...labels, le: BUCKETS_S[i] ?? '+Inf' }, value: total }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sumS },
    { metricName: `${name}_count`, labels, value: total },
  ]
}

/** A metric of prom-client whose values are made when they are read. */
function lazyMetric(name: string, help: string, type: 'histogram' | 'counter', values: () => NamedValue[]): Metric {
  const metric = { name, help, type, aggregator: 'sum', get: async () => ({ ...metric, values: values() }), reset() {} }
  // what prom-client asks of a metric when it is scraped; its type is a class with private members
  return metric as unknown as Metric
}
