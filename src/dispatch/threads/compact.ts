import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const LOOK_EVERY_MS = 100
/** The second one finds the pages that the first has freed, and gives them back. */
const COLLECTIONS = 2

/**
 * Gives back what loading has left behind in this thread, while it has nothing to do: V8 does that when its heap has grown again, which
 * an idle thread's never does. 6 to 8 MB a thread with the recorded configuration, for twice 25 to 40 ms (docs/performance.md). For threads
 * in which a critical task waits for that only.
 */
export async function compactWhenIdle(isBusy: () => boolean): Promise<void> {
  for (let done = 0; done < COLLECTIONS; done++) {
    do await sleep(LOOK_EVERY_MS, undefined, { ref: false })
    while (isBusy())
    collectGarbage()
  }
}

/** Node has no function for it without an option at its start; the option is taken back, since others compare the options of code that they keep. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('globalThis.gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect()
}
