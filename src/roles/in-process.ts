import { chooseConfiguration } from '../atlas/choose-configuration.ts'
import { loadCore } from '../atlas/load-core.ts'
import type { Config } from '../config.ts'
import { loadHandlers } from '../data-handlers/index.ts'
import { createInlineDispatcher } from '../dispatch/scheduling/inline.ts'
import { buildServer } from '../server/build-server.ts'
import { createMemoryCache } from '../server/cache/memory.ts'
import { createLogger } from '../server/log/log.ts'
import { createServiceState } from '../server/service.ts'
import { QUEUE_NAMES } from '../tasks/task.ts'
import { coreSettings, serviceInfo, taskLimits } from './settings.ts'

/** The routes of the service without a socket, for a command that asks some of them and ends. */
export interface InProcessService {
  app: ReturnType<typeof buildServer>
  close(): Promise<void>
}

/**
 * Loads the configuration of this environment and answers in this thread: one caller at a time has nobody to get out of the
 * way of, and a start without threads is quicker.
 *
 * @param tell  hears what takes time, and that the demo atlas stands in for another
 */
export async function openInProcess(config: Config, tell: (message: string) => void): Promise<InProcessService> {
  const { configuration, demoReason } = await chooseConfiguration(config, true, tell)
  if (demoReason !== null) tell(`These are answers of the embedded demo atlas. ${demoReason}`)
  const { core, summary } = await loadCore(coreSettings(config, configuration), tell)
  for (const problem of summary.problems) tell(`Left out of the configuration: ${problem}`)
  const dispatcher = createInlineDispatcher({
    handlers: await loadHandlers(QUEUE_NAMES),
    core: async () => core,
    sharedDir: config.sharedDir,
    limits: taskLimits(config),
  })
  const cache = createMemoryCache({ maxBytes: config.responseCacheBytes })
  const state = { ...createServiceState(), phase: 'ready' as const, reason: '', core: summary, demoReason }
  // standard output is for the answers
  const logger = createLogger({ ...config, logDir: undefined, logLevel: 'silent' })
  const info = { ...serviceInfo(config), role: 'all' as const }
  const app = buildServer({ ...config, role: 'all' }, { dispatcher, cache, logger, info, state })
  return {
    app,
    async close() {
      await app.close()
      await dispatcher.close()
      await core.retrieval.close()
    },
  }
}
