/**
 * What requests cost where servers, Redis and workers are apart: sessions of explorers (from what servers keep, and past it), scripts and
 * uploads, against some numbers of servers and workers. CPU time, not wall time, as all of it runs on one machine.
 *
 *   npm run capacity [-- --fleets 1x1,1x2,1x4,2x4] [--explorers 4] [--rounds 4] [--out bench/capacity/measured.json]
 *
 * `bench/capacity/plan.mjs` computes from it what a number of users needs (docs/capacity.md).
 */
import { writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { parseArgs } from 'node:util'
import { type Fleet, startFleet } from './chaos/fleet.ts'
import { cpuMs } from './server/load.ts'
import { send } from './session/client.ts'
import { replaySession } from './session/replay.ts'
import { loadTrace } from './session/trace.ts'

const options = parseArgs({
  options: {
    fleets: { type: 'string', default: '1x1,1x2,1x4,2x4' },
    explorers: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '4' },
    out: { type: 'string' },
  },
}).values
const explorers = Number(options.explorers)
const rounds = Number(options.rounds)
const steps = loadTrace('bench/traces/demo.json')
const PAST_CACHE = { 'x-bypass-fastapi-cache': '1' }
const SPACE =
  'parcellation_id=siibra-api/demo/parcellation/harbour-2&space_id=siibra-api/demo/space/harbour-mean&assignment_type=labelled'
const UPLOAD = Buffer.from(['x,y,z', ...Array.from({ length: 1000 }, (_, i) => `${(i % 40) - 20},10,10`)].join('\n'))

interface Cost {
  requests: number
  failed: number
  bytes: number
  wallMs: number
  serverMs: number
  workerMs: number
  redisMs: number
  /** Tasks that went through Redis, and what it did meanwhile. */
  tasks: number
  redisOps: number
  redisBytes: number
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/** Tasks that a server's workers ended: all but those of core, which it runs itself. */
async function farTasks({ servers }: Fleet): Promise<number> {
  const texts = await Promise.all(servers.map(async ({ base }) => (await fetch(`${base}/metrics`)).text()))
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.startsWith('siibra_api_tasks_total'))
  return sumOf(lines.filter((line) => !line.includes('"core"')).map((line) => Number(line.split(' ').at(-1))))
}

async function redisNow({ client }: Fleet) {
  const [commands, stats, cpu] = await Promise.all(['commandstats', 'stats', 'cpu'].map((part) => client.info(part)))
  const numberOf = (name: string, text = '') => Number(new RegExp(`${name}:([\\d.]+)`).exec(text)?.[1] ?? 0)
  return {
    // of scripts, what they call is counted
    ops: sumOf([...(commands ?? '').matchAll(/calls=(\d+)/g)].map(([, calls]) => Number(calls))),
    bytes: numberOf('total_net_input_bytes', stats) + numberOf('total_net_output_bytes', stats),
    ms: (numberOf('used_cpu_user', cpu) + numberOf('used_cpu_sys', cpu)) * 1000,
  }
}

async function measure(fleet: Fleet, work: () => Promise<{ status: number; bytes: number }[]>): Promise<Cost> {
  const look = async () => ({
    server: sumOf(fleet.servers.map(({ pid }) => cpuMs(pid))),
    worker: sumOf(fleet.workers.map(({ pid }) => cpuMs(pid))),
    redis: await redisNow(fleet),
    tasks: await farTasks(fleet),
  })
  const before = await look()
  const startedMs = performance.now()
  const answers = await work()
  const wallMs = performance.now() - startedMs
  const after = await look()
  return {
    requests: answers.length,
    failed: answers.filter(({ status }) => status !== 200).length,
    bytes: sumOf(answers.map(({ bytes }) => bytes)),
    wallMs,
    serverMs: after.server - before.server,
    workerMs: after.worker - before.worker,
    redisMs: after.redis.ms - before.redis.ms,
    tasks: after.tasks - before.tasks,
    redisOps: after.redis.ops - before.redis.ops,
    redisBytes: after.redis.bytes - before.redis.bytes,
  }
}

async function sessions(base: URL, headers?: Record<string, string>) {
  const all: { status: number; bytes: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const runs = await Promise.all(Array.from({ length: explorers }, () => replaySession(base, steps, headers)))
    all.push(...runs.flatMap(({ samples }) => samples))
  }
  return all
}

