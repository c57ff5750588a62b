import type { Redis } from 'ioredis'
import { primariesOf } from '../../platform/redis.ts'

/**
 * One clock for servers and workers: that of the broker. Deadlines travel as times, and the clocks of machines differ, or are set
 * while a process runs; a server whose clock was an hour behind had all its tasks left out as too late. Here time goes on by the
 * monotonic clock of the process from what the broker told last.
 */
interface Clock {
  /** Time of the broker (Unix, ms) when the monotonic clock is 0; undefined until the broker has told it. */
  zeroMs: number | undefined
  /** By the monotonic clock. */
  askedAtMs: number
}

/** Clocks of computers drift apart by less than a millisecond in this time; one that is set is seen by then. */
const ASK_EVERY_MS = 10_000

const clocks = new WeakMap<Redis, Clock>()

/** The time (Unix, ms) by the broker's clock; by this machine's as long as the broker has told none. */
export function brokerNowMs(broker: Redis): number {
  let clock = clocks.get(broker)
  if (clock === undefined) {
    clock = { zeroMs: undefined, askedAtMs: Number.NEGATIVE_INFINITY }
    clocks.set(broker, clock)
  }
  if (performance.now() - clock.askedAtMs > ASK_EVERY_MS && broker.status === 'ready') ask(broker, clock)
  return clock.zeroMs === undefined ? Date.now() : clock.zeroMs + performance.now()
}

/** A time of this machine's clock as one of the broker's. */
export const byBrokerClock = (broker: Redis, timeMs: number): number => brokerNowMs(broker) + timeMs - Date.now()

function ask(broker: Redis, clock: Clock): void {
  const askedAtMs = performance.now()
  clock.askedAtMs = askedAtMs
  // of a Cluster always the same server is asked: each has a clock of its own
  const [server = broker] = primariesOf(broker)
  server.time().then(
    ([seconds, microseconds]) => {
      const toldMs = Number(seconds) * 1000 + Number(microseconds) / 1000
      // it was told somewhere between the question and its answer
      clock.zeroMs = toldMs - (askedAtMs + performance.now()) / 2
    },
    () => undefined,
  )
}
