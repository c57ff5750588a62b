/**
 * What the queue costs: a trivial task in one process against server and worker, cheap tasks with 1, 2 and 4 workers,
 * atlas downloads. One run, alternating, on a redis-server of its own.
 *
 *   npm run bench:queue [-- --rounds 5 --seconds 2 --configuration v04]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startRedis } from '../test/redis.ts'
import { applyLoad, residentBytes } from './server/load.ts'
import { benchConfiguration, NODE_OPTIONS, ROOT, type Running, startService } from './server/processes.ts'

const options = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    configuration: { type: 'string', default: 'v04' },
  },
}).values
const rounds = Number(options.rounds)
const ms = Number(options.seconds) * 1000
const FRESH = { 'x-bypass-fastapi-cache': '1' }

const { label, env: configuration } = benchConfiguration(options.configuration)
const redis = await startRedis()
const folder = mkdtempSync(join(tmpdir(), 'siibra-api-bench-'))
const env = {
  ...configuration,
  SIIBRA_API_BROKER_URL: redis.url,
  SIIBRA_CACHEDIR: folder,
  SIIBRA_API_LOG_LEVEL: 'error',
  SIIBRA_API_VERSION: 'bench',
}
const workers: ChildProcess[] = []

async function addWorker(): Promise<void> {
  const before = workers.length
  workers.push(
    spawn(process.execPath, [...NODE_OPTIONS, 'dist/main.js', 'worker'], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  )
  if (!server) return
  while ((await getJson(server, '/readyz')).workers.core <= before) await delay(50)
}

async function getJson(service: Running, path: string) {
  return JSON.parse(await (await fetch(`http://127.0.0.1:${service.port}${path}`)).text())
}

let server: Running | undefined
const all = await startService(env)
await addWorker()
const serverEnv = { ...env, SIIBRA_API_ROLE: 'server', SIIBRA_API_READY_QUEUES: 'none' }
server = await startService(serverEnv)
while ((await getJson(server, '/readyz')).workers.core < 1) await delay(50)
const idleBytes = residentBytes(server.pid)
// others beside it, when the worker no longer loads its configuration
const starts: number[] = []
for (let i = 0; i < 5; i++) {
  const another = await startService(serverEnv)
  starts.push(another.readyMs)
  await another.stop()
}
const startMs = median(starts)

const path = '/v3_0/atlases?size=1'
const measure = ({ port, pid }: Running) => applyLoad({ port, pid, paths: [path], headers: FRESH, connections: 1, ms })
await measure(all)
await measure(server)
const pairs: { inProcess: number; queued: number }[] = []
for (let i = 0; i < rounds; i++) {
  pairs.push({ inProcess: (await measure(all)).p50Ms, queued: (await measure(server)).p50Ms })
}
const inProcess = median(pairs.map((pair) => pair.inProcess))
const queued = median(pairs.map((pair) => pair.queued))

const parcellation = (await getJson(all, '/v3_0/maps?map_type=STATISTICAL&size=1')).items[0].parcellation['@id']
const throughput = []
for (const count of [1, 2, 4]) {
  while (workers.length < count) await addWorker()
  throughput.push({ workers: count, 'tasks/s': Math.round(await cheapTasksPerS(server)) })
}

/** Different tasks from 16 clients: identical ones would be one. */
async function cheapTasksPerS({ port, pid }: Running): Promise<number> {
  const loads = Array.from({ length: 16 }, (_, i) => {
    const query = new URLSearchParams({ parcellation_id: parcellation, size: '1', page: String(i + 1) })
    return applyLoad({ port, pid, paths: [`/v3_0/regions?${query}`], headers: FRESH, connections: 1, ms })
  })
  return (await Promise.all(loads)).reduce((sum, { requestsPerS }) => sum + requestsPerS, 0)
}

const map = (await getJson(all, '/v3_0/maps?map_type=STATISTICAL&size=1')).items[0]
const regions = Object.keys((await getJson(all, `/v3_0/maps/${encodeURIComponent(map['@id'])}`)).indices)
const ids = { parcellation_id: map.parcellation['@id'], space_id: map.space['@id'] }
const downloads = []
for (const [bundle, asked] of [
  ['a region', { ...ids, region_id: regions[0] ?? '', strict_mode: '1' }],
  ['a parcellation', { ...ids, strict_mode: '1' }],
  ['region, parcellation and template', { ...ids, region_id: regions[0] ?? '' }],
] as const) {
  downloads.push({ bundle, ...(await download(server, asked)) })
}

async function download(service: Running, asked: Record<string, string>) {
  const startedMs = performance.now()
  const { task_id } = await getJson(service, `/v3_0/atlas_download?${new URLSearchParams(asked)}`)
  for (;;) {
    const { status } = await getJson(service, `/v3_0/atlas_download/${task_id}`)
    if (status === 'SUCCESS') break
    if (status === 'FAILURE') throw new Error('the download failed')
    await delay(10)
  }
  const file = await fetch(`http://127.0.0.1:${service.port}/v3_0/atlas_download/${task_id}/download`)
  const bytes = (await file.arrayBuffer()).byteLength
  return {
    ms: Math.round(performance.now() - startedMs),
    bytes,
    'peak of the server (MB)': megabytes(peakBytes(service.pid)),
    'peak of a worker (MB)': megabytes(Math.max(...workers.map(({ pid }) => peakBytes(pid as number)))),
  }
}

console.log(`${label}, Node ${process.version}\n`)
console.table([
  {
    'in one process, p50 (ms)': inProcess.toFixed(2),
    'through the queue, p50 (ms)': queued.toFixed(2),
    'the queue costs (ms)': (queued - inProcess).toFixed(2),
    'bound (ms)': 1.5,
  },
])
console.table(throughput)
console.table(downloads)
console.table([{ 'server: start to ready (ms)': Math.round(startMs), 'server: idle (MB)': megabytes(idleBytes) }])

for (const worker of workers) worker.kill('SIGTERM')
await Promise.all([all.stop(), server.stop()])
await redis.close()
rmSync(folder, { recursive: true, force: true })

function peakBytes(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] as number
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6)
}
