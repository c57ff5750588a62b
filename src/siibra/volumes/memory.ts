import { abortError, throwIfAborted } from '../retrieval/upstream-errors.ts'

export interface MemoryBudget {
  /** Waits until so many bytes are free, first come, first served; gives what frees them. More than all there is waits until all is free. */
  take(bytes: number, signal?: AbortSignal): Promise<() => void>
}

interface Waiting {
  bytes: number
  start: () => void
}

/** What is computed at a time may take `maxBytes` together: heavy work waits for memory rather than take it. */
export function createMemoryBudget(maxBytes: number): MemoryBudget {
  let taken = 0
  const line: Waiting[] = []

  const admit = () => {
    for (let next = line[0]; next && (taken === 0 || taken + next.bytes <= maxBytes); next = line[0]) {
      line.shift()
      taken += next.bytes
      next.start()
    }
  }

  function wait(bytes: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const place = {
        bytes,
        start() {
          signal?.removeEventListener('abort', leave)
          resolve()
        },
      }
      const leave = () => {
        line.splice(line.indexOf(place), 1)
        reject(abortError(signal!))
        admit()
      }
      signal?.addEventListener('abort', leave, { once: true })
      line.push(place)
      admit()
    })
  }

  return {
    async take(bytes, signal) {
      throwIfAborted(signal)
      await wait(bytes, signal)
      let isFree = false
      return () => {
        if (isFree) return
        isFree = true
        taken -= bytes
        admit()
      }
    },
  }
}
