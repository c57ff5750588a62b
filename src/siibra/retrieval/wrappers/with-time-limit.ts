import type { ReadOptions, Store } from '../stores/store.ts'
import { upstreamUnavailable } from '../upstream-errors.ts'

/** Runs `action` with a signal that also fires after `limitMs`; then it counts as a retryable failure of the other side. */
export async function limitTime<T>(
  key: string,
  limitMs: number,
  read: ReadOptions | undefined,
  action: (read: ReadOptions) => Promise<T>,
): Promise<T> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), limitMs)
  const signal = read?.signal ? AbortSignal.any([read.signal, limit.signal]) : limit.signal
  try {
    return await action({ ...read, signal })
  } catch (thrown) {
    if (!limit.signal.aborted || read?.signal?.aborted) throw thrown
    const reason = `no complete answer within ${limitMs} ms`
    throw upstreamUnavailable(key, reason, { retryable: true, timedOut: true, cause: thrown })
  } finally {
    clearTimeout(timer)
  }
}

/** Gives up on reads that take longer than `limitMs`. */
export function withTimeLimit(store: Store, limitMs: number): Store {
  const { getRange, stat } = store
  return {
    get: (key, read) => limitTime(key, limitMs, read, (limited) => store.get(key, limited)),
    getRange:
      getRange &&
      ((key, range, read) => limitTime(key, limitMs, read, (limited) => getRange.call(store, key, range, limited))),
    stat: stat && ((key, read) => limitTime(key, limitMs, read, (limited) => stat.call(store, key, limited))),
  }
}
