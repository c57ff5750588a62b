/**
 * schemathesis over the whole OpenAPI document, against the built service on the demo atlas, in both roles: requests that fit the
 * document and requests that do not, and what links lead to. No 5xx, no undocumented status or media type, every answer fits its
 * schema. Both roles are tried at once. Needs python3 with venv and a registry, or SIIBRA_TEST_SCHEMATHESIS, the path of its program;
 * skipped visibly without.
 *
 *   node scripts/schemathesis.mjs [--seconds 90] [--role all|server] [--seed N]
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { pythonWith } from './lib/python-packages.mjs'

const VERSION = '4.32.5'
const options = parseArgs({
  options: {
    seconds: { type: 'string', default: '90' },
    role: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
}).values

/**
 * `/tasks/x/result` is also the task `x/result` for DELETE, since ids may hold slashes. The id of a task behind a queue is made of its
 * request, and downloads are asked for by GET: one that is asked for again after its DELETE is there again, which looks like one that
 * was not deleted (tests of ours delete tasks). What is not asked: whether every request that fits the document is accepted (ids,
 * regions and points have to exist in the atlas). A service that is not connected says of warping that its source is away. Answers to
 * `fields` hold only the fields that were asked for.
 */
const CONFIGURATION = `
[checks]
positive_data_acceptance.enabled = false
negative_data_rejection.expected-statuses = ["400", "401", "404", "405", "406", "413", "414", "415", "422", "431"]

[[operations]]
include-path-regex = "(/transform-points|/warp)$"
checks.not_a_server_error.expected-statuses = ["2xx", "4xx", "503"]
checks.unsupported_method.enabled = false

[[operations]]
include-path = "/tasks/{task_id}/result"
checks.unsupported_method.enabled = false
checks.allow_header_conformance.enabled = false

[[operations]]
include-path-regex = "^/(tasks|atlas_download)/"
checks.use_after_free.enabled = false
`
const folder = mkdtempSync(join(tmpdir(), 'siibra-api-schemathesis-'))
const children = []
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** The program, installed where it has to be; undefined where it cannot be had. */
function findProgram() {
  const given = process.env.SIIBRA_TEST_SCHEMATHESIS
  if (given) return given
  const programs = pythonWith('schemathesis', `schemathesis==${VERSION}`)
  return programs && join(programs, 'schemathesis')
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

function start(command, args, env) {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  children.push(child)
}

/** The service in a role; undefined where Redis, which it needs, is not installed. */
async function startService(role) {
  const port = await freePort()
  const env = {
    SIIBRA_USE_CONFIGURATION: 'demo',
    SIIBRA_API_OFFLINE: '1',
    SIIBRA_CACHEDIR: join(folder, role),
    SIIBRA_API_LOG_LEVEL: 'error',
    SIIBRA_API_WARM_UP: 'off',
  }
  if (role === 'server') {
    const program = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0)
    if (program === undefined) return undefined
    const redis = await freePort()
    start(program, ['--port', String(redis), '--bind', '127.0.0.1', '--save', '', '--dir', folder], {})
    env.SIIBRA_API_BROKER_URL = `redis://127.0.0.1:${redis}`
    start(process.execPath, ['dist/main.js', 'worker'], env)
  }
  start(process.execPath, ['dist/main.js'], { ...env, SIIBRA_API_ROLE: role, SIIBRA_API_PORT: String(port) })
  const base = `http://127.0.0.1:${port}`
  const giveUpMs = Date.now() + 120_000
  while ((await fetch(`${base}/ready`).catch(() => undefined))?.status !== 200) {
    if (Date.now() > giveUpMs) throw new Error(`role ${role} is not ready after 120 s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return base
}

/** The document without the parameters `fields` and `format`: their answers hold what was asked for and no more, or are no JSON. */
async function writeDocument(url, path) {
  const document = await (await fetch(url)).json()
  for (const route of Object.values(document.paths))
    for (const operation of Object.values(route))
      if (operation.parameters)
        operation.parameters = operation.parameters.filter(({ name }) => name !== 'fields' && name !== 'format')
  writeFileSync(path, JSON.stringify(document))
}

/** Says what was found in a role; true where all is right, or the role is skipped. */
async function tryRole(program, role) {
  const base = await startService(role)
  if (base === undefined) {
    console.log(`SKIPPED: role ${role}: redis-server is not installed`)
    return true
  }
  const document = `openapi-${role}.json`
  await writeDocument(`${base}/v3_0/openapi.json`, join(folder, document))
  const args = ['--config-file', 'schemathesis.toml', 'run', document, '--url', `${base}/v3_0`]
  const bounds = ['--max-time', options.seconds, '--request-timeout', '30', '--seed', options.seed]
  const more = ['--continue-on-failure', '--no-shrink', '--warnings', 'off']
  const run = spawn(resolve(program), [...args, ...bounds, ...more], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
  })
  let output = ''
  run.stdout.on('data', (text) => (output += text))
  run.stderr.on('data', (text) => (output += text))
  const [code] = await once(run, 'exit')
  writeFileSync(`.cache/schemathesis-${role}.txt`, output)
  const from = code === 0 ? output.search(/^=+ SUMMARY/m) : output.search(/^=+ (FAILURES|ERRORS)/m)
  console.log(`schemathesis, role ${role}\n${output.slice(Math.max(0, from)).slice(0, 20_000)}`)
  return code === 0
}

const program = findProgram()
if (program === undefined) process.exit(0)
mkdirSync('.cache', { recursive: true })
writeFileSync(join(folder, 'schemathesis.toml'), CONFIGURATION)
const roles = options.role ? [options.role] : ['all', 'server']
const areRight = await Promise.all(roles.map((role) => tryRole(program, role)))
process.exit(areRight.includes(false) ? 1 : 0)
