import { createSingleFlight } from '../cache/single-flight.ts'
import type { ObjectStat, ReadOptions, Store } from '../stores/store.ts'

/**
 * Readers that ask for the same at the same time share one read; it is aborted only when all of them are. They get the
 * same array: what a store hands out is not to be written to.
 */
export function withSingleFlight(store: Store): Store {
  const { getRange, stat } = store
  const reads = createSingleFlight<Uint8Array | undefined>()
  const stats = createSingleFlight<ObjectStat | undefined>()
  const key = (read: ReadOptions | undefined, ...parts: unknown[]) =>
    JSON.stringify([...parts, read?.maxBytes, read?.maxAgeMs])
  return {
    get: (object, read) =>
      reads.run(key(read, object), (signal) => store.get(object, { ...read, signal }), read?.signal),
    getRange:
      getRange &&
      ((object, range, read) =>
        reads.run(
          key(read, object, range),
          (signal) => getRange.call(store, object, range, { ...read, signal }),
          read?.signal,
        )),
    stat:
      stat &&
      ((object, read) =>
        stats.run(key(read, object), (signal) => stat.call(store, object, { ...read, signal }), read?.signal)),
  }
}
