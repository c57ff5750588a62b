import type { FastifyInstance } from 'fastify'
import { sendError } from './api.ts'
import type { ServerDeps } from './service.ts'

/** Probes. None of them waits for a queue or a pool. */
export function registerHealth(app: FastifyInstance, deps: Pick<ServerDeps, 'dispatcher' | 'cache' | 'state'>): void {
  const { dispatcher, cache, state } = deps

  /** The original's probe: the JSON string "ready". */
  app.get('/ready', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    if (state.phase === 'ready') return reply.type('application/json').send('"ready"')
    reply.header('retry-after', 1)
    return sendError(reply, 503, `Not ready: ${state.reason}`)
  })

  app.get('/livez', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return { status: 'alive', phase: state.phase, uptimeS: Math.round((Date.now() - state.startedAtMs) / 1000) }
  })

  app.get('/readyz', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    const isReady = state.phase === 'ready'
    return reply.code(isReady ? 200 : 503).send({
      status: isReady ? 'ready' : state.phase,
      ...(isReady ? {} : { reason: state.reason }),
      configuration: state.core,
      cache: { name: cache.name, isReachable: await cache.isReachable(), ...cache.stats() },
      queues: await dispatcher.status(),
    })
  })
}
