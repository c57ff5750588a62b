#!/usr/bin/env node
/**
 * Installs the Python client in a virtual environment, checks its types (mypy --strict) and runs its tests against the demo
 * atlas, served by the built program.
 *
 *   npm run build && node scripts/python-client.mjs
 *
 * SIIBRA_TEST_PYTHON names an interpreter that has httpx, pytest, mypy, pandas and nibabel already. Where Python or its packages
 * cannot be had it is skipped, and said to be. Status 1 where something failed.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveDemo } from './serve-demo.mjs'

const project = fileURLToPath(new URL('../clients/python', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'siibra-api-python-'))

const run = (command, args, options = {}) => spawnSync(command, args, { cwd: project, encoding: 'utf8', ...options })

/** An interpreter that has what the tests need; undefined where there is none, having said why. */
function preparePython() {
  const given = process.env.SIIBRA_TEST_PYTHON
  if (given) return given
  const venv = join(folder, 'venv')
  const python = join(venv, 'bin', 'python')
  const steps = [
    ['python3', ['-m', 'venv', venv]],
    [python, ['-m', 'pip', 'install', '--quiet', 'httpx', 'pytest', 'mypy', 'pandas', 'nibabel']],
  ]
  for (const [command, args] of steps) {
    const { status, stderr, error } = run(command, args)
    if (status === 0) continue
    console.log(
      `SKIPPED: the Python client cannot be tried here: ${error?.message ?? stderr.trim().split('\n').at(-1)}`,
    )
    return undefined
  }
  return python
}

let failed = 0
function check(name, command, args, env = {}) {
  // nothing is written into the sources
  const own = { ...process.env, PYTHONPATH: 'src', MYPYPATH: 'src', PYTHONDONTWRITEBYTECODE: '1', ...env }
  const { status, stdout, stderr } = run(command, args, { env: own })
  if (status !== 0) failed++
  console.log(`${status === 0 ? 'passed' : 'FAILED'}: ${name}\n${status === 0 ? stdout.trim() : stdout + stderr}`)
}

try {
  const python = preparePython()
  if (python !== undefined) {
    check('types', python, ['-m', 'mypy', '--cache-dir', join(folder, 'mypy')])
    const service = await serveDemo(join(folder, 'cache'))
    try {
      check('tests', python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'], {
        SIIBRA_API_TEST_URL: `${service.base}/v3_0`,
      })
    } finally {
      await service.stop()
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
process.exitCode = failed === 0 ? 0 : 1
