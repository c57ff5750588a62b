#!/usr/bin/env -S node --single-threaded-gc --no-memory-reducer
/** Reads the configuration, picks the role, starts it, closes it gracefully. */
import { ConfigError, parseConfig } from './config.ts'
import { stopWithNpm } from './roles/npm-parent.ts'
import { SiibraError } from './siibra/errors.ts'

stopWithNpm(process.env)
try {
  const config = parseConfig(process.env)
  if (process.argv[2] === 'worker' || config.role === 'worker') {
    const { runWorkerCommand } = await import('./roles/worker.ts')
    await runWorkerCommand(config, process.argv.slice(process.argv[2] === 'worker' ? 3 : 2))
  } else if (process.argv[2] === 'warm-up') {
    const { runWarmUpCommand } = await import('./roles/warm-up.ts')
    await runWarmUpCommand(config, process.argv.slice(3))
  } else if (config.role === 'server') {
    const { startServer } = await import('./roles/server.ts')
    await startServer(config)
  } else {
    const { startAll } = await import('./roles/all.ts')
    await startAll(config)
  }
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : thrown}\n`)
  const isUsage =
    thrown instanceof ConfigError || (thrown instanceof SiibraError && thrown.code === 'INVALID_PARAMETER')
  process.exit(isUsage ? 2 : 1)
}
