/** What each queue's threads are told, and which of them a task goes to. The threads themselves are of the tests. */
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { CacheBytes, CoreSettings } from '../../../src/dispatch/threads/thread-messages.ts'
import type { ThreadPool, ThreadPoolOptions } from '../../../src/dispatch/threads/thread-pool.ts'
import type { ThreadsOptions } from '../../../src/dispatch/threads/threads.ts'
import { mapQueues } from '../../../src/tasks/queues.ts'
import type { QueueName, TaskResult } from '../../../src/tasks/task.ts'
import { anAnswer } from '../an-answer.ts'
import { createTask } from '../conformance.ts'

interface FakePool {
  options: ThreadPoolOptions
  live: number
  isClosed: boolean
  ends: ((result: TaskResult) => void)[]
}
const made = vi.hoisted(() => ({
  pools: new Map<string, unknown>(),
  starts: [] as string[],
  finish: [] as (() => void)[],
}))
vi.mock('../../../src/dispatch/threads/thread-pool.ts', () => ({
  createThreadPool(options: ThreadPoolOptions): ThreadPool {
    const pool: FakePool = { options, live: 0, isClosed: false, ends: [] }
    made.pools.set(options.name, pool)
    return {
      run: (_, settle) => {
        pool.ends.push(settle)
        return () => {}
      },
      start(count) {
        made.starts.push(count === undefined ? options.name : `${count} ${options.name}`)
        return new Promise((resolve) => void made.finish.push(() => resolve(null)))
      },
      liveThreads: () => pool.live,
      cacheBytes: (): CacheBytes[] => [{ volumes: 3 }, { volumes: 4, other: 1 }],
      close: async () => {
        pool.isClosed = true
      },
    }
  },
}))
const { createThreadsDispatcher } = await import('../../../src/dispatch/threads/threads.ts')

beforeEach(() => {
  made.pools.clear()
  made.starts.length = 0
  made.finish.length = 0
})

