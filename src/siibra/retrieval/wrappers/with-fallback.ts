import type { ReadOptions, Store } from '../stores/store.ts'
import { isUpstreamUnavailable } from '../upstream-errors.ts'

/** Asks `first`; where it has nothing or is away, asks `second`. */
export function withFallback(first: Store, second: Store): Store {
  async function either<T>(ask: (store: Store) => Promise<T | undefined> | undefined): Promise<T | undefined> {
    try {
      const found = await ask(first)
      if (found !== undefined) return found
    } catch (thrown) {
      if (!isUpstreamUnavailable(thrown)) throw thrown
    }
    return ask(second)
  }
  return {
    get: (key, read?: ReadOptions) => either((store) => store.get(key, read)),
    getRange: (key, range, read?: ReadOptions) => either((store) => store.getRange?.(key, range, read)),
    stat: (key, read?: ReadOptions) => either((store) => store.stat?.(key, read)),
  }
}
