/** Server and workers as they are deployed: the built program, with the demo atlas, on a Redis of the tests' own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findFreePort, makeCertificate, type RedisServer, startRedis } from '../redis.ts'

// Processes are started and killed: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 90_000 })

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const started: ChildProcess[] = []
let redis: RedisServer
let folder: string
let env: Record<string, string>

beforeEach(async () => {
  redis = await startRedis({ password: 'secret' })
  folder = await mkdtemp(join(tmpdir(), 'siibra-api-roles-'))
  env = {
    PATH: process.env.PATH ?? '',
    SIIBRA_USE_CONFIGURATION: 'demo',
    SIIBRA_API_BROKER_URL: redis.url,
    SIIBRA_CACHEDIR: folder,
    SIIBRA_API_LOG_LEVEL: 'error',
  }
})
afterEach(async () => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  await redis.close()
  await rm(folder, { recursive: true, force: true })
})

function start(args: string[], more: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...env, ...more },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  started.push(child)
  return child
}

async function startServer(): Promise<{ child: ChildProcess; base: string }> {
  const port = await findFreePort()
  const child = start([], { SIIBRA_API_ROLE: 'server', SIIBRA_API_PORT: String(port), SIIBRA_API_GRACE_S: '10' })
  return { child, base: `http://127.0.0.1:${port}` }
}

/** Asks until the status is the one that is waited for. */
async function untilStatus(url: string, status: number): Promise<Response> {
  const giveUpMs = Date.now() + 150_000
  for (;;) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.status === status) return answer
    if (Date.now() > giveUpMs) throw new Error(`${url}: ${answer?.status ?? 'no answer'}, not ${status}`)
    await delay(50)
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what it is, the tests say
const jsonOf = (answer: Response): Promise<any> => answer.json()

/** Asks until the answer is an error that says this. */
async function untilDetail(url: string, detail: RegExp): Promise<Response> {
  const giveUpMs = Date.now() + 150_000
  for (let said = 'nothing'; ; await delay(50)) {
    const answer = await fetch(url).catch(() => undefined)
    said = answer ? JSON.parse((await jsonOf(answer)).message ?? '{}').detail : said
    if (answer && detail.test(said)) return answer
    if (Date.now() > giveUpMs) throw new Error(`${url} says ${said}`)
  }
}

/** Niceness of each thread of a process. */
function prioritiesOf({ pid }: ChildProcess): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
  })
}

/** Exit code of a command. */
const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { env, encoding: 'utf8' })

test('the program is built', () => {
  expect(existsSync(main), 'npm run build makes it').toBe(true)
})

test('a server without workers says what it lacks, and answers as soon as they come', async () => {
  const { base } = await startServer()
  await untilStatus(`${base}/livez`, 200)
  await untilDetail(`${base}/ready`, /core, features, volumes, compounds/)
  const refused = await untilDetail(`${base}/v3_0/atlases`, /\.siibraapi\.core$/)
  expect(refused.status).toBe(503)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(run('worker', '--check').status).toBe(1)

  const port = await findFreePort()
  const critical = start(['worker', '-Q', 'core,features'], { SIIBRA_API_WORKER_PORT: String(port) })
  await untilStatus(`http://127.0.0.1:${port}/readyz`, 200)
  expect((await jsonOf(await untilStatus(`${base}/v3_0/atlases`, 200))).items.length).toBeGreaterThan(0)
  expect((await untilStatus(`${base}/v3_0/map?parcellation_id=x&space_id=y&map_type=LABELLED`, 404)).status).toBe(404)
  expect((await fetch(`${base}/ready`)).status).toBe(503)
  expect(run('worker', '-Q', 'core', '--check').status).toBe(0)
  expect(run('worker', '-Q', 'volumes', '--check').status).toBe(1)

  const expensive = start(['worker', '-Q', 'volumes,compounds'])
  expect(await jsonOf(await untilStatus(`${base}/ready`, 200))).toBe('ready')
  const { workers, queuesWithoutWorker } = await jsonOf(await fetch(`${base}/readyz`))
  expect(workers).toEqual({ core: 1, features: 1, volumes: 1, compounds: 1 })
  expect(queuesWithoutWorker).toEqual([])
  expect(await (await fetch(`${base}/metrics`)).text()).toMatch(/^num_workers\{.*queue="volumes"\} 1$/m)
  if (process.platform !== 'linux') return
  const own = getPriority()
  expect(Math.max(...prioritiesOf(critical))).toBeGreaterThanOrEqual(Math.min(19, own + 4))
  expect(Math.min(...prioritiesOf(critical))).toBe(own)
  expect(Math.min(...prioritiesOf(expensive))).toBe(Math.min(19, own + 4))
})

