import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Logger } from '../server/log/log.ts'
import { type WarmUpReport, warmUp } from '../server/warm-up.ts'
import type { Dispatcher } from '../tasks/dispatcher.ts'

/** How long the warm-up waits, at most, for tasks of clients before each of its requests. */
const MAX_WAIT_MS = 1_000
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
    for (let waitedMs = 0; waitedMs < MAX_WAIT_MS && (await isBusy()); waitedMs += LOOK_AGAIN_MS)
      await sleep(LOOK_AGAIN_MS)
  }
  try {
    const { asked, failed, ms } = await warmUp({ get: (path) => app.askInside(path), pause, signal })
    logger.info({ asked, failed, ms: Math.round(ms) }, 'Warmed up')
  } catch (thrown) {
    logger.warn({ err: thrown }, 'The warm-up failed')
  }
}

/**
 * Fills the caches of a service that runs elsewhere, one request after the other.
 *
 * @param onAnswer  hears how many answers there have been
 */
export function warmUpOutside(base: string, onAnswer: (asked: number) => void = () => {}): Promise<WarmUpReport> {
  let asked = 0
  const get = async (path: string) => {
    onAnswer(asked++)
    const answer = await fetch(new URL(path, base))
    return { status: answer.status, body: await answer.text() }
  }
  return warmUp({ get })
}
