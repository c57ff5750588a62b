const LOOK_EVERY_MS = 250

/**
 * Tells this process to stop when its parent has gone, where npm has started it (`npm start`): between npm and node there is a
 * shell, which takes npm's SIGTERM for itself and ends.
 */
export function stopWithNpm(env: Readonly<Record<string, string | undefined>>): void {
  if (!env.npm_lifecycle_event) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, LOOK_EVERY_MS)
  watch.unref()
}
