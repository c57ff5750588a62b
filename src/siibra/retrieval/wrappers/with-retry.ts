import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadOptions, Store } from '../stores/store.ts'
import { abortError, isUpstreamUnavailable } from '../upstream-errors.ts'

export interface RetryOptions {
  /** Attempts in all; two where the other side was silent. Default 5. */
  attempts?: number
  /** Wait before the second attempt; doubled each time, with a jitter of up to its half. Default 150 ms. */
  firstDelayMs?: number
  /** Longest wait, also where the server asks for more by Retry-After. Default 5,000 ms. */
  maxDelayMs?: number
}

/** Runs `action` again where it failed with a retryable UPSTREAM_UNAVAILABLE. */
export async function retry<T>(action: () => Promise<T>, signal?: AbortSignal, options: RetryOptions = {}): Promise<T> {
  const { attempts = 5, firstDelayMs = 150, maxDelayMs = 5_000 } = options
  for (let attempt = 1; ; attempt++) {
    try {
      return await action()
    } catch (thrown) {
      if (!isUpstreamUnavailable(thrown) || !thrown.details.retryable) throw thrown
      if (attempt >= (thrown.details.timedOut ? Math.min(2, attempts) : attempts)) throw thrown
      const backOffMs = firstDelayMs * 2 ** (attempt - 1) * (1 + Math.random() / 2)
      const delayMs = Math.min(maxDelayMs, Math.max(backOffMs, Number(thrown.details.retryAfterMs ?? 0)))
      await sleep(delayMs, undefined, { signal }).catch(() => {
        throw signal ? abortError(signal) : thrown
      })
    }
  }
}

/** Asks again, with growing pauses, where the store failed in a way that may pass. */
export function withRetry(store: Store, options: RetryOptions = {}): Store {
  const { getRange, stat } = store
  return {
    get: (key, read?: ReadOptions) => retry(() => store.get(key, read), read?.signal, options),
    getRange:
      getRange &&
      ((key, range, read?: ReadOptions) => retry(() => getRange.call(store, key, range, read), read?.signal, options)),
    stat: stat && ((key, read?: ReadOptions) => retry(() => stat.call(store, key, read), read?.signal, options)),
  }
}