/** A script asks one request after the other, each another. */
async function scripts(base: URL, at: number) {
  const agent = new Agent({ keepAlive: true })
  const one = async (script: number) => {
    const all: { status: number; bytes: number }[] = []
    for (let i = 0; i < rounds * 20; i++) {
      const x = -20 + ((script * 997 + i * 13 + at) % 4000) / 100
      const answer = await send(base, agent, `/v3_0/map/assign?${SPACE}&point=${x},10,10`, {
        'accept-encoding': 'gzip',
      })
      all.push({ status: answer.status, bytes: answer.bytes.length })
    }
    return all
  }
  const all = await Promise.all(Array.from({ length: explorers }, (_, script) => one(script)))
  agent.destroy()
  return all.flat()
}

async function uploads(base: URL) {
  const agent = new Agent({ keepAlive: true })
  const all: { status: number; bytes: number }[] = []
  for (let i = 0; i < rounds * 4; i++) {
    const body = Buffer.concat([UPLOAD, Buffer.from(`\n${i},0,0`)])
    const answer = await send(base, agent, `/v3_0/map/assign?${SPACE}`, { 'content-type': 'text/csv' }, body)
    all.push({ status: answer.status, bytes: answer.bytes.length })
  }
  agent.destroy()
  return all
}

const measured: Record<string, Record<string, Cost>> = {}
for (const shape of options.fleets.split(',')) {
  const [servers = 1, workers = 1] = shape.split('x').map(Number)
  const fleet = await startFleet({ role: 'server', servers, workers })
  try {
    const base = new URL(fleet.base)
    // what is read and compiled once is no cost of a request
    await sessions(base)
    await sessions(base, PAST_CACHE)
    const kinds = {
      kept: await measure(fleet, () => sessions(base)),
      'past the cache': await measure(fleet, () => sessions(base, PAST_CACHE)),
      scripts: await measure(fleet, () => scripts(base, servers * 100 + workers)),
      uploads: await measure(fleet, () => uploads(base)),
    }
    measured[shape] = kinds
    for (const [kind, cost] of Object.entries(kinds)) {
      const each = (value: number) => (value / cost.requests).toFixed(2)
      const perTask = (value: number) => (cost.tasks === 0 ? '-' : (value / cost.tasks).toFixed(1))
      console.log(
        `${shape} ${kind}: ${cost.requests} requests (${cost.failed} failed) in ${Math.round(cost.wallMs)} ms; CPU ms each: server ${each(cost.serverMs)}, workers ${each(cost.workerMs)}, Redis ${each(cost.redisMs)}; ${cost.tasks} tasks: ${perTask(cost.redisOps)} operations, ${perTask(cost.redisBytes)} bytes each; ${each(cost.bytes)} bytes an answer`,
      )
    }
  } finally {
    await fleet.close()
  }
}

if (options.out) writeFileSync(options.out, `${JSON.stringify({ costs: costsOf(measured), measured }, null, 2)}\n`)

/** What bench/capacity/model.mjs computes with: over all fleets. */
function costsOf(all: typeof measured) {
  const of = (kind: string, field: keyof Cost) => sumOf(Object.values(all).map((kinds) => kinds[kind]?.[field] ?? 0))
  const round = (value: number) => Number(value.toPrecision(3))
  const per = (kind: string, field: keyof Cost, by: keyof Cost = 'requests') => round(of(kind, field) / of(kind, by))
  const past = 'past the cache'
  return {
    requestsPerSession: steps.length,
    bytesPerRequest: per('kept', 'bytes'),
    bytesPerUpload: UPLOAD.length,
    hitCpuMs: per('kept', 'serverMs'),
    missServerCpuMs: per(past, 'serverMs'),
    missWorkerCpuMs: per(past, 'workerMs', 'tasks'),
    uploadWorkerCpuMs: per('uploads', 'workerMs'),
    nearShare: round(1 - of(past, 'tasks') / of(past, 'requests')),
    // of scripts, whose tasks follow each other: what processes ask while they wait is little beside them
    redisOpsPerTask: per('scripts', 'redisOps', 'tasks'),
    redisBytesPerTask: per('scripts', 'redisBytes', 'tasks'),
    // one thread, as busy as this run has shown an operation to be
    redisOpsPerS: round((1000 * of('scripts', 'redisOps')) / of('scripts', 'redisMs')),
  }
}
