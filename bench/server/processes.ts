/** The processes that are compared: the service, and a bare `node:http` server that sends the same bytes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const SHARED = join(ROOT, '..', 'shared', 'data')

/** As package.json and the image start it. */
export const NODE_OPTIONS = ['--single-threaded-gc', '--no-memory-reducer', '--max-semi-space-size=2']

export interface Running {
  port: number
  pid: number
  /** From the start of the process to the first 200 of `/ready`. */
  readyMs: number
  stop(): Promise<void>
}

/** The recorded configuration where it lies beside the project, else the demo atlas. */
export function benchConfiguration(name = 'v04'): { label: string; env: Record<string, string> } {
  const folder = join(SHARED, 'configurations', name)
  if (!existsSync(folder)) return { label: 'demo atlas', env: { SIIBRA_USE_CONFIGURATION: 'demo' } }
  return {
    label: `configuration ${name}`,
    env: {
      SIIBRA_USE_CONFIGURATION: folder,
      SIIBRA_USE_LOCAL_SNAPSPOT: join(SHARED, 'snapshot'),
      SIIBRA_API_MIRROR: join(SHARED, 'mirror'),
      SIIBRA_API_OFFLINE: '1',
    },
  }
}

/**
 * The stand-ins of remote data over HTTP, as the recorded answers were made with them: some live queries need its POST
 * route, which a folder does not have. Gives nothing for the demo.
 */
export async function startMirror(): Promise<{ env: Record<string, string>; stop(): Promise<void> }> {
  const script = join(SHARED, '..', 'conformance', 'mirror-server.mjs')
  if (!existsSync(script)) return { env: {}, stop: async () => {} }
  const port = await freePort()
  const child = spawn(process.execPath, [script, '--port', String(port)], { stdio: ['ignore', 'ignore', 'inherit'] })
  process.once('exit', () => child.kill())
  const base = `http://127.0.0.1:${port}`
  for (let i = 0; i < 200 && !(await fetch(base).catch(() => undefined)); i++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  return { env: { SIIBRA_API_MIRROR: base }, stop: () => stop(child) }
}

const COLD = { SIIBRA_API_WARM_UP: 'off', SIIBRA_API_RESPONSE_CACHE_ON_DISK: '0' }

/** Starts the built service of this project, or of another folder. */
export async function startService(env: Record<string, string>, folder = ROOT): Promise<Running> {
  const port = await freePort()
  const startMs = performance.now()
  const child = spawn(process.execPath, [...NODE_OPTIONS, 'dist/main.js'], {
    cwd: folder,
    // nothing of an earlier run
    env: { ...process.env, SIIBRA_API_PORT: String(port), ...COLD, ...env },
    // the log is written, as in production, but goes nowhere
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  process.once('exit', () => child.kill())
  const dead = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`))),
  )
  dead.catch(() => {})
  await Promise.race([dead, untilReady(port)])
  const readyMs = performance.now() - startMs
  return { port, pid: child.pid as number, readyMs, stop: () => stop(child) }
}

async function untilReady(port: number): Promise<void> {
  for (let i = 0; i < 6000; i++) {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined)
    if (answer?.status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('The service is not ready after 30 s')
}

export interface BareAnswer {
  head: Record<string, string>
  body: Uint8Array
}

/** A bare server in a process of its own that answers each of some paths with a fixed head and body; other paths as the first. */
export async function startBareServer(answers: Readonly<Record<string, BareAnswer>>): Promise<Running> {
  const port = await freePort()
  const script = `
    const { createServer } = require('node:http')
    const answers = new Map(${JSON.stringify(Object.entries(answers).map(([path, { head, body }]) => [path, head, Buffer.from(body).toString('base64')]))}
      .map(([path, head, body]) => [path, { head, body: Buffer.from(body, 'base64') }]))
    const [other] = answers.values()
    createServer((request, response) => {
      const { head, body } = answers.get(request.url) ?? other
      response.writeHead(200, head)
      response.end(body)
    })
      .listen(${port}, '127.0.0.1', () => console.log('up'))`
  const child = spawn(process.execPath, ['-'], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin?.end(script)
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  return { port, pid: child.pid as number, readyMs: 0, stop: () => stop(child) }
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit')
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
