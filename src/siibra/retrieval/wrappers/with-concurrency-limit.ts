import type { Store } from '../stores/store.ts'
import { abortError, throwIfAborted } from '../upstream-errors.ts'

export interface Limiter {
  /** Runs `action` when fewer than the limit of that group are under way; leaves the queue when `signal` fires. */
  run<T>(group: string, action: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** At most `limit` actions of a group at a time, first come, first served. */
export function createLimiter(limit: number): Limiter {
  const groups = new Map<string, { active: number; waiting: Set<() => void> }>()

  function enter(group: string, signal?: AbortSignal): Promise<void> | undefined {
    const state = groups.get(group) ?? { active: 0, waiting: new Set() }
    groups.set(group, state)
    if (state.active < limit) {
      state.active++
      return undefined
    }
    return new Promise((resolve, reject) => {
      const start = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        state.waiting.delete(start)
        reject(abortError(signal!))
      }
      state.waiting.add(start)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  function exit(group: string): void {
    const state = groups.get(group)!
    const [next] = state.waiting
    if (next) {
      state.waiting.delete(next)
      next()
    } else if (--state.active === 0) groups.delete(group)
  }

  return {
    async run(group, action, signal) {
      throwIfAborted(signal)
      await enter(group, signal)
      try {
        return await action()
      } finally {
        exit(group)
      }
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
