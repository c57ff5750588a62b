import { setTimeout as delay } from 'node:timers/promises'

/**
 * Waits for a state, not for a time: a busy machine only takes longer. `withinMs` is there so that a test which can never
 * succeed ends, and says what it waited for.
 */
export async function untilTrue(check: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const giveUpMs = Date.now() + withinMs
  while (!(await check())) {
    if (Date.now() > giveUpMs) throw new Error(`It does not become true: ${check}`)
    await delay(5)
  }
}
