import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { CoreSettings } from '../../../src/dispatch/threads/thread-messages.ts'
import { createThreadsDispatcher, type ThreadsDispatcher } from '../../../src/dispatch/threads/threads.ts'
import { mapQueues } from '../../../src/tasks/queues.ts'
import { createTask, describeDispatcher, textOf } from '../conformance.ts'

// threads run JavaScript; inside the project, so that packages are found
const cache = join(import.meta.dirname, '..', '..', '..', '.cache')
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(join(cache, 'threads-'))
const entry = join(folder, 'thread.mjs')
buildSync({
  entryPoints: [join(import.meta.dirname, 'thread-entry.ts')],
  outfile: entry,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function create(threads: number, tasksPerThread: number, more: { maxWaiting?: number; stuckAfterMs?: number } = {}) {
  return createThreadsDispatcher({
    entry: pathToFileURL(entry),
    threads: mapQueues(() => threads),
    tasksPerThread: mapQueues(() => tasksPerThread),
    maxWaiting: 1000,
    sharedDir: folder,
    core: () => ({ volumeCacheBytes: 0 }) as CoreSettings,
    ...more,
  })
}

describeDispatcher('threads', async ({ concurrency, maxWaiting }) => create(1, concurrency, { maxWaiting }))

describe('threads that die', () => {
  let dispatcher: ThreadsDispatcher
  afterEach(() => dispatcher.close(0))

  test('a task whose thread dies is run again', async () => {
    dispatcher = create(1, 4)
    expect(textOf(await dispatcher.run(createTask('crash', { unless: join(folder, 'once') })))).toBe('"survived"')
  })

  test('a task that ends its thread twice fails, and others of that thread do not', async () => {
    dispatcher = create(1, 4)
    const others = [1, 2, 3].map((n) => dispatcher.run(createTask('sleep', { ms: 200, text: `${n}` })))
    await delay(20)
    const fatal = await dispatcher.run(createTask('crash'))
    expect(fatal).toMatchObject({ ok: false, code: 'INTERNAL', message: expect.stringContaining('crash') })
    expect((await Promise.all(others)).map(textOf)).toEqual(['"1"', '"2"', '"3"'])
    expect(textOf(await dispatcher.run(createTask('echo', { value: 'alive' })))).toBe('"alive"')
  })

  test('a task that does not stop loses its thread, not the dispatcher', async () => {
    dispatcher = create(1, 1, { stuckAfterMs: 50 })
    const spin = createTask('spin', {}, { deadlineMs: Date.now() + 100 })
    expect(await dispatcher.run(spin)).toMatchObject({ ok: false, code: 'DEADLINE_EXCEEDED' })
    expect(textOf(await dispatcher.run(createTask('echo', { value: 'alive' })))).toBe('"alive"')
  })

  test('two threads of a queue share its tasks', async () => {
    dispatcher = create(2, 1)
    const sleeps = [1, 2].map((n) => dispatcher.run(createTask('sleep', { ms: 300, text: `${n}` })))
    await delay(250)
    expect((await dispatcher.status()).core).toMatchObject({ active: 2, waiting: 0, workers: 2 })
    await Promise.all(sleeps)
  })
})