function create(more: Partial<ThreadsOptions> = {}) {
  const dispatcher = createThreadsDispatcher({
    entry: new URL('file:///entry.js'),
    threads: { core: 1, features: 2, volumes: 2, compounds: 1 },
    maxWaiting: 10,
    sharedDir: '/shared',
    core: () => ({ volumeCacheBytes: 1_000 }) as CoreSettings,
    ...more,
  })
  const pool = (name: string) => made.pools.get(name) as FakePool
  const told = <T>(pick: (options: ThreadPoolOptions) => T) =>
    Object.fromEntries([...made.pools.keys()].map((name) => [name, pick(pool(name).options)]))
  return { dispatcher, pool, told }
}
const finishStarts = async () => {
  for (let i = 0; i < 10; i++) {
    made.finish.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('each queue', () => {
  test('has its threads, those with heavy tasks as many more, and each thread its part of the memory', () => {
    const { told } = create()
    expect(told(({ size, tasksPerThread }) => [size, tasksPerThread])).toEqual({
      core: [1, 16],
      features: [2, 8],
      'features (heavy)': [2, 8],
      volumes: [2, 4],
      'volumes (heavy)': [2, 4],
      compounds: [1, 2],
    })
    // 15, 20, 50 and 15 % of 1000; 60 and 40 % of it where there are heavy tasks; by the number of threads
    expect(told(({ settings }) => settings().core.volumeCacheBytes)).toEqual({
      core: 150,
      features: 60,
      'features (heavy)': 40,
      volumes: 150,
      'volumes (heavy)': 100,
      compounds: 75 * 2,
    })
  })

  test.each([
    [undefined, 4, 6],
    [0, 0, 0],
    [1, 1, 3],
    [18, 18, 19],
    [19, 19, 19],
    [20, 20, 20],
  ])('is below the event loop by %s steps, heavy tasks by two more, core by none', (niceness, others, heavy) => {
    const { told } = create(niceness === undefined ? {} : { niceness })
    expect(told(({ settings }) => settings().niceness)).toEqual({
      core: 0,
      features: others,
      'features (heavy)': heavy,
      volumes: others,
      'volumes (heavy)': heavy,
      compounds: others,
    })
  })

  test('is told what it is for; the first one loads the core at its start, volumes behind it', () => {
    const { told, dispatcher } = create({ queues: ['features', 'volumes'], isTraced: true })
    expect(told(({ settings }) => settings()).volumes).toMatchObject({
      queues: ['volumes'],
      sharedDir: '/shared',
      isTraced: true,
    })
    const loads = (name: 'loadsCoreAtStart' | 'loadsCoreBehind') =>
      Object.entries(told(({ settings }) => settings()[name])).flatMap(([queue, isSo]) => (isSo ? [queue] : []))
    expect([loads('loadsCoreAtStart'), loads('loadsCoreBehind')]).toEqual([
      ['features'],
      ['volumes', 'volumes (heavy)'],
    ])
    expect(create().told(({ settings }) => settings().isTraced).core).toBe(false)
    expect(dispatcher.dataVersion).toBeInstanceOf(Promise)
  })

  test('reads what the first thread has read, whatever another one finds later', async () => {
    const { pool, told, dispatcher } = create()
    pool('core').options.onFiles?.(['first'] as never)
    pool('volumes').options.onFiles?.(['second'] as never)
    expect(told(({ settings }) => settings().core.files)).toMatchObject({ core: ['first'], compounds: ['first'] })
    pool('core').options.onDataVersion?.('v')
    expect(await dispatcher.dataVersion).toBe('v')
  })

  test('passes on what there is to tell, and how long a thread may be stuck', () => {
    const heard: string[] = []
    const { told } = create({
      stuckAfterMs: 7,
      blockedAfterMs: 5,
      onProblem: (message) => void heard.push(message),
      onNotice: (message) => void heard.push(message),
    })
    const { stuckAfterMs, blockedAfterMs, onProblem, onNotice } = told((options) => options)
      .volumes as ThreadPoolOptions
    onProblem?.('a problem')
    onNotice?.('a notice')
    expect([stuckAfterMs, blockedAfterMs, heard]).toEqual([7, 5, ['a problem', 'a notice']])
    const without = Object.keys(create().told((options) => options).volumes as object)
    expect(without).not.toEqual(expect.arrayContaining([expect.stringMatching(/AfterMs|onProblem/)]))
  })
})

describe('the start', () => {
  test('is one thread of the first queue; the others come one after the other, the rest of the first last', async () => {
    const { dispatcher } = create()
    void dispatcher.start()
    expect(made.starts).toEqual(['1 core'])
    const others = dispatcher.startOthers()
    expect(made.starts).toEqual(['1 core', 'features'])
    await finishStarts()
    await others
    expect(made.starts).toEqual(['1 core', 'features', 'volumes', 'core'])
  })

  test('of all the others can be at once', async () => {
    const { dispatcher } = create({ lateQueues: [] })
    void dispatcher.startOthers(true)
    expect(made.starts).toEqual(['features', 'volumes', 'compounds', 'core'])
  })

  test('is that of the first queue, though it were a late one', () => {
    const { dispatcher } = create({ queues: ['compounds', 'core'] })
    void dispatcher.start()
    void dispatcher.startOthers(true)
    expect(made.starts).toEqual(['1 compounds', 'core', 'compounds'])
  })
})

describe('a task', () => {
  const send = (dispatcher: ReturnType<typeof create>['dispatcher'], queue: QueueName, params: object, more = {}) =>
    dispatcher.run(createTask('mean', { ...params }, { queue, ...more }))

  test('goes to its queue; one that is heavy, or whose kind has been three times, to the threads for such', async () => {
    const { dispatcher, pool } = create()
    const counts = () => [...made.pools.keys()].map((name) => pool(name).ends.length)
    void send(dispatcher, 'volumes', { n: 9 }, { isHeavy: true })
    void send(dispatcher, 'compounds', { n: 0 }, { isHeavy: true })
    expect(counts()).toEqual([0, 0, 0, 0, 1, 1])
    for (const n of [1, 2, 3]) {
      const answer = send(dispatcher, 'volumes', { n })
      pool('volumes').ends.at(-1)?.(anAnswer('x', { timing: { waitMs: 0, runMs: 50, cpuMs: 41 } }))
      expect((await answer).ok).toBe(true)
    }
    void send(dispatcher, 'volumes', { n: 4 })
    expect(counts()).toEqual([0, 0, 0, 3, 2, 1])
  })

  test('is counted in its queue, with all its threads; late threads are counted before they are there', async () => {
    const { dispatcher, pool } = create({
      tasksPerThread: mapQueues(() => 1),
      queues: ['core', 'volumes', 'compounds'],
    })
    for (const name of made.pools.keys()) pool(name).live = 1
    for (const [i, isHeavy] of [true, true, true, false].entries()) void send(dispatcher, 'volumes', { i }, { isHeavy })
    expect(await dispatcher.status()).toEqual({
      core: { waiting: 0, active: 0, workers: 1 },
      features: { waiting: 0, active: 0, workers: 2 },
      volumes: { waiting: 1, active: 3, workers: 2 },
      compounds: { waiting: 0, active: 0, workers: 1 },
    })
    pool('compounds').live = 0
    expect((await dispatcher.status()).compounds.workers).toBe(1)
    const early = create({ lateQueues: ['volumes'], queues: ['volumes', 'core'] })
    expect((await early.dispatcher.status()).volumes.workers).toBe(0)
    const absent = create({ lateQueues: ['features', 'compounds'], queues: ['core', 'features'] })
    // two threads of features are to come
    expect(await absent.dispatcher.status()).toMatchObject({ features: { workers: 2 }, compounds: { workers: 0 } })
  })

  test('holds what the caches of all threads hold', () => {
    expect(create().dispatcher.cacheBytes?.()).toEqual({ volumes: 6 * 7, other: 6 })
  })
})

test('closing waits for what is active, for so long, and ends all threads', async () => {
  const { dispatcher, pool } = create()
  const answer = dispatcher.run(createTask('echo', {}))
  let isClosed = false
  const closing = dispatcher.close(1e6).then(() => {
    isClosed = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect([isClosed, pool('core').isClosed]).toEqual([false, false])
  pool('core').ends[0]?.(anAnswer())
  await closing
  expect([(await answer).ok, [...made.pools.keys()].every((name) => pool(name).isClosed)]).toEqual([true, true])
})
