import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import type { CoreSettings } from '../../../src/dispatch/threads/thread-messages.ts'
import { createThreadsDispatcher, type ThreadsDispatcher } from '../../../src/dispatch/threads/threads.ts'
import { mapQueues } from '../../../src/tasks/queues.ts'
import type { QueueName } from '../../../src/tasks/task.ts'
import { bundleEntry } from '../../bundle-entry.ts'
import { untilTrue } from '../../until.ts'
import { createTask, describeDispatcher, textOf } from '../conformance.ts'

const { folder, entry } = bundleEntry(join(import.meta.dirname, 'thread-entry.ts'))

function create(
  threads: number,
  tasksPerThread: number,
  more: {
    maxWaiting?: number
    stuckAfterMs?: number
    blockedAfterMs?: number
    onProblem?: (message: string) => void
    queues?: readonly QueueName[]
  } = {},
) {
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

/** Of the system; each of ours is one more. */
const threadsOfProcess = () => readdirSync('/proc/self/task').length

describeDispatcher('threads', async ({ concurrency, maxWaiting }) => create(1, concurrency, { maxWaiting }))

test.skipIf(process.platform !== 'linux')(
  'the thread for downloads starts with the first of them, and is counted before',
  async () => {
    const dispatcher = create(1, 4, { queues: ['volumes', 'compounds'] })
    try {
      // the thread that should load the core finds none here, and stays
      await expect(dispatcher.start()).rejects.toThrow('no core')
      await dispatcher.startOthers().catch(() => {})
      const before = threadsOfProcess()
      const { volumes, compounds } = await dispatcher.status()
      expect([volumes.workers, compounds.workers]).toEqual([1, 1])
      const task = { ...createTask('echo', { value: 'here' }), queue: 'compounds' as const }
      expect(textOf(await dispatcher.run(task))).toBe('"here"')
      expect(threadsOfProcess()).toBe(before + 1)
    } finally {
      await dispatcher.close(0)
    }
  },
)

describe('threads that die', () => {
  let dispatcher: ThreadsDispatcher
  afterEach(() => dispatcher.close(0))

  test('no thread dies of a large file that it keeps, and gives again and again', async () => {
    const problems: string[] = []
    dispatcher = create(1, 4, { onProblem: (message) => problems.push(message) })
    for (let i = 0; i < 3; i++) {
      expect(textOf(await dispatcher.run(createTask('keptBuffer')))).toBe('kept'.repeat(75_000))
    }
    expect(problems).toEqual([])
  })

  test('a task whose thread dies is run again', async () => {
    dispatcher = create(1, 4)
    expect(textOf(await dispatcher.run(createTask('crash', { unless: join(folder, 'once') })))).toBe('"survived"')
  })

  test('a task that ends its thread twice fails, and others of that thread do not', async () => {
    dispatcher = create(1, 4)
    const others = [1, 2, 3].map((n) => dispatcher.run(createTask('sleep', { ms: 200, text: `${n}` })))
    await untilTrue(async () => (await dispatcher.status()).core.active === 3)
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
    const stop = new AbortController()
    const sleep = (text: string) => createTask('sleep', { ms: 600_000, text }, { deadlineMs: Date.now() + 600_000 })
    const sleeps = ['1', '2'].map((text) => dispatcher.run(sleep(text), { signal: stop.signal }))
    await untilTrue(async () => (await dispatcher.status()).core.workers === 2)
    expect((await dispatcher.status()).core).toMatchObject({ active: 2, waiting: 0 })
    stop.abort()
    await Promise.all(sleeps)
  })
})

/** Keeps a thread for ever: what others have to wait for, they would wait for in vain. */
describe('nobody waits for a long computation', () => {
  let dispatcher: ThreadsDispatcher
  afterEach(() => dispatcher.close(0))
  const forMinutes = () => ({ deadlineMs: Date.now() + 600_000 })
  const begun = () => join(folder, `begun-${Math.random()}`)

  test('heavy tasks have a thread of their own in their queue', async () => {
    dispatcher = create(1, 4)
    const heavy = { queue: 'volumes', isHeavy: true, ...forMinutes() } as const
    const spinning = [1, 2, 3].map((n) => dispatcher.run(createTask('spin', { n }, heavy)))
    await untilTrue(async () => (await dispatcher.status()).volumes.active === 3)
    const quick = createTask('echo', { value: 'quick' }, { queue: 'volumes' })
    expect(textOf(await dispatcher.run(quick))).toBe('"quick"')
    await dispatcher.close(0)
    await Promise.all(spinning)
  })

  test('what waits behind one in a thread moves on to another thread', async () => {
    dispatcher = create(2, 4)
    const file = begun()
    const spinning = dispatcher.run(createTask('spin', { begun: file }, forMinutes()))
    await untilTrue(() => existsSync(file))
    // one task in each thread, so that the next ones are sent to both
    const stop = new AbortController()
    const sleeping = dispatcher.run(createTask('sleep', { ms: 600_000, text: '' }, forMinutes()), {
      signal: stop.signal,
    })
    const values = ['a', 'b', 'c', 'd', 'e']
    const answers = values.map((value) => dispatcher.run(createTask('echo', { value }, forMinutes())))
    expect((await Promise.all(answers)).map((answer) => JSON.parse(textOf(answer)))).toEqual(values)
    stop.abort()
    await sleeping
    await dispatcher.close(0)
    await spinning
  })

  test('when its client leaves, those who wait for the thread get a new one long before the old one is ended', async () => {
    dispatcher = create(1, 4, { stuckAfterMs: 600_000, blockedAfterMs: 50 })
    const stop = new AbortController()
    const file = begun()
    const early = dispatcher.run(createTask('sleep', { ms: 500, text: 'early' }, forMinutes()))
    const spinning = dispatcher.run(createTask('spin', { begun: file }, forMinutes()), { signal: stop.signal })
    await untilTrue(() => existsSync(file))
    const waiting = dispatcher.run(createTask('echo', { value: 'waiting' }, forMinutes()))
    stop.abort()
    expect(await spinning).toMatchObject({ code: 'ABORTED' })
    expect(textOf(await waiting)).toBe('"waiting"')
    expect(textOf(await early)).toBe('"early"')
    expect(textOf(await dispatcher.run(createTask('echo', { value: 'later' }, forMinutes())))).toBe('"later"')
  })

  test('a client that leaves alone costs nobody a thread; who comes then gets a new one', async () => {
    dispatcher = create(1, 4, { stuckAfterMs: 600_000, blockedAfterMs: 50 })
    const stop = new AbortController()
    const file = begun()
    const spinning = dispatcher.run(createTask('spin', { begun: file }, forMinutes()), { signal: stop.signal })
    await untilTrue(() => existsSync(file))
    stop.abort()
    await spinning
    for (const value of [1, 2]) {
      expect(textOf(await dispatcher.run(createTask('echo', { value }, forMinutes())))).toBe(`${value}`)
    }
  })

  test('those who waited for a place in the thread, and not yet in it, get the new one, too', async () => {
    dispatcher = create(1, 1, { stuckAfterMs: 600_000, blockedAfterMs: 50 })
    const stop = new AbortController()
    const file = begun()
    const spinning = dispatcher.run(createTask('spin', { begun: file }, forMinutes()), { signal: stop.signal })
    await untilTrue(() => existsSync(file))
    const waiting = dispatcher.run(createTask('echo', { value: 'waiting' }, forMinutes()))
    expect((await dispatcher.status()).core.waiting).toBe(1)
    stop.abort()
    await spinning
    expect(textOf(await waiting)).toBe('"waiting"')
  })

  test('says how much a task has computed', async () => {
    dispatcher = create(1, 4)
    const result = await dispatcher.run(createTask('compute', { cpuMs: 120 }, { queue: 'volumes' }))
    expect(result.timing?.cpuMs).toBeGreaterThanOrEqual(119)
    const waited = await dispatcher.run(createTask('sleep', { ms: 120, text: '' }, { queue: 'volumes' }))
    expect(waited.timing?.runMs).toBeGreaterThanOrEqual(119)
    expect(waited.timing?.cpuMs ?? 0).toBeLessThan(120)
  })
})
