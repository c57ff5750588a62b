#!/usr/bin/env -S node --single-threaded-gc --no-memory-reducer --max-semi-space-size=2
/** The command `siibra-api`. */
import { runCommandLine } from './cli/program.ts'
import { parseConfig } from './config.ts'
import { stopWithNpm } from './roles/npm-parent.ts'

const { env, stdout, stderr } = process
stopWithNpm(env)
const exitCode = await runCommandLine(process.argv.slice(2), { env, stdout, stderr, config: () => parseConfig(env) })
if (exitCode !== undefined) process.exit(exitCode)
