/**
 * A `redis-server` of the tests' own, on a free port and with its data in a temporary folder. Nothing here ever talks to,
 * stops or clears a server that it did not start: every signal goes to the process id of a child of this process.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'

export interface RedisOptions {
  password?: string
  /** Bound on its memory, as Redis spells it (`16mb`); what does not fit is refused (noeviction). */
  maxMemory?: string
  /** Keeps its data over a restart (append-only file, written at once). */
  persistent?: boolean
  /** Further arguments of its command. */
  arguments?: readonly string[]
  /** It is a Sentinel, with this configuration beside its port. */
  sentinel?: string
  /** It speaks TLS alone, to clients and to its like. */
  tls?: Certificate | undefined
}

/** Files of a certificate that vouches for itself, as 127.0.0.1. */
export interface Certificate {
  certificate: string
  key: string
}

/** Makes one in a folder; undefined without openssl. Who is to trust it has its file in NODE_EXTRA_CA_CERTS when it starts. */
export function makeCertificate(folder: string): Certificate | undefined {
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  try {
    execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
    return { certificate, key }
  } catch {
    return undefined
  }
}

export interface RedisServer {
  port: number
  /** `redis://` or `rediss://` URL with the password, without a database. */
  url: string
  /** Ends it in good order and waits for that. */
  stop(): Promise<void>
  /** Ends it at once (SIGKILL) and waits for that. */
  kill(): Promise<void>
  /** Starts it again on the same port with the same data, and waits until it answers; one that runs is thawed at most. */
  start(): Promise<void>
  /** Freezes it (SIGSTOP): connections stay open, nothing is answered. */
  freeze(): void
  thaw(): void
  /** Stops it and removes its folder. */
  close(): Promise<void>
}

const READY_WITHIN_MS = 120_000
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a server that answers when the promise is fulfilled. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const binary = options.sentinel === undefined ? findRedisServer() : findRedisProgram('redis-sentinel')
  if (binary === undefined) throw new Error('redis-sentinel is not installed')
  const folder = await mkdtemp(join(tmpdir(), 'siibra-api-redis-'))
  const port = await findFreePort()
  let child: ChildProcess | undefined

  const start = async () => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) return void child.kill('SIGCONT')
    const { sentinel } = options
    const isSentinel = sentinel !== undefined
    const args = isSentinel
      ? [await writeSentinel(port, folder, sentinel, options.tls)]
      : redisArguments(port, folder, options)
    child = spawn(binary, args, { stdio: 'ignore' })
    running.add(child)
    const started = child
    started.once('exit', () => running.delete(started))
    await waitUntilReady(started, port, options.tls !== undefined)
  }
  const end = async (signal: NodeJS.Signals) => {
    const ending = child
    child = undefined
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    const exited = once(ending, 'exit')
    ending.kill('SIGCONT')
    ending.kill(signal)
    await exited
  }
  await start()
  return {
    port,
    url: `${options.tls ? 'rediss' : 'redis'}://${options.password ? `:${encodeURIComponent(options.password)}@` : ''}127.0.0.1:${port}`,
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async close() {
      await end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function redisArguments(port: number, folder: string, options: RedisOptions): string[] {
  return [
    ...portLines(port, options.tls).map((line) => `--${line}`.split(' ')),
    ['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--maxmemory-policy', 'noeviction'],
    options.persistent ? ['--appendonly', 'yes', '--appendfsync', 'always'] : [],
    options.password ? ['--requirepass', options.password] : [],
    options.maxMemory ? ['--maxmemory', options.maxMemory] : [],
    options.arguments ?? [],
  ].flat()
}

/** As its file has them; no path of the tests' own has a blank. */
function portLines(port: number, tls: Certificate | undefined): string[] {
  if (tls === undefined) return [`port ${port}`]
  const files = [`tls-cert-file ${tls.certificate}`, `tls-key-file ${tls.key}`, `tls-ca-cert-file ${tls.certificate}`]
  return ['port 0', `tls-port ${port}`, ...files, 'tls-auth-clients no', 'tls-replication yes', 'tls-cluster yes']
}

/** A Sentinel writes into its file what it learns. */
async function writeSentinel(
  port: number,
  folder: string,
  configuration: string,
  tls: Certificate | undefined,
): Promise<string> {
  const file = join(folder, 'sentinel.conf')
  if (!existsSync(file))
    await writeFile(file, `${portLines(port, tls).join('\n')}\nbind 127.0.0.1\ndir ${folder}\n${configuration}`)
  return file
}

/** Path of a program of Redis; undefined where it is not installed. */
export function findRedisProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(':')
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/** Path of the server's binary; on Debian as root it is installed where it is missing. */
function findRedisServer(): string {
  const find = () => findRedisProgram('redis-server') ?? findRedisProgram('valkey-server')
  const found = find()
  if (found) return found
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    try {
      execFileSync('sh', ['-c', INSTALL], { stdio: 'ignore', timeout: 240_000 })
    } catch {
      // Said below.
    }
    const installed = find()
    if (installed) return installed
  }
  throw new Error(
    'These tests need redis-server (or valkey-server) on the PATH, and start one of their own. ' +
      'Debian and Ubuntu: apt-get install redis-server; Fedora: dnf install valkey; macOS: brew install redis.',
  )
}

// RUNLEVEL=1 keeps the package's own script from starting a server on the default port.
const INSTALL = `
  set -e
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  apt-get install -y --no-install-recommends redis-server || { apt-get update; apt-get install -y --no-install-recommends redis-server; }
`

/** A port on the loopback that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function waitUntilReady(child: ChildProcess, port: number, isTls: boolean): Promise<void> {
  const giveUpMs = Date.now() + READY_WITHIN_MS
  while (Date.now() < giveUpMs) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode} before it was ready`)
    if (await answers(port, isTls)) return
    await delay(10)
  }
  throw new Error(`redis-server on port ${port} was not ready within ${READY_WITHIN_MS} ms`)
}

/** True as soon as the server answers a PING with anything but "loading" (a demand for the password will do). */
function answers(port: number, isTls: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const ask = () => void socket.write('PING\r\n')
    const socket = isTls
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, ask)
      : connect(port, '127.0.0.1', ask)
    socket.setTimeout(5_000, () => socket.destroy())
    socket.once('data', (data) => {
      socket.destroy()
      resolve(!data.toString().startsWith('-LOADING'))
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}
