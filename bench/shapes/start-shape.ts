import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '../../test/redis.ts'
import { cpuS } from '../real-sizes/process-usage.ts'
import { residentBytes } from '../server/load.ts'
import { benchConfiguration, NODE_OPTIONS, ROOT, startService } from '../server/processes.ts'

export const SHAPES = ['all', 'one', 'four'] as const
export type Shape = (typeof SHAPES)[number]

/** Queues of each worker process; none for role `all`. */
const WORKERS: Readonly<Record<Shape, readonly string[]>> = {
  all: [],
  one: ['core,features,volumes,compounds'],
  four: ['core', 'features', 'volumes', 'compounds'],
}

export interface RunningShape {
  base: string
  /** MB of each process of the service, the HTTP one first; Redis is not among them. */
  residentMb(): number[]
  /** CPU seconds of all of them. */
  cpuS(): number
  stop(): Promise<void>
}

/**
 * Starts the built service in a shape, with empty caches and without warm-up, and waits until it is ready.
 *
 * @param isPinned  the HTTP process on the first core, workers on the second
 */
export async function startShape(
  shape: Shape,
  mirror: Record<string, string>,
  isPinned: boolean,
): Promise<RunningShape> {
  const redis = shape === 'all' ? undefined : await startRedis()
  const folder = mkdtempSync(join(tmpdir(), 'siibra-api-shapes-'))
  const env = {
    ...benchConfiguration().env,
    ...mirror,
    SIIBRA_CACHEDIR: folder,
    SIIBRA_API_LOG_LEVEL: 'warn',
    ...(redis ? { SIIBRA_API_BROKER_URL: redis.url } : {}),
  }
  const workers = WORKERS[shape].map((queues) => startWorker(queues, env))
  const server = await startService({ ...env, SIIBRA_API_ROLE: shape === 'all' ? 'all' : 'server' })
  const pids = [server.pid, ...workers.map(({ pid }) => pid as number)]
  if (isPinned) for (const [i, pid] of pids.entries()) pin(pid, i === 0 ? 0 : 1)
  return {
    base: `http://127.0.0.1:${server.port}`,
    residentMb: () => pids.map((pid) => Math.round(residentBytes(pid) / 1024 ** 2)),
    cpuS: () => pids.reduce((sum, pid) => sum + cpuS(pid), 0),
    async stop() {
      const ended = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)))
      for (const worker of workers) worker.kill('SIGTERM')
      await Promise.all([server.stop(), ...ended])
      await redis?.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function startWorker(queues: string, env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [...NODE_OPTIONS, 'dist/main.js', 'worker', '-Q', queues], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const end = () => child.kill()
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  return child
}

/** All threads that it has; those to come inherit it. */
const pin = (pid: number, core: number) =>
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], { stdio: 'ignore' })
