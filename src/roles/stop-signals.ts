const LOOK_EVERY_MS = 250

/**
 * Calls `stop`, once, when the process is to end: on SIGTERM and SIGINT, and where npm has started it (`npm start`), when its
 * parent has gone. Between npm and node there is a shell, which takes npm's SIGTERM for itself and ends.
 */
export function onStopSignal(stop: (reason: string) => void): void {
  let isTold = false
  const tell = (reason: string) => {
    if (isTold) return
    isTold = true
    clearInterval(watch)
    stop(reason)
  }
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event && process.ppid !== parent) tell('npm has ended')
  }, LOOK_EVERY_MS)
  watch.unref()
  process.once('SIGTERM', () => tell('SIGTERM'))
  process.once('SIGINT', () => tell('SIGINT'))
}
