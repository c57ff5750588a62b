import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { QUEUE_NAMES } from '../dispatch/task.ts'
import { createRequestMetrics, type RequestMetrics } from './request-metrics.ts'
import type { ServerDeps } from './service.ts'

export interface Metrics extends Pick<RequestMetrics, 'observe'> {
  registry: Registry
}

export function createMetrics({ dispatcher, cache, state, info }: Omit<ServerDeps, 'logger'>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = createRequestMetrics()
  requests.register(registry)
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

  return { registry, observe: requests.observe }
}

export function registerMetrics(app: FastifyInstance, { registry }: Metrics): void {
  app.get('/metrics', async (_request, reply) =>
    reply
      .header('content-type', registry.contentType)
      .header('cache-control', 'no-store')
      .send(await registry.metrics()),
  )
}
