import type { Store } from '../stores/store.ts'
import { isUpstreamUnavailable, upstreamUnavailable } from '../upstream-errors.ts'
import { hostOf } from './with-concurrency-limit.ts'

export interface CircuitBreakerOptions {
  /** Failures in a row (attempts, not requests) after which a host counts as away. Default 10. */
  failures?: number
  /** How long a host that is away is left alone; doubled with each pause after which it still is, up to a minute. Default 5,000 ms. */
  pauseMs?: number
}

interface Circuit {
  failuresInRow: number
  /** Since the host was last there. */
  pauses: number
  /** Nobody asks before that. */
  openUntilMs: number
  /** Since then a request tries whether the host is there again. */
  trialSinceMs: number | undefined
  lastReason: string
}

const LONGEST_PAUSE_MS = 60_000

const createCircuit = (): Circuit => ({
  failuresInRow: 0,
  pauses: 0,
  openUntilMs: 0,
  trialSinceMs: undefined,
  lastReason: '',
})

export interface CircuitBreaker {
  /** Runs `action` unless the host is away; then UPSTREAM_UNAVAILABLE at once, which is not retried. */
  run<T>(url: string, action: () => Promise<T>): Promise<T>
}

/**
 * Remembers which hosts are away, so that a page that needs hundreds of documents of a silent host does not wait for each.
 * After a pause one request tries the host again; the others follow when it succeeds.
 */
export function createCircuitBreaker({ failures = 10, pauseMs = 5_000 }: CircuitBreakerOptions = {}): CircuitBreaker {
  const circuits = new Map<string, Circuit>()

  /** Requests that were under way when a pause began fail during it: they are no news. */
  function noteFailure(host: string, isTrial: boolean, thrown: unknown): void {
    if (!isUpstreamUnavailable(thrown)) return
    if (!thrown.details.retryable) {
      circuits.delete(host)
      return
    }
    const circuit = circuits.get(host) ?? createCircuit()
    circuits.set(host, circuit)
    circuit.failuresInRow++
    circuit.lastReason = String(thrown.details.reason)
    if (circuit.failuresInRow < failures || (circuit.pauses > 0 && !isTrial)) return
    circuit.trialSinceMs = undefined
    circuit.openUntilMs = Date.now() + Math.min(LONGEST_PAUSE_MS, pauseMs * 2 ** circuit.pauses)
    circuit.pauses++
  }

  return {
    async run(url, action) {
      const host = hostOf(url)
      const circuit = circuits.get(host)
      const isTrial = circuit !== undefined && circuit.failuresInRow >= failures
      if (isTrial) {
        const trialUntilMs = (circuit.trialSinceMs ?? Number.NEGATIVE_INFINITY) + pauseMs
        const restMs = Math.max(circuit.openUntilMs, trialUntilMs) - Date.now()
        if (restMs > 0) {
          const reason = `${host} has been away (${circuit.lastReason}) and is asked again in ${Math.ceil(restMs / 1000)} s`
          throw upstreamUnavailable(url, reason, { retryable: false, retryAfterMs: restMs })
        }
        circuit.trialSinceMs = Date.now()
      }
      try {
        const result = await action()
        circuits.delete(host)
        return result
      } catch (thrown) {
        noteFailure(host, isTrial, thrown)
        throw thrown
      }
    },
  }
}

/** Leaves hosts alone that are away. */
export function withCircuitBreaker(store: Store, breaker: CircuitBreaker): Store {
  const { getRange, stat } = store
  return {
    get: (url, read) => breaker.run(url, () => store.get(url, read)),
    getRange: getRange && ((url, range, read) => breaker.run(url, () => getRange.call(store, url, range, read))),
    stat: stat && ((url, read) => breaker.run(url, () => stat.call(store, url, read))),
  }
}
