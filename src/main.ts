#!/usr/bin/env node
/** Reads the configuration, picks the role, starts it, closes it gracefully. */
import { ConfigError, parseConfig } from './config.ts'

try {
  const config = parseConfig(process.env)
  if (process.argv[2] === 'worker' || config.role === 'worker')
    throw new ConfigError(['The role worker is not there yet'])
  if (config.role === 'server') throw new ConfigError(['SIIBRA_API_ROLE: the role server is not there yet'])
  const { startAll } = await import('./roles/all.ts')
  await startAll(config)
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : thrown}\n`)
  process.exit(thrown instanceof ConfigError ? 2 : 1)
}
