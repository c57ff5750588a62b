/** The built program as processes of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Answer, TestApp } from '../app.ts'
import { findFreePort } from '../redis.ts'

/** How long a process may take to become what is waited for, on a machine that is busy with other things. */
const WATCHDOG_MS = 60_000

export interface Running {
  child: ChildProcess
  base: string
  /** What it has written so far. */
  output: { out: string; err: string }
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** A request with another method; an object as its body is sent as JSON. */
  send: TestApp['send']
  /** Ends it and gives its exit code. */
  stop(): Promise<number | null>
}

export interface RunOptions {
  args?: readonly string[]
  env?: Readonly<Record<string, string>>
}

/** Starts a service of some role and waits until it is ready. Its folders are its own, and gone when it is stopped. */
export async function startBuilt(main: string, { args = [], env = {} }: RunOptions = {}): Promise<Running> {
  const port = await findFreePort()
  const running = spawnBuilt(main, { args, env: { SIIBRA_API_PORT: String(port), ...env } })
  const base = `http://127.0.0.1:${port}`
  const send: TestApp['send'] = (method, path, body, headers = {}) => {
    const isBytes = typeof body === 'string' || body instanceof Uint8Array
    const bytes = body instanceof Uint8Array ? new Uint8Array(body) : isBytes ? body : JSON.stringify(body)
    const sent = body === undefined ? {} : { body: bytes }
    const type = body === undefined || isBytes ? {} : { 'content-type': 'application/json' }
    return ask(base + path, { ...type, ...headers } as Record<string, string>, { method, ...sent })
  }
  const started = { ...running, base, get: (path: string, headers = {}) => ask(base + path, headers), send }
  try {
    await untilStatus(started, '/ready', 200)
    return started
  } catch (thrown) {
    await running.stop()
    throw thrown
  }
}

/** Starts a process and waits for nothing. */
export function spawnBuilt(main: string, { args = [], env = {} }: RunOptions): Omit<Running, 'base' | 'get' | 'send'> {
  const folder = mkdtempSync(join(tmpdir(), 'siibra-api-built-'))
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: environment(folder, env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { out: '', err: '' }
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    output.out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    output.err += text
  })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    return child.exitCode
  }
  return { child, output, stop }
}

/** Runs a command to its end. */
export function runBuilt(main: string, { args = [], env = {} }: RunOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'siibra-api-built-'))
  try {
    return spawnSync(process.execPath, [main, ...args], {
      cwd: folder,
      env: environment(folder, env),
      encoding: 'utf8',
      timeout: WATCHDOG_MS,
    })
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Nothing of the environment of the tests but what starts a program. */
function environment(folder: string, env: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    TMPDIR: folder,
    SIIBRA_CACHEDIR: join(folder, 'cache'),
    SIIBRA_API_OFFLINE: '1',
    SIIBRA_API_WARM_UP: 'off',
    SIIBRA_API_GRACE_S: '5',
    ...env,
  }
}

/** Asks until the status is the one that is waited for; fails with what the process wrote where it ends before. */
export async function untilStatus(
  { child, output, get }: Pick<Running, 'child' | 'output' | 'get'>,
  path: string,
  status: number,
): Promise<Answer> {
  const giveUpMs = Date.now() + WATCHDOG_MS
  for (;;) {
    const answer = await get(path).catch(() => undefined)
    if (answer?.status === status) return answer
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${endOf(output)}`)
    if (Date.now() > giveUpMs) {
      const told = answer ? `${answer.status} ${new TextDecoder().decode(answer.bytes.subarray(0, 1000))}` : 'no answer'
      throw new Error(`${path}: ${told}: ${endOf(output)}`)
    }
    await delay(30)
  }
}

/** Waits until a process has written something. */
export async function untilWritten(
  { child, output }: Pick<Running, 'child' | 'output'>,
  pattern: RegExp,
): Promise<void> {
  const giveUpMs = Date.now() + WATCHDOG_MS
  while (!pattern.test(output.out + output.err)) {
    if (child.exitCode !== null || Date.now() > giveUpMs)
      throw new Error(`${pattern} was not written: ${endOf(output)}`)
    await delay(30)
  }
}

/** The last of what a process wrote, which says why it did not become what was waited for. */
const endOf = ({ out, err }: Running['output']) => `${err}${out}`.slice(-2000)

async function ask(
  url: string,
  headers: Record<string, string>,
  sent: { method?: string; body?: string | Uint8Array } = {},
): Promise<Answer> {
  const answer = await fetch(url, { headers, ...sent })
  const bytes = new Uint8Array(await answer.arrayBuffer())
  return {
    status: answer.status,
    contentType: answer.headers.get('content-type') ?? '',
    headers: Object.fromEntries(answer.headers),
    bytes,
    json: () => JSON.parse(new TextDecoder().decode(bytes)),
  }
}
