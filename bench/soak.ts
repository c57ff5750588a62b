/**
 * A service under a constant, moderate load for a long time: does anything of it grow? The built service in role all, or a server with
 * workers and a Redis of this program's own, with small bounds for what it keeps, so that they are reached while it settles. Memory,
 * heaps, open files, sockets, threads, keys and memory of Redis, files and bytes of its folders are sampled; each series has to be level
 * after that time (resident memory without garbage, which is collected twice for that: how much there is otherwise is up to V8), every request be right, and the event loop be late by less than 20 ms (p99).
 *
 *   npm run soak -- [--role all|server] [--workers 2] [--minutes 60] [--rate 12] [--every 5] [--out .cache/soak.json]
 */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Status } from '../src/server/metrics/status.ts'
import { type Fleet, startFleet } from './chaos/fleet.ts'
import { learn } from './chaos/load.ts'
import { cpuMs } from './server/load.ts'
import { startMix } from './soak/mix.ts'
import { judgeLoop, type LoopDelay, report } from './soak/report.ts'
import type { Sample } from './soak/trend.ts'
import { keysByKind, look, residentWithoutGarbage } from './soak/watch.ts'

const options = parseArgs({
  options: {
    role: { type: 'string', default: 'server' },
    workers: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '12' },
    every: { type: 'string', default: '5' },
    out: { type: 'string', default: '.cache/soak.json' },
  },
}).values
const [minutes, everyS] = [Number(options.minutes), Number(options.every)]
const role = options.role === 'all' ? 'all' : 'server'
/** A third of the time, 20 minutes at most: caches are full by then, and what waits for its time to be over has had it. */
const settledS = Math.min(20, minutes / 2.5) * 60

/** Bounds of what is kept, small, so that they are reached soon. */
const BOUNDS = {
  SIIBRA_API_RESPONSE_CACHE_MB: '4',
  SIIBRA_API_RESPONSE_CACHE_TTL_S: '60',
  SIIBRA_API_RESPONSE_CACHE_STALE_S: '60',
  SIIBRA_API_VOLUME_CACHE_MB: '16',
  SIIBRA_CACHE_SIZE_GIB: '0.004',
  SIIBRA_API_RESULT_FILES: '3',
  // as the image and the unit files of docs/deployment.md set it
  MALLOC_ARENA_MAX: '2',
}
const FOLDERS = ['disk/cache', 'shared', 'log', 'tmp']
const preload = fileURLToPath(new URL('./soak/heap.cjs', import.meta.url))

const fleet = await startFleet({
  role,
  workers: Number(options.workers),
  environment({ folder, redisUrl }) {
    for (const name of [...FOLDERS, 'heaps']) mkdirSync(join(folder, name), { recursive: true })
    return {
      ...BOUNDS,
      ...(role === 'all' ? {} : { SIIBRA_API_BROKER_URL: redisUrl, SIIBRA_API_CACHE_URL: redisUrl }),
      SIIBRA_API_SHARED_DIR: join(folder, 'shared'),
      TMPDIR: join(folder, 'tmp'),
      NODE_OPTIONS: `--require=${preload}`,
      SOAK_HEAPS: join(folder, 'heaps'),
      SOAK_HEAPS_EVERY_MS: String(everyS * 500),
    }
  },
})

/** How late the event loop of the server was since the last look, and that of a process which does nothing. */
function watchLoops({ servers }: Fleet) {
  const idle = spawn(process.execPath, [fileURLToPath(new URL('./soak/idle-loop.cjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: idle.stdout })[Symbol.asyncIterator]()
  return {
    async look(): Promise<LoopDelay> {
      const answer = await fetch(`${servers[0]?.base}/status.json`)
      const status = (await answer.json()) as Status
      idle.stdin.write('\n')
      return { serverMs: status.process.eventLoopP99Ms, idleMs: Number((await lines.next()).value) }
    },
    stop: () => idle.stdin.end(),
  }
}

let failed = true
const loops = watchLoops(fleet)
try {
  const right = await learn(fleet.base)
  const processes = [...fleet.servers, ...fleet.workers]
  const cpuNowMs = () => processes.reduce((sum, { pid }) => sum + cpuMs(pid), 0)
  const [startMs, startCpuMs] = [performance.now(), cpuNowMs()]
  const mix = startMix(fleet.base, right, Number(options.rate))
  const series = new Map<string, Sample[]>()
  const delays: LoopDelay[] = []
  const keys: Record<string, number>[] = []
  const heaps = join(fleet.folder, 'heaps')
  const collected = () => residentWithoutGarbage(processes, heaps, everyS * 500)
  const collectedMB: number[] = []
  const endMs = startMs + minutes * 60_000
  for (let nextMs = startMs + everyS * 1000; nextMs <= endMs; nextMs += everyS * 1000) {
    await delay(Math.max(0, nextMs - performance.now()))
    const atS = (performance.now() - startMs) / 1000
    for (const [name, value] of await look(fleet, heaps, FOLDERS)) {
      const samples = series.get(name) ?? []
      series.set(name, samples)
      samples.push({ atS, value })
    }
    const late = await loops.look()
    if (atS >= settledS) {
      if (collectedMB.length === 0) collectedMB.push(await collected())
      else delays.push(late)
    }
    const isMinute = Math.floor(atS / 60) > keys.length
    if (isMinute && role === 'server') keys.push(await keysByKind(fleet.client))
  }
  collectedMB.push(await collected())
  const cores = (cpuNowMs() - startCpuMs) / (performance.now() - startMs)
  await mix.stop()
  failed = report({
    role,
    minutes,
    settledS,
    series,
    loop: judgeLoop(delays),
    keys,
    counts: mix.counts,
    cores,
    collectedMB,
  })
  mkdirSync(dirname(options.out), { recursive: true })
  writeFileSync(
    options.out,
    JSON.stringify({
      role,
      minutes,
      settledS,
      cores,
      collectedMB,
      counts: mix.counts,
      delays,
      keys,
      series: Object.fromEntries(series),
    }),
  )
} finally {
  loops.stop()
  await fleet.close()
}
process.exit(failed ? 1 : 0)
