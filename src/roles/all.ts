import { chooseConfiguration } from '../atlas/choose-configuration.ts'
import type { Config } from '../config.ts'
import { createGenerations } from '../dispatch/threads/generations.ts'
import { createThreadsDispatcher } from '../dispatch/threads/threads.ts'
import { keepSwept } from '../downloads/shared-folder.ts'
import { loadTracing } from '../platform/tracing.ts'
import { buildServer } from '../server/build-server.ts'
import { createTaskMetrics } from '../server/metrics/task-metrics.ts'
import { createServiceState } from '../server/service.ts'
import { reloadOnSignal } from './reload.ts'
import { listenAndServe } from './serve.ts'
import { openLog, openResponseCache, serviceInfo, threadsOptions } from './settings.ts'
import { warmUpInside } from './warm-up.ts'

/** Options of node that package.json and the image give (docs/operations.md says what for). */
const WANTED_OPTIONS = ['--single-threaded-gc', '--no-memory-reducer', '--max-semi-space-size=2']

/** Role `all`: the HTTP service and its handlers, in threads, in one process. */
export async function startAll(config: Config): Promise<void> {
  const logger = openLog(config)
  const state = createServiceState()
  const tasks = createTaskMetrics()
  let configuration: string | readonly string[] = ''
  const threadsOf = () =>
    createThreadsDispatcher({ ...threadsOptions(config, logger, () => configuration), observer: tasks })
  const dispatcher = createGenerations({
    create: threadsOf,
    onProblem: (message) => logger.error(message),
    onSwitch: ({ summary, dataVersion }) => {
      state.core = summary
      state.dataVersion = dataVersion
      state.generation++
      void memory.clear()
      for (const problem of summary.problems) logger.warn(`Left out of the configuration: ${problem}`)
      logger.info({ configuration: summary, dataVersion }, 'Serving other data')
    },
  })
  const { cache, memory, kept } = await openResponseCache(config, logger, () => state.dataVersion)
  const info = serviceInfo(config)
  const tracing = await loadTracing(config.isTraced, (message) => logger.warn(message))
  const app = buildServer(config, { dispatcher, tasks, tracing, cache, logger, info, state })
  const missing = WANTED_OPTIONS.filter((option) => !process.execArgv.includes(option))
  if (missing.length > 0)
    logger.info(`Started without ${missing.join(' ')}: some answers take longer than they need to`)
  keepSwept(config.sharedDir)
  const closing = new AbortController()
  /** What an earlier process left is there before anything is made again. */
  const warm = async () => {
    const version = await dispatcher.dataVersion
    state.dataVersion = version
    const answers = await kept?.load(version)
    if (answers) logger.info({ answers, dataVersion: version }, 'Answers of an earlier process are kept')
    if (config.warmUp !== 'off') await warmUpInside(app, dispatcher, logger, closing.signal)
  }
  await listenAndServe({
    app,
    config,
    logger,
    state,
    close: async (graceMs) => {
      closing.abort()
      await dispatcher.close(graceMs)
      kept?.close()
      await kept?.save()
      await cache.close()
    },
    makeReady: async () => {
      const chosen = await chooseConfiguration(config, true, (what) => {
        state.reason = what
        logger.info(what)
        logger.flush()
      })
      configuration = chosen.configuration
      state.demoReason = chosen.demoReason
      if (chosen.demoReason !== null) logger.warn(`Serving the embedded demo atlas. ${chosen.demoReason}`)
      state.core = await dispatcher.start()
      if (config.warmUp === 'before') await warm()
    },
    afterReady: async () => {
      reloadOnSignal(logger, async () => {
        configuration = (await chooseConfiguration(config, true)).configuration
        return dispatcher.reload()
      })
      const warming = config.warmUp === 'before' ? undefined : warm()
      await dispatcher.startOthers()
      await warming
    },
  })
}
