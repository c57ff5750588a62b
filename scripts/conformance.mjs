#!/usr/bin/env node
/**
 * Replays the recorded answers of the original against this service: starts the mirror of remote data and the service
 * (built before) on free ports, runs the replay, compares what fails with the checked-in list, and ends all it started.
 *
 *   npm run conformance -- [--family a,b] [--role all|server] [--show N] [--all] [--update]
 *
 * --role     `all`: one process. `server`: a server, four workers and a redis-server of its own (from PATH)
 * --all      every family and, beside it, a start on the newest configuration (no recorded answers: its listings must answer)
 * --update   takes ids that pass by now off the list; ids are added to it by hand, with the reason
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const shared = resolve(root, '..', 'shared')
const listFile = join(root, 'test', 'conformance', 'expected-failures.txt')
const options = parseArgs({
  options: {
    family: { type: 'string' },
    role: { type: 'string', default: 'all' },
    show: { type: 'string', default: '5' },
    all: { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
  },
}).values

if (!existsSync(shared)) {
  console.error('No recorded answers: there is no ../shared beside the project.')
  process.exit(2)
}

const freePort = () =>
  new Promise((done, fail) => {
    const probe = createServer().once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

const started = []
function start(args, env = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  started.push(child)
  return child
}

/** Ends what was started and waits for it: a service may write to its disk cache until it has closed. */
async function stopAll(limitMs = 15_000) {
  const running = started.filter((child) => child.exitCode === null && child.signalCode === null)
  const closed = running.map((child) => new Promise((done) => child.once('exit', done)))
  for (const child of running) child.kill('SIGTERM')
  const timer = setTimeout(() => {
    for (const child of running) child.kill('SIGKILL')
  }, limitMs)
  await Promise.all(closed)
  clearTimeout(timer)
}

async function untilReady(url, child, limitMs = 30_000) {
  const end = Date.now() + limitMs
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode} before it was ready`)
    const status = await fetch(url).then(
      (r) => r.status,
      () => 0,
    )
    if (status === 200) return
    await new Promise((r) => setTimeout(r, 50))
  }
  throw new Error(`not ready within ${limitMs} ms: ${url}`)
}

async function startService(configuration, mirrorPort, cacheDir, role = 'all') {
  const port = await freePort()
  const env = {
    SIIBRA_API_HOST: '127.0.0.1',
    SIIBRA_USE_CONFIGURATION: join(shared, 'data', 'configurations', configuration),
    SIIBRA_USE_LOCAL_SNAPSPOT: join(shared, 'data', 'snapshot'),
    SIIBRA_API_MIRROR: `http://127.0.0.1:${mirrorPort}`,
    SIIBRA_API_OFFLINE: '1',
    SIIBRA_CACHEDIR: cacheDir,
    ...(role === 'server' ? await startRedis(cacheDir) : {}),
  }
  if (role === 'server') for (let i = 0; i < WORKERS; i++) start(['dist/main.js', 'worker'], env)
  const service = start(['dist/main.js'], { ...env, SIIBRA_API_ROLE: role, SIIBRA_API_PORT: String(port) })
  const base = `http://127.0.0.1:${port}`
  await untilReady(`${base}/ready`, service)
  return base
}

const WORKERS = 4

/** A Redis of our own; gives the variables that name it. */
async function startRedis(folder) {
  if (spawnSync('redis-server', ['--version']).error)
    throw new Error('role server needs redis-server (Debian: apt-get install redis-server)')
  const port = await freePort()
  mkdirSync(folder, { recursive: true })
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
    stdio: 'ignore',
  })
  started.push(child)
  const url = `redis://127.0.0.1:${port}`
  return { SIIBRA_API_CELERY_BROKER: url, SIIBRA_API_CELERY_RESULT: url, SIIBRA_API_CACHE_URL: `${url}/1` }
}

