import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { QueueDispatcher } from '../dispatch/queue/dispatcher.ts'
import type { QueueHealth } from '../dispatch/queue/workers/probe.ts'
import { answerForClients, forClients } from '../platform/disclosure.ts'
import type { Dispatcher } from '../tasks/dispatcher.ts'
import { QUEUE_NAMES, type QueueName } from '../tasks/task.ts'
import type { ResponseCache } from './cache/cache.ts'
import { sendError } from './http/reply.ts'
import type { ServiceState } from './service.ts'

export interface HealthParts {
  dispatcher: Pick<Dispatcher, 'status'>
  queue?: Pick<QueueDispatcher, 'health'>
  cache: Pick<ResponseCache, 'name' | 'isReachable' | 'stats'>
  state: ServiceState
}

/** Probes. None of them waits for a queue or a pool. */
export function registerHealth(
  app: FastifyInstance,
  { dispatcher, queue, cache, state }: HealthParts,
  { readyQueues }: Pick<Config, 'readyQueues'>,
): void {
  /** What is missing before requests can be answered, if anything is. */
  const missing = () => (state.phase === 'ready' ? queue && missingOf(queue.health(), readyQueues) : state.reason)

  /** The original's probe: the JSON string "ready". */
  app.get('/ready', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    const reason = missing()
    if (reason === undefined) return reply.type('application/json').send('"ready"')
    reply.header('retry-after', 1)
    return sendError(reply, 503, `Not ready: ${reason}`)
  })

  app.get('/livez', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return { status: 'alive', phase: state.phase, uptimeS: Math.round((Date.now() - state.startedAtMs) / 1000) }
  })

  app.get('/readyz', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    const reason = missing()
    const health = queue?.health()
    return reply.code(reason === undefined ? 200 : 503).send({
      status: reason === undefined ? 'ready' : state.phase === 'ready' ? 'not ready' : state.phase,
      ...(reason === undefined ? {} : { reason: forClients(reason) }),
      ...(health ? { ...health, queuesWithoutWorker: QUEUE_NAMES.filter((name) => health.workers[name] === 0) } : {}),
      configuration: answerForClients(state.core),
      dataVersion: state.dataVersion ?? null,
      cache: { name: cache.name, isReachable: await cache.isReachable(), ...cache.stats() },
      queues: await dispatcher.status(),
    })
  })
}

/**
 * What is missing behind a server before it can answer, if anything is: the broker, where queues lie at several of them, all; with one
 * that is left its routes are answered. A queue counts as missing until it has had a worker once: whoever waits for a start need not
 * meet refusals after it.
 */
export function missingOf(
  { problems, awaited, queuesAway }: QueueHealth,
  readyQueues: readonly QueueName[],
): string | undefined {
  const needed = readyQueues.length > 0 ? readyQueues : QUEUE_NAMES
  if (needed.every((name) => queuesAway.includes(name))) return problems.join('; ')
  const queues = awaited.filter((name) => readyQueues.includes(name))
  return queues.length === 0 ? undefined : `no worker yet takes tasks of ${queues.join(', ')}`
}
