/** Programs that scripts start: found, started, waited for, and ended with the script. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** @returns the path of a program of the system, where it is installed */
export const find = (name) =>
  ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin'].map((f) => join(f, name)).find(existsSync)

const children = new Set()
const folders = new Set()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})
process.on('SIGINT', () => process.exit(1))

/** A folder that goes with the script. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `siibra-api-${name}-`))
  folders.add(folder)
  return folder
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Starts a program, which ends with the script at the latest. */
export function run(command, args, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] })
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

export async function end(child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** Looks again and again; throws where it is in vain. */
export async function until(what, isSo, withinMs = 60_000) {
  const giveUp = Date.now() + withinMs
  while (!(await isSo())) {
    if (Date.now() > giveUp) throw new Error(`Waited in vain: ${what}`)
    await delay(50)
  }
}

/** Says what holds and what does not, and counts the latter. */
export function createChecks() {
  let failures = 0
  return {
    check(name, isRight, told = '') {
      if (!isRight) failures++
      console.log(`${isRight ? 'ok  ' : 'FAIL'} ${name}${told === '' ? '' : ` (${told})`}`)
    },
    failures: () => failures,
  }
}
