import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { FastifyInstance } from 'fastify'
import { type Config, ConfigError } from '../config.ts'
import type { Logger } from '../server/log/log.ts'
import { warmUp } from '../server/warm-up.ts'
import type { Dispatcher } from '../tasks/dispatcher.ts'

const USAGE = `siibra-api warm-up [--base URL]

Asks a running service for what siibra-explorer asks first, so that its caches hold it; ends with 1 when some of it failed.

  --base    where the service is; default: SIIBRA_API_HOST and SIIBRA_API_PORT
`

/** How long the warm-up waits, at most, for tasks of clients before each of its requests. */
const PATIENCE_MS = 1_000
const LOOK_AGAIN_MS = 20

/** Fills the response cache of this process, after everything that clients ask. Never rejects. */
export async function warmUpInside(
  app: FastifyInstance,
  dispatcher: Dispatcher,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const isBusy = async () =>
    Object.values(await dispatcher.status()).some(({ active, waiting }) => active + waiting > 0)
  const pause = async () => {
    for (let waitedMs = 0; waitedMs < PATIENCE_MS && (await isBusy()); waitedMs += LOOK_AGAIN_MS)
      await sleep(LOOK_AGAIN_MS)
  }
  try {
    const { asked, failed, ms } = await warmUp({ get: (path) => app.askInside(path), pause, signal })
    logger.info({ asked, failed, ms: Math.round(ms) }, 'Warmed up')
  } catch (thrown) {
    logger.warn({ err: thrown }, 'The warm-up failed')
  }
}

/** Command line of `siibra-api warm-up`. */
export async function runWarmUpCommand(config: Config, args: string[]): Promise<void> {
  const { base = `http://${config.host}:${config.port}`, help } = parseArguments(args)
  if (help) {
    process.stdout.write(USAGE)
    return
  }
  const get = async (path: string) => {
    const answer = await fetch(new URL(path, base))
    return { status: answer.status, body: await answer.text() }
  }
  const { asked, failed, ms } = await warmUp({ get })
  process.stdout.write(`${asked} answers in ${(ms / 1000).toFixed(1)} s, ${failed} failed\n`)
  process.exitCode = failed > 0 ? 1 : 0
}

function parseArguments(args: string[]) {
  try {
    return parseArgs({ args, options: { base: { type: 'string' }, help: { type: 'boolean', short: 'h' } } }).values
  } catch (thrown) {
    throw new ConfigError([(thrown as Error).message, USAGE])
  }
}
