import { chooseConfiguration } from '../atlas/choose-configuration.ts'
import type { Config } from '../config.ts'
import { createQueues } from '../dispatch/queue/brokers/several-brokers.ts'
import { createNearTasks } from '../dispatch/queue/near-tasks.ts'
import { openSharedFolder } from '../downloads/shared-folder.ts'
import { loadTracing } from '../platform/tracing.ts'
import { buildServer } from '../server/build-server.ts'
import { missingOf } from '../server/health.ts'
import { createTaskMetrics } from '../server/metrics/task-metrics.ts'
import { createServiceState } from '../server/service.ts'
import type { Dispatcher } from '../tasks/dispatcher.ts'
import { createNearThreads } from './near-threads.ts'
import { reloadOnSignal } from './reload.ts'
import { listenAndServe } from './serve.ts'
import { openLog, openResponseCache, openStorage, queueSettings, reportTo, serviceInfo } from './settings.ts'
import { warmUpInside } from './warm-up.ts'

/** How long a start waits for the broker; without it the server listens all the same, and says that it is missing. */
const BROKER_WITHIN_MS = 5_000

/**
 * Role `server`: the HTTP service. Its tasks are run by workers behind a queue, but for those that cost less than the way there and
 * back (near-tasks.ts): these run in a thread of its own, which holds the configuration and no volumes.
 */
export async function startServer(config: Config): Promise<void> {
  const logger = openLog(config)
  const state = createServiceState()
  const tasks = createTaskMetrics()
  state.reason = 'The broker is not connected yet'
  const storage = await openStorage(config)
  const folder = await openSharedFolder(config.sharedDir)
  const dispatcher = createQueues({
    ...queueSettings(config),
    folderMarker: folder.marker,
    maxWaiting: config.maxWaitingTasks,
    report: reportTo(logger),
    onProblem: (message) => logger.error({ queue: true }, message),
    onWarning: (message) => logger.warn({ queue: true }, message),
    onDataVersion: (version) => void takeDataVersion(version),
    observer: tasks,
  })
  const { cache, memory } = await openResponseCache(config, logger, dispatcher.dataVersion)
  const info = serviceInfo(config)
  const tracing = await loadTracing(config.isTraced, (message) => logger.warn(message))
  const near = config.nearQueues.length > 0 ? createNearThreads(config, logger, tasks) : undefined
  const tasksOfBoth = near ? createNearTasks(dispatcher, near.threads, config.nearQueues) : dispatcher
  // of all workers the same data answer, also while some of them have read new ones already
  const ofOneVersion: Dispatcher = {
    ...tasksOfBoth,
    run: (task, options) =>
      tasksOfBoth.run(state.dataVersion === undefined ? task : { ...task, dataVersion: state.dataVersion }, options),
  }
  const app = buildServer(config, {
    dispatcher: ofOneVersion,
    queue: dispatcher,
    tasks,
    tracing,
    storage,
    cache,
    logger,
    info,
    state,
  })
  const closing = new AbortController()
  const warm = () => warmUpInside(app, tasksOfBoth, logger, closing.signal)
  /** Workers have come to hold another configuration, or another program: what they made before is out of date. */
  async function takeDataVersion(version: string): Promise<void> {
    const before = state.dataVersion
    state.dataVersion = version
    if (before === undefined || before === version) return
    state.generation++
    logger.info({ dataVersion: version, before }, 'The workers hold other data: answers are made again')
    await memory.clear()
    if (config.warmUp !== 'off') await warm()
  }
  await listenAndServe({
    app,
    config,
    logger,
    state,
    makeReady: async () => {
      // Workers will need it; a service that could never answer had better not start.
      if (config.configuration === undefined) await chooseConfiguration(config, false, (what) => logger.info(what))
      // until it has started, workers do its tasks
      void near?.start()
      if (!(await dispatcher.waitUntilConnected(BROKER_WITHIN_MS)))
        logger.warn(`Started without a broker: ${dispatcher.health().problems.join('; ')}`)
      else if (config.warmUp === 'before') await warm()
    },
    missing: () => missingOf(dispatcher.health(), config.readyQueues),
    afterReady: async () => {
      // without a listener the signal would end the process
      if (near) reloadOnSignal(logger, near.reload)
      else process.on('SIGHUP', () => logger.info('This process holds no data: send SIGHUP to the workers'))
      if (config.warmUp === 'behind') await warm()
    },
    close: async (graceMs) => {
      closing.abort()
      await tasksOfBoth.close(graceMs)
      await cache.close()
      await folder.close()
      storage?.close()
    },
  })
}
