/**
 * Loaded before the service (`NODE_OPTIONS=--require`), in its processes and in each of their threads: writes now and then into a file of
 * its own how many bytes of this heap are used, how many outside of it belong to its objects, and how many the heap has taken. With a newer file `collect`
 * there, it collects all garbage. Nothing of the service knows of it.
 */
const { renameSync, statSync, writeFileSync } = require('node:fs')
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')
const { isMainThread, threadId } = require('node:worker_threads')

const { SOAK_HEAPS: folder, SOAK_HEAPS_EVERY_MS: everyMs } = process.env
if (folder) {
  const file = `${folder}/${process.pid}-${isMainThread ? 0 : threadId}`
  let collectedMs = Date.now()
  setInterval(() => {
    const askedMs = statSync(`${folder}/collect`, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (askedMs > collectedMs) {
      collectedMs = askedMs
      setFlagsFromString('--expose-gc')
      const collect = runInNewContext('gc')
      // what is freed by the first is given back to the system by the second
      for (let i = 0; i < 2; i++) collect()
    }
    const { heapUsed, external, heapTotal } = process.memoryUsage()
    writeFileSync(`${file}.new`, `${heapUsed} ${external} ${heapTotal}`)
    renameSync(`${file}.new`, file)
  }, Number(everyMs)).unref()
}