function replay(base, failingFile, family = options.family) {
  const args = [
    join(shared, 'conformance', 'run.mjs'),
    ...['--base', base, '--goldens', join(shared, 'reference', 'goldens', 'v04')],
    ...['--failing', failingFile, '--show', options.show],
    ...(family ? ['--family', family] : []),
  ]
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    started.push(child)
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
      process.stdout.write(chunk)
    })
    child.on('error', fail)
    child.on('close', () => {
      const last = /(\d+) passed, (\d+) failed\s*$/.exec(text)
      if (last) done({ passed: Number(last[1]), failed: Number(last[2]) })
      else fail(new Error('the replay printed no result'))
    })
  })
}

/** What failed is asked once more: a busy machine may run into time limits. */
async function confirm(base, ids, failingFile) {
  if (ids.length === 0) return ids
  const families = [...new Set(ids.map((id) => id.replace(/-\d+$/, '')))]
  console.log(`once more: ${families.join(', ')}`)
  await replay(base, failingFile, families.join(','))
  const again = new Set(readIds(failingFile))
  return ids.filter((id) => again.has(id))
}

/** The newest configuration has no recorded answers: it has to start and to list what it holds. */
async function checkNewest(mirrorPort, cacheDir) {
  const base = await startService('head', mirrorPort, cacheDir)
  let passed = 0
  const faults = []
  for (const [path, least] of [
    ['/v3_0/atlases', 5],
    ['/v3_0/spaces', 10],
    ['/v3_0/parcellations', 29],
    ['/v3_0/maps', 62],
  ]) {
    const { total } = await fetch(base + path).then((r) => r.json())
    if (total >= least) passed++
    else faults.push(`head ${path}: total ${total}, at least ${least} expected`)
  }
  return { passed, faults }
}

const readIds = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((l) => l.replace(/#.*/, '').trim())
    .filter(Boolean)
const scratch = mkdtempSync(join(tmpdir(), 'siibra-conformance-'))
let outcome = { passed: 0, failed: 1 }
try {
  const mirrorPort = await freePort()
  start([join(shared, 'conformance', 'mirror-server.mjs'), '--port', String(mirrorPort)])
  const base = await startService('v04', mirrorPort, join(scratch, 'cache'), options.role)
  const failingFile = join(scratch, 'failing.txt')
  const { passed } = await replay(base, failingFile)
  const failing = readIds(failingFile)
  const expected = new Set(readIds(listFile))
  const unexpected = await confirm(
    base,
    failing.filter((id) => !expected.has(id)),
    failingFile,
  )
  for (const id of unexpected) console.log(`NOT EXPECTED TO FAIL: ${id}`)
  if (!options.family) {
    const passesNow = [...expected].filter((id) => !failing.includes(id))
    if (passesNow.length) console.log(`${passesNow.length} ids on the list pass by now; --update takes them off`)
    if (options.update) {
      const lines = readFileSync(listFile, 'utf8').split('\n')
      const stays = (line) => !passesNow.includes(line.replace(/#.*/, '').trim())
      writeFileSync(listFile, lines.filter((line) => stays(line)).join('\n'))
    }
  }
  const newest = options.all ? await checkNewest(mirrorPort, join(scratch, 'cache')) : { passed: 0, faults: [] }
  for (const fault of newest.faults) console.log(fault)
  outcome = { passed: passed + newest.passed, failed: unexpected.length + newest.faults.length }
  console.log(`${failing.length - unexpected.length} expected failures (test/conformance/expected-failures.txt)`)
} catch (error) {
  console.error(`conformance: ${error.message}`)
} finally {
  await stopAll()
  rmSync(scratch, { recursive: true, force: true })
}
mkdirSync(join(root, '.cache'), { recursive: true })
writeFileSync(join(root, '.cache', 'conformance.json'), JSON.stringify(outcome))
console.log(`${outcome.passed} passed, ${outcome.failed} failed`)
process.exitCode = outcome.failed ? 1 : 0
