/**
 * Loaded before the service (`NODE_OPTIONS=--require`), in its processes and in each of their threads: writes now and then into a file of
 * its own how many bytes of this heap are used. Nothing of the service knows of it.
 */
const { renameSync, writeFileSync } = require('node:fs')
const { isMainThread, threadId } = require('node:worker_threads')

const { SOAK_HEAPS: folder, SOAK_HEAPS_EVERY_MS: everyMs } = process.env
if (folder) {
  const file = `${folder}/${process.pid}-${isMainThread ? 0 : threadId}`
  setInterval(() => {
    writeFileSync(`${file}.new`, String(process.memoryUsage().heapUsed))
    renameSync(`${file}.new`, file)
  }, Number(everyMs)).unref()
}
