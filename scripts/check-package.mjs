#!/usr/bin/env node
/**
 * Packs what is published, and has publint and arethetypeswrong look at it: whether programs and compilers find what
 * package.json promises. Both are fetched for this alone; where they cannot be had it is skipped, and said to be. Status 1
 * where something is wrong.
 *
 *   npm run build && node scripts/check-package.mjs
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = mkdtempSync(join(tmpdir(), 'siibra-api-package-'))
const CHECKS = {
  publint: ['publint@0.3.25', '--strict'],
  // both packages are modules alone
  arethetypeswrong: ['@arethetypeswrong/cli@0.18.5', '--profile', 'esm-only'],
}

const run = (command, args) => spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 })

/** Packs one, having built it if it builds itself. */
function pack(args) {
  const { status, stdout, stderr } = run('npm', ['pack', '--json', '--pack-destination', folder, ...args])
  if (status !== 0) throw new Error(stderr)
  const [{ filename, size, unpackedSize }] = JSON.parse(stdout.slice(stdout.indexOf('[')))
  const megabytes = (bytes) => (bytes / 1e6).toFixed(2)
  console.log(`${filename}: ${megabytes(size)} MB, ${megabytes(unpackedSize)} MB unpacked`)
  return join(folder, filename)
}

let failed = 0
try {
  const tarballs = [pack(['--ignore-scripts']), pack(['--workspace', '@siibra-api/client'])]
  for (const [name, [tool, ...options]] of Object.entries(CHECKS)) {
    const { status, stderr } = run('npx', ['--yes', '--prefer-offline', tool, '--version'])
    if (status !== 0) {
      console.log(`SKIPPED: ${name} cannot be had here: ${stderr.trim().split('\n').at(-1)}`)
      continue
    }
    for (const tarball of tarballs) {
      const { status, stdout, stderr } = run('npx', ['--yes', '--prefer-offline', tool, tarball, ...options])
      if (status !== 0) failed++
      console.log(status === 0 ? `passed: ${name}` : `FAILED: ${name} ${tarball}\n${stdout}${stderr}`)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
process.exitCode = failed === 0 ? 0 : 1
