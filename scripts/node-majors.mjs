#!/usr/bin/env node
/**
 * Runs the tests of what depends on the inside of node (kept answers, whose heads are written into its responses) under further
 * majors of node, each from its package on npm: `node scripts/node-majors.mjs [major ...]`.
 * A major that cannot be installed is skipped, and said to be. Status 1 where a test failed.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAJORS = ['22', '24']
const TESTS = ['test/server/cached-answers.test.ts', 'test/server/both-ways.test.ts']

const root = fileURLToPath(new URL('..', import.meta.url))
const majors = process.argv.length > 2 ? process.argv.slice(2) : MAJORS
const name = `node-${process.platform}-${process.arch}`
let failed = 0
for (const major of majors) {
  const folder = mkdtempSync(join(tmpdir(), 'siibra-api-node-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{"private": true}')
    const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${major}`]
    if (spawnSync('npm', install, { cwd: folder, stdio: 'ignore' }).status !== 0) {
      console.log(`SKIPPED: node ${major} cannot be had here (${name}@${major})`)
      continue
    }
    const node = join(folder, 'node_modules', name, 'bin', 'node')
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const { status } = spawnSync(node, [vitest, 'run', '--reporter=dot', ...TESTS], { cwd: root, stdio: 'inherit' })
    console.log(`${status === 0 ? 'passed' : 'FAILED'}: node ${major}`)
    if (status !== 0) failed++
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
process.exitCode = failed === 0 ? 0 : 1
