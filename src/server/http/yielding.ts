/**
 * Yielding the event loop. Requests and results come in bundles, and node handles all of a bundle before it looks again:
 * a critical request that comes meanwhile would wait for two dozen others. So what is less than critical takes turns, one
 * piece for each time that the loop looks for what has come.
 */
import { createFifo } from '../../dispatch/scheduling/fifo.ts'
import type { Criticality } from '../../tasks/task.ts'

/** Of so many turns in a row, one is for the background while normal work waits, too. */
const BACKGROUND_EVERY = 4

export interface Yielder {
  /** Does a piece of work when its turn has come; critical work at once. */
  take(criticality: Criticality, work: () => void): void
  /** Resolves when the turn of some work has come; at once for critical work. */
  wait(criticality: Criticality): Promise<void>
}

export function createYielder(): Yielder {
  const normal = createFifo<() => void>()
  const background = createFifo<() => void>()
  let turn = 0

  const next = (): (() => void) | undefined => {
    turn = (turn + 1) % BACKGROUND_EVERY
    return turn === 0 ? (background.shift() ?? normal.shift()) : (normal.shift() ?? background.shift())
  }
  const takeTurn = () => {
    const work = next()
    // what the work throws must not stop the others
    if (normal.size() + background.size() > 0) setImmediate(takeTurn)
    work?.()
  }

  const take: Yielder['take'] = (criticality, work) => {
    if (criticality === 'critical') return work()
    if (normal.size() + background.size() === 0) setImmediate(takeTurn)
    if (criticality === 'normal') normal.push(work)
    else background.push(work)
  }
  return {
    take,
    wait: (criticality) => new Promise((resolve) => take(criticality, resolve)),
  }
}
