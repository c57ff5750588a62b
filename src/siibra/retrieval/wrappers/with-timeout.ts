import { SiibraError } from '../../errors.ts'

export interface TimeoutOptions {
  /** How long an answer waits for a read. Default 3,000 ms. */
  timeoutMs?: number
  /** How long after `failuresInRow` failures, until a read succeeds again. Default 100 ms. */
  timeoutAfterFailuresMs?: number
  /** Default 3. */
  failuresInRow?: number
}

/**
 * For reads that only complete an answer: gives up early, so that an answer never waits long for another service that
 * is away. A read that was given up goes on behind the scenes, and its result may be in a cache the next time.
 */
export function withTimeout<Key, T>(
  read: (key: Key) => Promise<T>,
  { timeoutMs = 3000, timeoutAfterFailuresMs = 100, failuresInRow = 3 }: TimeoutOptions = {},
): (key: Key) => Promise<T> {
  let failures = 0
  return async (key) => {
    const waitMs = failures < failuresInRow ? timeoutMs : timeoutAfterFailuresMs
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<never>((_, reject) => {
      const tooLate = () => reject(new SiibraError('UPSTREAM_UNAVAILABLE', `no answer within ${waitMs} ms`))
      timer = setTimeout(tooLate, waitMs)
    })
    const reading = read(key)
    reading.then(
      () => {
        failures = 0
      },
      () => {},
    )
    try {
      return await Promise.race([reading, timeout])
    } catch (failure) {
      failures++
      throw failure
    } finally {
      clearTimeout(timer)
    }
  }
}
