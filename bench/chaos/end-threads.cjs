/**
 * Loaded before the service (`node --require`): SIGUSR2 ends all its threads at once, wherever they are, as a crash of native code or
 * of memory would. Nothing of the service knows of it.
 */
const threads = require('node:worker_threads')
const { syncBuiltinESMExports } = require('node:module')

if (threads.isMainThread) {
  const running = new Set()
  threads.Worker = class extends threads.Worker {
    constructor(...args) {
      super(...args)
      running.add(this)
      this.once('exit', () => running.delete(this))
    }
  }
  syncBuiltinESMExports()
  process.on('SIGUSR2', () => {
    for (const thread of running) thread.terminate()
  })
}
