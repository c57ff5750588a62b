import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { QueueDispatcher } from '../../dispatch/queue/dispatcher.ts'
import type { Dispatcher } from '../../tasks/dispatcher.ts'
import { QUEUE_NAMES } from '../../tasks/task.ts'
import type { Weights } from '../../tasks/weights.ts'
import type { ResponseCache } from '../cache/cache.ts'
import type { ServiceInfo, ServiceState } from '../service.ts'
import { registerFleetMetrics } from './fleet-metrics.ts'
import { createRequestMetrics, type RequestMetrics } from './request-metrics.ts'
import type { TaskMetrics } from './task-metrics.ts'
import { createWeightedWindows, type WeightedWindows, WINDOWS_S } from './weighted-windows.ts'

export interface Metrics extends Pick<RequestMetrics, 'observe'> {
  registry: Registry
  windows: WeightedWindows
}

/** What is measured. */
export interface MetricsParts {
  dispatcher: Pick<Dispatcher, 'status' | 'cacheBytes'>
  /** What lies behind the dispatcher where it is a queue (role server). */
  queue?: QueueDispatcher
  tasks?: Pick<TaskMetrics, 'register'>
  cache: Pick<ResponseCache, 'stats'>
  info: ServiceInfo
  state: Pick<ServiceState, 'phase'>
}

export function createMetrics(
  { dispatcher, queue, tasks, cache, info, state }: MetricsParts,
  weights: Weights,
  monitorDir?: string,
): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = createRequestMetrics()
  requests.register(registry)
  tasks?.register(registry)
  const windows = createWeightedWindows(weights)
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
  gauge('siibra_api_cache_bytes', 'Bytes that a cache holds: answers, decoded volumes', ['cache'], (self) => {
    self.set({ cache: 'responses' }, cache.stats().bytes)
    for (const [name, bytes] of Object.entries(dispatcher.cacheBytes?.() ?? {})) self.set({ cache: name }, bytes)
  })
  gauge('siibra_api_cache_entries', 'Answers in the response cache', [], (self) => self.set(cache.stats().entries))
  gauge('siibra_api_cache_lookups', 'Look-ups of the response cache', ['outcome'], (self) => {
    const { hits, misses, errors } = cache.stats()
    self.set({ outcome: 'hit' }, hits)
    self.set({ outcome: 'miss' }, misses)
    self.set({ outcome: 'error' }, errors)
  })

  gauge(
    'siibra_api_weighted_response_seconds',
    'Response time of the last minutes, weighted by criticality; failed requests count 30 s',
    ['window'],
    (self) => {
      for (const windowS of WINDOWS_S) {
        const { weightedMs } = windows.summarize(windowS)
        const window = `${windowS / 60}m`
        if (Number.isNaN(weightedMs)) self.remove({ window })
        else self.set({ window }, weightedMs / 1000)
      }
    },
  )
  gauge(
    'siibra_api_criticality_weight',
    'Weight of a criticality in weighted response times',
    ['criticality'],
    (self) => {
      for (const [criticality, weight] of Object.entries(weights)) self.set({ criticality }, weight)
    },
  )
  registerFleetMetrics(registry, { queue, monitorDir })
  let lastUtilization = performance.eventLoopUtilization()
  gauge(
    'siibra_api_event_loop_utilization',
    'Share of the time since the last look that the event loop was busy',
    [],
    (self) => {
      const now = performance.eventLoopUtilization()
      self.set(performance.eventLoopUtilization(now, lastUtilization).utilization)
      lastUtilization = now
    },
  )

  return {
    registry,
    windows,
    observe(route, status, outcome, ms) {
      requests.observe(route, status, outcome, ms)
      // 499: the client went away, nothing was answered
      if (route !== undefined && status !== 499) windows.observe(route.criticality, status, ms)
    },
  }
}

export function registerMetrics(
  app: FastifyInstance,
  { registry }: Metrics,
  onRequest?: onRequestAsyncHookHandler,
): void {
  app.get('/metrics', onRequest ? { onRequest } : {}, async (_request, reply) =>
    reply
      .header('content-type', registry.contentType)
      .header('cache-control', 'no-store')
      .send(await registry.metrics()),
  )
}
