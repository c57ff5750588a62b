/**
 * Which of the tasks that a thread was sent it has begun, in memory that both sides share. A thread in a long computation reads
 * no messages: what waits in its port can be taken back and given to another one, and neither side runs a task twice.
 */
export type Claims = SharedArrayBuffer

/** More than are ever under way in a thread. */
const SLOTS = 1024
const OFFERED = 1
const TAKEN = 2
const WITHDRAWN = 3
const ABORT_SEEN = 4

export const createClaims = (): Claims => new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)

const stateOf = (claims: Claims) => new Int32Array(claims)

/** By the pool, before it sends a task. */
export function offer(claims: Claims, id: number): void {
  Atomics.store(stateOf(claims), id % SLOTS, OFFERED)
}

/** By the thread, when it reads a task; false where that has been taken back. */
export function take(claims: Claims, id: number): boolean {
  return Atomics.compareExchange(stateOf(claims), id % SLOTS, OFFERED, TAKEN) === OFFERED
}

/** By the pool: takes a task back; false where the thread has begun it. */
export function withdraw(claims: Claims, id: number): boolean {
  return Atomics.compareExchange(stateOf(claims), id % SLOTS, OFFERED, WITHDRAWN) === OFFERED
}

export function isWaiting(claims: Claims, id: number): boolean {
  return Atomics.load(stateOf(claims), id % SLOTS) === OFFERED
}

/** By the thread, when it reads that a task is to stop. */
export function acknowledgeAbort(claims: Claims, id: number): void {
  Atomics.store(stateOf(claims), id % SLOTS, ABORT_SEEN)
}

export function hasSeenAbort(claims: Claims, id: number): boolean {
  return Atomics.load(stateOf(claims), id % SLOTS) === ABORT_SEEN
}
