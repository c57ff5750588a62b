import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'main.js')

let folder: string
let shell: ChildProcess | undefined
let pid: number | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siibra-api-stop-'))
})
afterEach(() => {
  shell?.kill('SIGKILL')
  if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0)
    return true
  } catch {
    return false
  }
}

/** Starts the service as npm does, with a shell between; gives its lines of the log until one says what is waited for. */
function startInShell(env: Record<string, string>) {
  // the second command keeps the shell from becoming node itself
  shell = spawn('sh', ['-c', `"${process.execPath}" "${MAIN}"; true`], {
    env: { ...process.env, SIIBRA_API_PORT: '0', SIIBRA_USE_CONFIGURATION: 'demo', SIIBRA_CACHEDIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: shell.stdout as NodeJS.ReadableStream })
  const iterator = lines[Symbol.asyncIterator]()
  return async (message: RegExp) => {
    for (;;) {
      const { value, done } = await iterator.next()
      if (done) throw new Error('the service ended')
      const line = JSON.parse(value)
      pid = line.pid
      if (message.test(line.msg ?? '')) return line
    }
  }
}

test('a service that npm has started stops when the shell between them is told to', async () => {
  const until = startInShell({ npm_lifecycle_event: 'start' })
  await until(/^Ready/)
  shell?.kill('SIGTERM')
  expect(await until(/^Stopping/)).toMatchObject({ signal: 'SIGTERM' })
  await expect.poll(() => isAlive(pid as number), { timeout: 120_000 }).toBe(false)
})

test('one that was started otherwise goes on without its parent', async () => {
  const until = startInShell({ npm_lifecycle_event: '' })
  await until(/^Ready/)
  shell?.kill('SIGTERM')
  await new Promise((resolve) => setTimeout(resolve, 800))
  expect(isAlive(pid as number)).toBe(true)
  process.kill(pid as number, 'SIGTERM')
  expect(await until(/^Stopping/)).toMatchObject({ signal: 'SIGTERM' })
})
