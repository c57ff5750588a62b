/**
 * All benches, one after the other: each prints ratios of things measured in the same run.
 *
 *   npm run bench [-- server decode ...]
 */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Name -> arguments of node. `session` and `isolation` need a running service: they are started by hand. */
const BENCHES: Readonly<Record<string, readonly string[]>> = {
  server: ['--import', 'tsx', 'bench/server.ts'],
  queue: ['--import', 'tsx', 'bench/queue.ts'],
  decode: ['--import', 'tsx', 'bench/decode.ts'],
  maps: ['--import', 'tsx', 'bench/maps.ts'],
  features: ['--import', 'tsx', 'bench/features.ts'],
  tables: ['--import', 'tsx', 'bench/tables.ts'],
  memory: ['--expose-gc', '--import', 'tsx', 'bench/volume-memory.ts'],
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}
const cwd = join(dirname(fileURLToPath(import.meta.url)), '..')
for (const [name, args] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n=== ${name}\n`)
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
