/** In place of node:timers/promises, whose times the fake timers of a test do not know. */
export { timedDelay as setTimeout }

const timedDelay = <T>(ms: number, value?: T) =>
  new Promise<T | undefined>((resolve) => {
    setTimeout(() => resolve(value), ms)
  })
