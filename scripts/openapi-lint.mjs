#!/usr/bin/env node
/**
 * Redocly's linter on the OpenAPI documents as the built program serves them, of the demo atlas: nothing may be found (redocly.yaml).
 *
 *   npm run build && node scripts/openapi-lint.mjs
 *
 * It is fetched by npx, being 60 MB; where it cannot be had, it is skipped, and said to be.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveDemo } from './serve-demo.mjs'

/** The last that runs on Node 20. */
const LINTER = '@redocly/cli@2.77.0'

function redocly(...args) {
  return spawnSync('npx', ['--yes', '--prefer-offline', LINTER, ...args], { encoding: 'utf8' })
}

const there = redocly('--version')
if (there.status !== 0) {
  console.log(`SKIPPED: ${LINTER} cannot be had (${there.stderr.trim().split('\n').at(-1)})`)
  process.exit(0)
}

const folder = mkdtempSync(join(tmpdir(), 'siibra-api-openapi-'))
const { base, stop } = await serveDemo(folder)
let status = 1
try {
  const files = []
  for (const version of ['v3_0', 'v1_0']) {
    const file = join(folder, `${version}.json`)
    writeFileSync(file, await (await fetch(`${base}/${version}/openapi.json`)).text())
    files.push(file)
  }
  const result = redocly('lint', '--config', 'redocly.yaml', '--format', 'stylish', '--max-problems', '50', ...files)
  status = result.status || /You have \d+ (?:warning|error)/.test(result.stdout + result.stderr) ? 1 : 0
  console.log(status === 0 ? 'Redocly finds nothing' : result.stdout + result.stderr)
} finally {
  await stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
process.exit(status)
