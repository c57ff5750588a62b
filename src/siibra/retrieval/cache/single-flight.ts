import { setMaxListeners } from 'node:events'
import { abortError, throwIfAborted } from '../upstream-errors.ts'

export interface SingleFlight<T> {
  /** Joins the run of that key that is under way, or starts one. The run is aborted only when all its callers are. */
  run(key: string, action: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>
}

interface Flight<T> {
  result: Promise<T>
  abort: AbortController
  callers: number
}

/** Identical work under way is done once. */
export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>()

  function start(key: string, action: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController()
    setMaxListeners(0, abort.signal)
    const flight: Flight<T> = { abort, callers: 0, result: action(abort.signal) }
    flight.result = flight.result.finally(() => {
      if (flights.get(key) === flight) flights.delete(key)
    })
    flight.result.catch(() => {})
    flights.set(key, flight)
    return flight
  }

  return {
    async run(key, action, signal) {
      throwIfAborted(signal)
      const flight = flights.get(key) ?? start(key, action)
      flight.callers++
      if (!signal) return flight.result
      // one request may wait for hundreds of flights; node would take that for a leak
      setMaxListeners(0, signal)
      return new Promise<T>((resolve, reject) => {
        const leave = () => {
          reject(abortError(signal))
          if (--flight.callers > 0) return
          if (flights.get(key) === flight) flights.delete(key)
          flight.abort.abort(signal.reason)
        }
        signal.addEventListener('abort', leave, { once: true })
        const settled = () => signal.removeEventListener('abort', leave)
        flight.result.finally(settled).then(resolve, reject)
      })
    },
  }
}
