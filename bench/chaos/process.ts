/** One process of the built service, with what can be done to it from outside. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { NODE_OPTIONS, ROOT } from '../server/processes.ts'

const PRELOAD = fileURLToPath(new URL('./end-threads.cjs', import.meta.url))
const READY_WITHIN_MS = 120_000

export interface ServiceProcess {
  readonly name: string
  readonly pid: number
  /** Base of its URLs: the service itself, or the probes of a worker. */
  readonly base: string
  start(): Promise<void>
  /** Ends it and waits for that; gives its exit code. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
  signal(signal: NodeJS.Signals): void
  /** Largest file that it may write from now on, in bytes; undefined: any. */
  limitFiles(bytes: number | undefined): void
  /** Moves its clock from now on, as `faketime` spells it (`+1h`); needs a fleet with movable clocks. */
  moveClock(by: string): void
}

export interface ProcessOptions {
  name: string
  port: number
  args?: readonly string[]
  env: Readonly<Record<string, string>>
  /** A folder of its own: home, temporary files, its clock. */
  folder: string
  hasMovableClock: boolean
}

export function createProcess(options: ProcessOptions): ServiceProcess {
  const { name, port, args = [], folder, hasMovableClock } = options
  const base = `http://127.0.0.1:${port}`
  const clock = join(folder, `${name}.clock`)
  let child: ChildProcess | undefined

  const running = () => {
    if (child?.pid === undefined) throw new Error(`${name} does not run`)
    return child as ChildProcess & { pid: number }
  }
  const one: ServiceProcess = {
    name,
    base,
    get pid() {
      return running().pid
    },
    async start() {
      if (hasMovableClock) writeFileSync(clock, '+0')
      const env = {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        TMPDIR: folder,
        ...options.env,
        ...(hasMovableClock ? clockEnvironment(clock) : {}),
      }
      // a file that would become too large is an error of its writing, not the end of the process
      const command = ['-c', 'trap "" XFSZ; exec "$@"', 'sh', process.execPath, ...NODE_OPTIONS, '--require', PRELOAD]
      child = spawn('sh', [...command, join(ROOT, 'dist', 'main.js'), ...args], {
        cwd: folder,
        env,
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      children.add(child)
      const started = child
      child.once('exit', () => children.delete(started))
      await untilReady(one, child)
    },
    async end(signal) {
      const ending = running()
      const exited = once(ending, 'exit')
      ending.kill('SIGCONT')
      ending.kill(signal)
      const [code] = await exited
      return code
    },
    signal: (signal) => void running().kill(signal),
    limitFiles(bytes) {
      execFileSync('prlimit', ['--pid', String(running().pid), `--fsize=${bytes ?? 'unlimited'}:unlimited`])
    },
    moveClock: (by) => writeFileSync(clock, by),
  }
  return one
}

const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

async function untilReady({ name, base }: ServiceProcess, child: ChildProcess): Promise<void> {
  const giveUpMs = performance.now() + READY_WITHIN_MS
  const path = name.startsWith('worker') ? '/readyz' : '/livez'
  while ((await fetch(base + path).catch(() => undefined))?.status !== 200) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode} before it was ready`)
    if (performance.now() > giveUpMs) throw new Error(`${name} is not ready after ${READY_WITHIN_MS / 1000} s`)
    await delay(25)
  }
}

/** Its wall clock is read from a file; timers go on by the true one, as they do where a clock is set. */
function clockEnvironment(file: string): Record<string, string> {
  const library = findFaketime()
  if (library === undefined) throw new Error('libfaketime is not installed')
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  }
}

/** Path of Debian's libfaketime for programs with threads; undefined where it is not installed. */
export function findFaketime(): string | undefined {
  const places = ['/usr/lib', '/usr/lib64', '/usr/local/lib'].filter((folder) => existsSync(folder))
  const folders = places.flatMap((folder) => [
    join(folder, 'faketime'),
    ...readdirSync(folder)
      .filter((entry) => entry.endsWith('-linux-gnu'))
      .map((entry) => join(folder, entry, 'faketime')),
  ])
  return folders.map((folder) => join(folder, 'libfaketimeMT.so.1')).find((file) => existsSync(file))
}
