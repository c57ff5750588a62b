/**
 * What lies at the broker or the result backend and is not what this version writes there: of somebody else, of another program, cut,
 * damaged. It is not used, told in the log and counted.
 */

/** What was to be read: a result, the state of a long task, a worker's heartbeat, an event of a queue. */
export type Refused = 'result' | 'state' | 'heartbeat' | 'event'
/** `unreadable`: of no form that there is; `other_task`: good, but of another task; `too_large`: larger than any can be. */
export type RefusedFor = 'unreadable' | 'other_task' | 'too_large'

export interface RefusalCount {
  what: Refused
  reason: RefusedFor
  count: number
}

export interface Refusals {
  /** @param told  what the log says of it */
  note(what: Refused, reason: RefusedFor, told: string): void
  /** Since the start, of each kind that there can be: what begins at 0 is seen to rise. */
  counts(): readonly RefusalCount[]
}

const KINDS: readonly (readonly [Refused, RefusedFor])[] = [
  ['result', 'unreadable'],
  ['result', 'other_task'],
  ['result', 'too_large'],
  ['state', 'unreadable'],
  ['state', 'other_task'],
  ['heartbeat', 'unreadable'],
  ['event', 'unreadable'],
]

export function createRefusals(onProblem: (message: string) => void = () => {}): Refusals {
  const counts = new Map(KINDS.map(([what, reason]) => [`${what} ${reason}`, { what, reason, count: 0 }]))
  return {
    note(what, reason, told) {
      const key = `${what} ${reason}`
      const count = counts.get(key) ?? { what, reason, count: 0 }
      count.count++
      counts.set(key, count)
      onProblem(told)
    },
    counts: () => [...counts.values()],
  }
}

/** What lies where a result should is none, or that of another task. */
export class UnreadableResult extends Error {
  override readonly name = 'UnreadableResult'
  readonly reason: RefusedFor

  constructor(message: string, reason: RefusedFor = 'unreadable') {
    super(message)
    this.reason = reason
  }
}
