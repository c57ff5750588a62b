import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { Logger } from '../server/log/log.ts'
import type { ServiceState } from '../server/service.ts'
import { redactCredentials } from '../siibra/index.ts'

export interface ServeOptions {
  app: FastifyInstance
  config: Pick<Config, 'host' | 'port' | 'startTimeoutS' | 'graceS'>
  logger: Logger
  state: ServiceState
  /** Loads what must be there before the first answer. */
  makeReady: () => Promise<void>
  /** What may be done behind, once answers are given. */
  afterReady: () => Promise<void>
  close: (graceMs: number) => Promise<void>
  /** What requests still lack when this process itself is ready, as `/ready` says it; undefined: nothing. */
  missing?: () => string | undefined
}

/** How often a service that lacks something looks whether it has come. */
const LOOK_EVERY_MS = 200

/**
 * Listens, makes the service ready, and closes it on SIGTERM or SIGINT: no new connections, requests under way are
 * finished within the grace period. A start that fails or takes too long says why and ends the process with 1.
 */
export async function listenAndServe(options: ServeOptions): Promise<void> {
  const { app, config, logger, state, makeReady, afterReady, close } = options

  const stop = async (signal: string, exitCode: number) => {
    if (state.phase === 'stopping') return
    state.phase = 'stopping'
    state.reason = `The service stops (${signal})`
    logger.info({ signal }, 'Stopping')
    const graceMs = config.graceS * 1000
    const force = setTimeout(() => process.exit(exitCode || 1), graceMs + 2000)
    // Connections that fall idle while others are answered are closed, too; at the end all that are left.
    const closeIdle = setInterval(() => app.server.closeIdleConnections(), 50)
    const closeAll = setTimeout(() => app.server.closeAllConnections(), graceMs)
    await Promise.allSettled([app.close(), close(graceMs)])
    clearInterval(closeIdle)
    clearTimeout(closeAll)
    clearTimeout(force)
    logger.flush(() => process.exit(exitCode))
    setTimeout(() => process.exit(exitCode), 200)
  }
  process.once('SIGTERM', () => void stop('SIGTERM', 0))
  process.once('SIGINT', () => void stop('SIGINT', 0))

  const address = await listen(app, config).catch(async (thrown) => {
    await close(0)
    throw thrown
  })
  try {
    await withinTime(makeReady(), config.startTimeoutS, () => state.reason)
  } catch (thrown) {
    state.phase = 'failed'
    state.reason = thrown instanceof Error ? thrown.message : String(thrown)
    process.stderr.write(`siibra-api could not start: ${redactCredentials(state.reason)}\n`)
    await Promise.allSettled([app.close(), close(0)])
    process.exit(1)
  }
  state.phase = 'ready'
  state.reason = ''
  const readyMs = Date.now() - state.startedAtMs
  for (const problem of state.core?.problems ?? []) logger.warn(`In the configuration: ${problem}`)
  const tellReady = () => {
    logger.info({ address, readyMs, configuration: state.core }, `Ready on ${address}${contentsOf(state)}`)
    logger.flush()
  }
  const lacks = options.missing?.()
  if (lacks === undefined) tellReady()
  else {
    logger.info({ address }, `Listening on ${address}, not ready yet: ${lacks}`)
    logger.flush()
    const look = setInterval(() => {
      if (state.phase === 'ready' && options.missing?.() !== undefined) return
      clearInterval(look)
      if (state.phase === 'ready') tellReady()
    }, LOOK_EVERY_MS).unref()
  }
  afterReady().catch((thrown) => {
    if (state.phase === 'ready') logger.error({ err: thrown }, 'Preparing further threads failed')
  })
}

/** What is wrong with the address is told as that; a plugin that cannot be made ready tells its own fault. */
async function listen(app: FastifyInstance, { host, port }: ServeOptions['config']): Promise<string> {
  await app.ready()
  return app.listen({ host, port }).catch((error: Error) => {
    throw new Error(`${error.message} (SIIBRA_API_HOST and SIIBRA_API_PORT say where to listen)`)
  })
}

/** What is served, in words; a server does not know it. */
function contentsOf({ core }: ServiceState): string {
  if (core === null) return ''
  const { source, atlases, parcellations, maps, isDemo } = core
  const from = isDemo ? source : `the configuration ${source}`
  return `: ${atlases} atlases, ${parcellations} parcellations and ${maps} maps of ${from}`
}

function withinTime(work: Promise<void>, limitS: number, doing: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`it was not ready within ${limitS} s (SIIBRA_API_START_TIMEOUT_S): ${doing()}`)),
      limitS * 1000,
    )
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
