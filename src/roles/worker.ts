import { hostname } from 'node:os'
import { chooseConfiguration } from '../atlas/choose-configuration.ts'
import type { Config } from '../config.ts'
import type { QueueBroker } from '../dispatch/queue/brokers/queue-brokers.ts'
import { parseQueueNames } from '../dispatch/queue/names.ts'
import { findIdleQueues, listWorkers } from '../dispatch/queue/workers/heartbeats.ts'
import { createGenerations } from '../dispatch/threads/generations.ts'
import { lowerProcessPriority } from '../dispatch/threads/thread-priority.ts'
import { createThreadsDispatcher } from '../dispatch/threads/threads.ts'
import { keepStorageSwept } from '../downloads/object-storage.ts'
import { keepSwept } from '../downloads/shared-folder.ts'
import { closeRedis, connectRedis } from '../platform/redis.ts'
import type { QueueName } from '../tasks/task.ts'
import { serveHealth } from '../worker/health.ts'
import { startWorkers } from '../worker/several-brokers.ts'
import { reloadOnSignal } from './reload.ts'
import { openLog, openStorage, queueSettings, reportTo, threadsOptions } from './settings.ts'

/**
 * How long a worker answers with the data before, when it has read new ones: servers ask for them until all workers have the new ones.
 * Long enough for signals that reach the workers one after the other, and for a large configuration.
 */
const KEEP_OLDER_DATA_MS = 60_000

/**
 * Role `worker`: runs tasks of some queues in threads, until it is told to stop.
 *
 * @param names  queues, separated by commas, by short or full name; undefined: all. Throws INVALID_PARAMETER for others.
 */
export async function startWorkerRole(config: Config, names: string | undefined): Promise<void> {
  const queues = parseQueueNames(names, queueSettings(config).scope)
  const logger = openLog(config, 'siibra-api-worker')
  const startedAtMs = Date.now()
  const storage = await openStorage(config)
  let { configuration } = await chooseConfiguration(config, false, (what) => logger.info(what))
  // Beside a worker of critical tasks, on the same machine, the others take what it leaves.
  const isCritical = queues.includes('core')
  if (!isCritical) lowerProcessPriority(config.threadNiceness)
  const threadsOf = () =>
    createThreadsDispatcher({
      ...threadsOptions(config, logger, () => configuration),
      // servers run tasks of `core` themselves (near-threads.ts): beside other queues they seldom come here
      queues: [...queues.filter((queue) => queue !== 'core'), ...queues.filter((queue) => queue === 'core')],
      lateQueues: ['core', 'compounds'],
      niceness: isCritical ? config.threadNiceness : 0,
    })
  const executor = createGenerations({
    create: threadsOf,
    keepMs: KEEP_OLDER_DATA_MS,
    onProblem: (message) => logger.error(message),
    onSwitch: ({ summary, dataVersion }) => {
      for (const problem of summary.problems) logger.warn(`Left out of the configuration: ${problem}`)
      logger.info({ configuration: summary, dataVersion }, 'Serving other data')
    },
  })
  const core = await executor.start()
  const { brokers, scope } = queueSettings(config)
  const worker = startWorkers({
    brokers,
    scope,
    threads: Object.fromEntries(queues.map((queue) => [queue, config.threads[queue]])),
    executor,
    sharedDir: config.sharedDir,
    storage,
    dataVersion: executor.currentVersion,
    report: reportTo(logger),
    onProblem: (message) => logger.error({ queue: true }, message),
    onWarning: (message) => logger.warn({ queue: true }, message),
    fileBounds: { maxBytes: config.resultFileBytes, maxFiles: config.resultFiles },
    onTask: (task, queue, result, elapsedMs) => {
      const outcome = result === 'dropped' ? result : result.ok ? 'ok' : result.code
      logger[outcome === 'INTERNAL' ? 'error' : 'info']({ task, queue, outcome, ms: Math.round(elapsedMs) })
    },
  })
  const health =
    config.workerPort === undefined ? undefined : await serveHealth(worker, { ...config, port: config.workerPort })
  logger.info({ queues, scope, configuration: core, readyMs: Date.now() - startedAtMs }, 'Worker started')
  logger.flush()
  void executor.startOthers().catch((thrown) => logger.error({ err: thrown }, 'Preparing further threads failed'))

  keepSwept(config.sharedDir)
  if (storage) keepStorageSwept(storage, (message) => logger.warn({ sweep: true }, message))

  reloadOnSignal(logger, async () => {
    configuration = (await chooseConfiguration(config, false)).configuration
    const isNew = await executor.reload()
    worker.announce()
    return isNew
  })

  let isStopping = false
  const stop = async (signal: string) => {
    if (isStopping) return
    isStopping = true
    logger.info({ signal }, 'Stopping')
    const graceMs = config.graceS * 1000
    setTimeout(() => process.exit(1), graceMs + 5_000).unref()
    await worker.close(graceMs)
    await health?.close()
    logger.flush(() => process.exit(0))
    setTimeout(() => process.exit(0), 200)
  }
  process.once('SIGTERM', () => void stop('SIGTERM'))
  process.once('SIGINT', () => void stop('SIGINT'))
}

/** Readiness as a command, for probes: a worker of this host was heard of lately, at the broker of each queue. */
export async function checkWorker(config: Config, names: string | undefined): Promise<void> {
  const { brokers, scope } = queueSettings(config)
  const wanted = parseQueueNames(names, scope)
  const findMissing = async ({ brokerUrl, queues }: QueueBroker): Promise<QueueName[]> => {
    const asked = queues.filter((queue) => wanted.includes(queue))
    if (asked.length === 0) return []
    const redis = connectRedis(brokerUrl, { name: 'siibra-api check', retryForever: true, commandTimeoutMs: 3_000 })
    const workers = await listWorkers(redis, scope).catch(() => [])
    await closeRedis(redis)
    return findIdleQueues(
      workers.filter(({ host }) => host === hostname()),
      asked,
    )
  }
  const missing = (await Promise.all(brokers.map(findMissing))).flat()
  const state = missing.length === 0 ? 'ready' : `no worker of ${hostname()} takes ${missing.join(', ')}`
  process.stdout.write(`${state}\n`)
  process.exitCode = missing.length === 0 ? 0 : 1
}
