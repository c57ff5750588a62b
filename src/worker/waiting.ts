import { setTimeout as delay } from 'node:timers/promises'

/** Looks every 10 ms whether something is so, for `limitMs` at most. */
export async function untilTrue(check: () => boolean, limitMs: number): Promise<void> {
  const giveUpMs = Date.now() + limitMs
  while (!check() && Date.now() < giveUpMs) await delay(10)
}

/** Rejects where a promise is not fulfilled in time. */
export async function withinMs<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