test('role all begins with the answers that it had when it was stopped; with other settings it does not', async () => {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}/v3_0/atlases`
  const serve = async (expected: 'hit' | null, more: Record<string, string> = {}) => {
    const child = start([], { SIIBRA_API_PORT: String(port), SIIBRA_API_WARM_UP: 'off', ...more })
    await untilStatus(`http://127.0.0.1:${port}/ready`, 200)
    const isKnown = async () => (await jsonOf(await fetch(`http://127.0.0.1:${port}/readyz`))).dataVersion !== null
    while (!(await isKnown())) await delay(10)
    // those of an earlier process are read then, where there are any to be found
    const entries = async () => (await jsonOf(await fetch(`http://127.0.0.1:${port}/readyz`))).cache.entries
    if (expected === 'hit') while ((await entries()) === 0) await delay(10)
    const hit = (await fetch(url)).headers.get('x-fastapi-cache')
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(hit).toBe(expected)
  }
  await serve(null)
  await serve('hit')
  await serve(null, { SIIBRA_API_REMAP_PROVIDERS: 'a::b' })
  await serve(null, { SIIBRA_API_RESPONSE_CACHE_ON_DISK: '0' })
})

test('a command line that makes no sense is told, with code 2', () => {
  const wrong = run('worker', '-Q', 'cores')
  expect(wrong.status).toBe(2)
  expect(wrong.stderr).toContain('cores')
  expect(run('worker', '--quick').status).toBe(2)
  expect(run('worker', '--help').stdout).toContain('-Q')
})

test('a server stopped during load: no client sees a broken answer', async () => {
  const { child, base } = await startServer()
  const worker = start(['worker'])
  await untilStatus(`${base}/ready`, 200)
  const counts = { answered: 0, refused: 0, closed: 0, broken: 0 }
  let isOver = false
  const client = async (name: number) => {
    for (let i = 0; !isOver; i++) {
      // Each is another task, so that none comes from the cache.
      const url = `${base}/v3_0/regions?parcellation_id=siibra-api%2Fdemo%2Fparcellation%2Fharbour-2&find=${name}.${i}`
      const answer = await fetch(url).catch(() => undefined)
      if (answer === undefined) {
        // Nobody listens any more.
        counts.closed++
        return
      }
      const body = await jsonOf(answer).catch(() => undefined)
      if (answer.status === 200 && Array.isArray(body?.items)) counts.answered++
      else if (answer.status === 503 && answer.headers.has('retry-after') && body?.error === true) counts.refused++
      else counts.broken++
    }
  }
  const clients = Array.from({ length: 8 }, (_, i) => client(i))
  while (counts.answered < 50) await delay(10)
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  isOver = true
  await Promise.all(clients)
  expect(code).toBe(0)
  expect(counts.broken).toBe(0)
  expect(counts.answered).toBeGreaterThanOrEqual(50)
  worker.kill('SIGTERM')
  const [workerCode] = await once(worker, 'exit')
  expect(workerCode).toBe(0)
})

test('both stop in good order although Redis is away', async () => {
  const { child, base } = await startServer()
  const worker = start(['worker'], { SIIBRA_API_GRACE_S: '10' })
  await untilStatus(`${base}/ready`, 200)
  await untilStatus(`${base}/v3_0/atlases`, 200)
  await redis.kill()
  await untilStatus(`${base}/ready`, 503)
  // one that does not stop by itself is ended by force, with 1
  const ends = [child, worker].map(async (one) => {
    one.kill('SIGTERM')
    return (await once(one, 'exit'))[0]
  })
  expect(await Promise.all(ends)).toEqual([0, 0])
})

test('a Redis that speaks TLS is used by who trusts its certificate, and by nobody else', async ({ skip }) => {
  const tls = makeCertificate(folder)
  if (tls === undefined) return skip('openssl is not installed')
  const encrypted = await startRedis({ password: 'secret', tls })
  try {
    env = { ...env, SIIBRA_API_BROKER_URL: encrypted.url, SIIBRA_API_CACHE_URL: encrypted.url }
    const doubting = await startServer()
    const { broker, problems } = await jsonOf(await untilStatus(`${doubting.base}/readyz`, 503))
    expect([broker, problems]).toEqual([false, expect.arrayContaining(['the broker cannot be reached'])])
    env.NODE_EXTRA_CA_CERTS = tls.certificate
    const { base } = await startServer()
    start(['worker'])
    await untilStatus(`${base}/ready`, 200)
    expect((await jsonOf(await untilStatus(`${base}/v3_0/atlases`, 200))).items.length).toBeGreaterThan(0)
    expect(run('worker', '--check').status).toBe(0)
  } finally {
    await encrypted.close()
  }
})
