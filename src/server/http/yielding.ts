/**
 * Yielding the event loop. Requests and results come in bundles, and node handles all of a bundle before it looks again:
 * a critical request that comes meanwhile would wait for two dozen others. So what is less than critical takes turns, one
 * piece for each time that the loop looks for what has come. Where something critical was asked for a moment ago, and such
 * pieces are many, the loop rests between them: a process that is always busy gets its core late when it is wanted.
 */
import { createFifo } from '../../dispatch/scheduling/fifo.ts'
import type { Criticality } from '../../tasks/task.ts'

/** Of so many turns in a row, one is for the background while normal work waits, too. */
const BACKGROUND_EVERY = 4
/** Who asked for something critical is likely to ask for more within this time. */
const PEOPLE_WAIT_MS = 500
/** A rest is so many times as long as the piece before it, within these bounds (a timer knows no less than 1 ms). */
const REST_FACTOR = 3
const MIN_REST_MS = 1
const MAX_REST_MS = 20
/** So much rest may be owed: what one person asks for in one go, some fifty pieces, goes without. */
const CREDIT_MS = 50
/** A piece that has waited so long is followed by no rest: more waits than rests leave time for. */
const MAX_WAIT_MS = 250

export interface Yielder {
  /** Does a piece of work when its turn has come; critical work at once. `isKept`: it sends what is there already, which needs no rest. */
  take(criticality: Criticality, work: () => void, isKept?: boolean): void
  /** Resolves when the turn of some work has come; at once for critical work. */
  wait(criticality: Criticality): Promise<void>
}

interface Piece {
  work: () => void
  sinceMs: number
  isKept: boolean
}

export function createYielder(): Yielder {
  const normal = createFifo<Piece>()
  const background = createFifo<Piece>()
  let turn = 0
  /** A turn is planned or under way. */
  let isTurning = false
  let criticalMs = Number.NEGATIVE_INFINITY
  /** When all rest that is owed would be over. */
  let owedUntilMs = 0

  const next = (): Piece | undefined => {
    turn = (turn + 1) % BACKGROUND_EVERY
    return turn === 0 ? (background.shift() ?? normal.shift()) : (normal.shift() ?? background.shift())
  }

  /** How long to rest before the next piece. */
  const restMs = (nowMs: number) =>
    nowMs - criticalMs < PEOPLE_WAIT_MS ? Math.ceil(owedUntilMs - nowMs - CREDIT_MS) : 0

  /** A piece is done: its rest is owed from its end on, behind what was owed before it. */
  const owe = (nowMs: number, tookMs: number, waitedMs: number) => {
    const ms = Math.min(MAX_REST_MS, Math.max(MIN_REST_MS, REST_FACTOR * tookMs))
    const mostMs = CREDIT_MS + (waitedMs < MAX_WAIT_MS ? MAX_REST_MS : 0)
    owedUntilMs = Math.min(Math.max(owedUntilMs + tookMs, nowMs) + ms, nowMs + mostMs)
  }

  const takeTurn = () => {
    const piece = next()
    if (piece === undefined) {
      isTurning = false
      return
    }
    // planned before the work, which may throw: the others go on
    setImmediate(endTurn, piece, performance.now())
    piece.work()
  }

  /** The loop has looked again: what the piece did at once and in promises is done. */
  const endTurn = ({ sinceMs, isKept }: Piece, startedMs: number) => {
    const nowMs = performance.now()
    if (!isKept) owe(nowMs, nowMs - startedMs, startedMs - sinceMs)
    const ms = restMs(nowMs)
    if (ms > 0 && normal.size() + background.size() > 0) setTimeout(takeTurn, ms)
    else takeTurn()
  }

  const take: Yielder['take'] = (criticality, work, isKept = false) => {
    const nowMs = performance.now()
    if (criticality === 'critical') {
      criticalMs = nowMs
      return work()
    }
    const piece = { work, sinceMs: nowMs, isKept }
    if (criticality === 'normal') normal.push(piece)
    else background.push(piece)
    if (isTurning) return
    isTurning = true
    const ms = restMs(nowMs)
    if (ms > 0) setTimeout(takeTurn, ms)
    else setImmediate(takeTurn)
  }
  return {
    take,
    wait: (criticality) => new Promise((resolve) => take(criticality, resolve)),
  }
}
