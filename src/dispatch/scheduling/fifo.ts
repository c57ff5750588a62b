/**
 * A queue: first in, first out, and anyone may leave. A linked list on purpose: of a Set or Map through which thousands
 * pass, V8 keeps every outgrown table, with all that stood in it, until the next full garbage collection.
 */
export interface Fifo<T> {
  /** Puts something at the end; returns a function that takes it out again (false where it has gone already). */
  push(value: T): () => boolean
  shift(): T | undefined
  /** Takes out what came last. */
  pop(): T | undefined
  size(): number
}

interface Place<T> {
  value: T
  before: Place<T> | undefined
  behind: Place<T> | undefined
  isTaken: boolean
}

export function createFifo<T>(): Fifo<T> {
  let first: Place<T> | undefined
  let last: Place<T> | undefined
  let size = 0

  const leave = (place: Place<T>): boolean => {
    if (!place.isTaken) return false
    place.isTaken = false
    const { before, behind } = place
    if (before === undefined) first = behind
    else before.behind = behind
    if (behind === undefined) last = before
    else behind.before = before
    // a removed node must not keep its former neighbours reachable
    place.before = undefined
    place.behind = undefined
    size--
    return true
  }

  return {
    push(value) {
      const place: Place<T> = { value, before: last, behind: undefined, isTaken: true }
      if (last === undefined) first = place
      else last.behind = place
      last = place
      size++
      return () => leave(place)
    },
    shift() {
      const place = first
      if (place !== undefined) leave(place)
      return place?.value
    },
    pop() {
      const place = last
      if (place !== undefined) leave(place)
      return place?.value
    },
    size: () => size,
  }
}
