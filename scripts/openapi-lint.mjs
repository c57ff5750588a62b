#!/usr/bin/env node
/**
 * Redocly's linter on the OpenAPI documents as the built program serves them, of the demo atlas: nothing may be found (redocly.yaml).
 *
 *   npm run build && node scripts/openapi-lint.mjs
 *
 * It is fetched by npx, being 60 MB; where it cannot be had, it is skipped, and said to be.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** The last that runs on Node 20. */
const LINTER = '@redocly/cli@2.77.0'
const START_WITHIN_MS = 60_000

function redocly(...args) {
  return spawnSync('npx', ['--yes', '--prefer-offline', LINTER, ...args], { encoding: 'utf8' })
}

const there = redocly('--version')
if (there.status !== 0) {
  console.log(`SKIPPED: ${LINTER} cannot be had (${there.stderr.trim().split('\n').at(-1)})`)
  process.exit(0)
}

const folder = mkdtempSync(join(tmpdir(), 'siibra-api-openapi-'))
const port = await freePort()
const env = { ...process.env, SIIBRA_USE_CONFIGURATION: 'demo', SIIBRA_API_PORT: String(port), SIIBRA_CACHEDIR: folder }
const service = spawn(process.execPath, ['dist/main.js'], { env, stdio: 'ignore' })
const ended = once(service, 'exit')
let status = 1
try {
  const base = `http://127.0.0.1:${port}`
  await waitUntilReady(base)
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
  service.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
process.exit(status)

async function waitUntilReady(base) {
  for (const endMs = Date.now() + START_WITHIN_MS; Date.now() < endMs; await delay(100))
    if (
      await fetch(`${base}/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
  throw new Error('the service is not ready')
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}
