import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type Criticality, QUEUE_NAMES } from '../dispatch/task.ts'
import type { CacheOutcome } from './api.ts'
import type { RouteRecord } from './routes/route.ts'
import type { ServerDeps } from './service.ts'

/** From a cached answer (well under 1 ms) to what a gateway gives up on. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

export interface Metrics {
  registry: Registry
  /** An answered request; `route` is undefined for what is not part of the API. */
  observe(route: RouteRecord | undefined, status: number, cache: CacheOutcome, ms: number): void
}

export function createMetrics({ dispatcher, cache, state, info }: Omit<ServerDeps, 'logger'>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const seconds = new Histogram({
    name: 'siibra_api_request_seconds',
    help: 'Time from the head of a request to the last byte of its answer, by route and criticality',
    labelNames: ['route', 'criticality', 'cache'],
    buckets: SECONDS,
    registers,
  })
  const answers = new Counter({
    name: 'siibra_api_answers_total',
    help: 'Answers by route and status',
    labelNames: ['route', 'status'],
    registers,
  })
  const gauge = (name: string, help: string, labelNames: string[], collect: (self: Gauge) => void | Promise<void>) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        await collect(this)
      },
    })

  gauge('siibra_api_info', 'What this process is; always 1', ['version', 'role', 'git_hash'], (self) => {
    self.set({ version: info.apiVersion, role: info.role, git_hash: info.gitHash }, 1)
  })
  gauge('siibra_api_ready', '1 when the service can answer', [], (self) => self.set(state.phase === 'ready' ? 1 : 0))
  gauge('siibra_api_queue_tasks', 'Tasks of a queue', ['queue', 'state'], async (self) => {
    const status = await dispatcher.status()
    for (const queue of QUEUE_NAMES) {
      self.set({ queue, state: 'waiting' }, status[queue].waiting)
      self.set({ queue, state: 'active' }, status[queue].active)
    }
  })
  gauge('siibra_api_queue_workers', 'Threads or workers of a queue', ['queue'], async (self) => {
    const status = await dispatcher.status()
    for (const queue of QUEUE_NAMES) self.set({ queue }, status[queue].workers)
  })
  gauge('siibra_api_cache_bytes', 'Bytes that the response cache holds', [], (self) => self.set(cache.stats().bytes))
  gauge('siibra_api_cache_entries', 'Answers in the response cache', [], (self) => self.set(cache.stats().entries))
  gauge('siibra_api_cache_lookups', 'Look-ups of the response cache', ['outcome'], (self) => {
    const { hits, misses, errors } = cache.stats()
    self.set({ outcome: 'hit' }, hits)
    self.set({ outcome: 'miss' }, misses)
    self.set({ outcome: 'error' }, errors)
  })

  // one child per combination, so that a cached answer costs no hashing of labels
  const children = new Map<string, { time: Histogram.Internal<string>; count: Counter.Internal }>()
  const childrenOf = (route: string, criticality: Criticality | 'none', status: number, outcome: CacheOutcome) => {
    const key = `${route} ${status} ${outcome}`
    let known = children.get(key)
    if (known === undefined) {
      known = { time: seconds.labels(route, criticality, outcome), count: answers.labels(route, String(status)) }
      children.set(key, known)
    }
    return known
  }

  return {
    registry,
    observe(route, status, outcome, ms) {
      const { time, count } = childrenOf(route?.path ?? 'other', route?.criticality ?? 'none', status, outcome)
      time.observe(ms / 1000)
      count.inc()
    },
  }
}

export function registerMetrics(app: FastifyInstance, { registry }: Metrics): void {
  app.get('/metrics', async (_request, reply) =>
    reply
      .header('content-type', registry.contentType)
      .header('cache-control', 'no-store')
      .send(await registry.metrics()),
  )
}
