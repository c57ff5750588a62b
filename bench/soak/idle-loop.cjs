/** A process that does nothing but tell how late its event loop was: p99 in ms of the time since the last line from outside. */
const { monitorEventLoopDelay } = require('node:perf_hooks')

const RESOLUTION_MS = 20
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()
process.stdin.on('data', () => {
  console.log(Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS))
  delay.reset()
})
process.stdin.on('end', () => process.exit())
