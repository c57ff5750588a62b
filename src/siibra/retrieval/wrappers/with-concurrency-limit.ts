import pLimit, { type LimitFunction } from 'p-limit'
import type { Store } from '../stores/store.ts'
import { abortError, throwIfAborted } from '../upstream-errors.ts'

export interface Limiter {
  /** Runs `action` when fewer than the limit of that group are under way; leaves the queue when `signal` fires. */
  run<T>(group: string, action: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** At most `limit` actions of a group at a time, first come, first served. */
export function createLimiter(limit: number): Limiter {
  const groups = new Map<string, LimitFunction>()

  return {
    async run(group, action, signal) {
      throwIfAborted(signal)
      const enter = groups.get(group) ?? pLimit(limit)
      groups.set(group, enter)
      if (!signal) return enter(action)
      // p-limit knows no signals: who leaves the queue is not waited for, and does nothing when it is their turn
      return new Promise((resolve, reject) => {
        const leave = () => reject(abortError(signal))
        signal.addEventListener('abort', leave, { once: true })
        const start = () => {
          signal.removeEventListener('abort', leave)
          throwIfAborted(signal)
          return action()
        }
        enter(start).then(resolve, reject)
      })
    },
  }
}

/** The host of a URL, or an empty string: the group of `withConcurrencyLimit`. */
export function hostOf(key: string): string {
  return URL.canParse(key) ? new URL(key).host : ''
}

/** At most so many reads at a time from one host. */
export function withConcurrencyLimit(store: Store, limiter: Limiter, groupOf: (key: string) => string = hostOf): Store {
  const { getRange, stat } = store
  return {
    get: (key, read) => limiter.run(groupOf(key), () => store.get(key, read), read?.signal),
    getRange:
      getRange &&
      ((key, range, read) => limiter.run(groupOf(key), () => getRange.call(store, key, range, read), read?.signal)),
    stat: stat && ((key, read) => limiter.run(groupOf(key), () => stat.call(store, key, read), read?.signal)),
  }
}
