import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { scopeKey } from '../../../src/dispatch/queue/names.ts'
import { createNearTasks } from '../../../src/dispatch/queue/near-tasks.ts'
import {
  announceWorker,
  findIdleQueues,
  listWorkers,
  readHeartbeats,
  type WorkerInfo,
  withdrawWorker,
} from '../../../src/dispatch/queue/workers/heartbeats.ts'
import { type RosterOptions, tellVersions, watchWorkers } from '../../../src/dispatch/queue/workers/roster.ts'
import type { Dispatcher, QueueStatus } from '../../../src/tasks/dispatcher.ts'
import { QUEUE_NAMES } from '../../../src/tasks/task.ts'
import { anAnswer } from '../an-answer.ts'
import { FakeRedis } from '../fake-redis.ts'
import { aTask, scope } from './pending/parts.ts'

const NOW_MS = 1_700_000_000_000
let fake: FakeRedis
beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS })
  fake = new FakeRedis()
})
afterEach(() => void vi.useRealTimers())

const info = (more: Partial<WorkerInfo> = {}): WorkerInfo => ({
  id: 'w',
  host: 'h',
  pid: 1,
  startedAtMs: NOW_MS,
  queues: { core: { threads: 1, active: 0 } },
  rssBytes: 1,
  ...more,
})
const announce = (more: Partial<WorkerInfo> = {}) => announceWorker(fake.redis, scope, info(more))

describe('heartbeats', () => {
  test('live for seven seconds in a list that lives longer; who withdraws is gone at once', async () => {
    await announce()
    expect(fake.ttlOf(scopeKey(scope, 'workers'))).toBe(42_000)
    vi.advanceTimersByTime(1_000)
    expect(await readHeartbeats(fake.redis, scope)).toEqual([{ id: 'w', info: info(), leftMs: 6_000 }])
    await withdrawWorker(fake.redis, scope, 'w')
    expect(await readHeartbeats(fake.redis, scope, ['w', 'x'])).toEqual([
      { id: 'w', gone: 'withdrawn' },
      { id: 'x', gone: 'missing' },
    ])
    expect(await listWorkers(fake.redis, scope)).toEqual([])
  })

  test('those that are gone leave the list, others stay', async () => {
    await announce()
    await announce({ id: 'x' })
    fake.values.delete(scopeKey(scope, 'worker', 'x'))
    expect((await listWorkers(fake.redis, scope)).map(({ id }) => id)).toEqual(['w'])
    expect(await fake.smembers(scopeKey(scope, 'workers'))).toEqual(['w'])
  })

  test.each<[string, object]>([
    ['another id', { id: 'x' }],
    ['a host that is none', { host: 7 }],
    ['a process that is none', { pid: '1' }],
    ['no start', { startedAtMs: null }],
    ['no queues', { queues: null }],
    ['a list of queues', { queues: [] }],
    ['a queue without threads', { queues: { core: { active: 0 } } }],
    ['a queue that is null', { queues: { core: null } }],
    ['a queue with a text', { queues: { core: { threads: '1', active: 0 } } }],
    ['refusals that are none', { refusedJobs: { body: '1' } }],
    ['a version that is none', { dataVersion: 7 }],
    ['markers that are none', { folderMarkers: 'm' }],
    ['a marker that is none', { folderMarkers: ['m', 7] }],
  ])('%s is none', async (_, more) => {
    await fake.set(scopeKey(scope, 'worker', 'w'), JSON.stringify({ ...info(), ...more }))
    expect(await readHeartbeats(fake.redis, scope, ['w'])).toEqual([{ id: 'w', gone: 'unreadable' }])
    const whole = { ...info(), refusedJobs: { body: 1 }, dataVersion: 'v', folderMarkers: ['m'] }
    await fake.set(scopeKey(scope, 'worker', 'w'), JSON.stringify(whole))
    expect(await readHeartbeats(fake.redis, scope, ['w'])).toMatchObject([{ info: whole }])
  })

  test('queues that no worker takes are idle', () => {
    expect(findIdleQueues([info()], ['core', 'volumes'])).toEqual(['volumes'])
    expect(findIdleQueues([])).toEqual([...QUEUE_NAMES])
  })
})

describe('the roster', () => {
  const tick = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  const watch = (options: RosterOptions = {}) => watchWorkers(fake.redis, scope, options)
  const questions = () => fake.asked.filter((command) => command === 'smembers').length

  test('looks four times a second until each queue has had a worker, then once', async () => {
    const roster = watch()
    await tick(1_000)
    expect(questions()).toBe(4)
    await announce({ queues: Object.fromEntries(QUEUE_NAMES.map((name) => [name, { threads: 1, active: 0 }])) })
    await tick(250)
    expect([roster.everServed.size, roster.workers().length]).toEqual([QUEUE_NAMES.length, 1])
    const before = questions()
    await tick(3_000)
    expect(questions() - before).toBe(3)
    roster.close()
    fake.emit('ready')
    await tick(3_000)
    expect(questions() - before).toBe(3)
  })

  test('a heartbeat that is lost counts until its time, one that is withdrawn does not', async () => {
    const roster = watch()
    await announce()
    await announce({ id: 'x' })
    await roster.refresh()
    fake.values.clear()
    fake.expiresMs.clear()
    await withdrawWorker(fake.redis, scope, 'x')
    await tick(6_999)
    expect(roster.workers().map(({ id }) => id)).toEqual(['w'])
    await tick(500)
    expect(roster.workers()).toEqual([])
    expect(roster.lastHeardMs('core')).toBeLessThan(NOW_MS + 1_000)
    expect(roster.lastHeardMs('volumes')).toBeUndefined()
    roster.close()
  })

  test('what was never heard of and goes is nothing; what is no heartbeat is told once a look', async () => {
    const told: string[] = []
    const roster = watch({ onUnreadable: (id) => void told.push(id) })
    await announce()
    await withdrawWorker(fake.redis, scope, 'x')
    await fake.sadd(scopeKey(scope, 'workers'), 'x', 'y')
    await fake.set(scopeKey(scope, 'worker', 'y'), '{')
    expect((await roster.refresh()).map(({ id }) => id)).toEqual(['w'])
    expect([told, roster.lastHeardMs('core')]).toEqual([['y'], NOW_MS])
    roster.close()
  })

  test('a heartbeat is over at its time, and silence says nothing from three seconds on', async () => {
    const roster = watch()
    await announce()
    await roster.refresh()
    fake.values.clear()
    fake.expiresMs.clear()
    // without an answer for exactly three seconds it is heard still
    for (const ms of [3_000, 6_000, 6_999]) {
      vi.setSystemTime(NOW_MS + ms)
      expect([roster.hears(), (await roster.refresh()).length]).toEqual([true, 1])
    }
    vi.setSystemTime(NOW_MS + 7_000)
    expect((await roster.refresh()).length).toBe(0)
    vi.setSystemTime(NOW_MS + 10_001)
    expect(roster.hears()).toBe(false)
    roster.close()
    const other = watch()
    await announce({ id: 'z' })
    await other.refresh()
    fake.values.clear()
    fake.expiresMs.clear()
    vi.setSystemTime(Date.now() + 7_000)
    // after a longer time without an answer it is given time
    expect((await other.refresh()).length).toBe(1)
    other.close()
  })

  test('after a time without answers workers are given time to be heard of', async () => {
    const roster = watch()
    await announce()
    await roster.refresh()
    fake.before = () => Promise.reject(new Error('away'))
    await tick(2_900)
    expect(roster.hears()).toBe(true)
    await tick(6_000)
    expect(roster.hears()).toBe(false)
    fake.before = () => {}
    await tick(250)
    expect([roster.hears(), roster.workers().length]).toEqual([true, 1])
    expect(roster.lastHeardMs('core')).toBeGreaterThan(NOW_MS + 8_000)
    await tick(7_500)
    expect(roster.workers()).toEqual([])
    roster.close()
  })

  test('a worker is looked for before it is said that there is none', async () => {
    const roster = watch()
    expect(await roster.hasWorker('core')).toBe(false)
    await announce()
    expect(await roster.hasWorker('core')).toBe(true)
    const before = questions()
    expect([await roster.hasWorker('core'), questions()]).toEqual([true, before])
    expect(await roster.hasWorker('volumes')).toBe(false)
    fake.before = () => Promise.reject(new Error('away'))
    await expect(roster.hasWorker('volumes')).rejects.toThrow('away')
    roster.close()
  })

  test('tells the version that all hold, each once, and what is no heartbeat', async () => {
    const versions: string[] = []
    const unreadable: string[] = []
    const roster = watch({
      onRead: tellVersions((version) => void versions.push(version)),
      onUnreadable: (id) => void unreadable.push(id),
    })
    await announce({ dataVersion: '1' })
    await roster.refresh()
    await roster.refresh()
    expect(roster.dataVersion()).toBe('1')
    await announce({ id: 'x', dataVersion: '2' })
    await roster.refresh()
    expect(roster.dataVersion()).toBeUndefined()
    await announce({ dataVersion: '2' })
    await roster.refresh()
    await fake.set(scopeKey(scope, 'worker', 'w'), 'x')
    await roster.refresh()
    expect([versions, unreadable]).toEqual([['1', '2'], ['w']])
    roster.close()
  })
})

test('tasks of some queues run near where the data are those that they ask for; counts are of both', async () => {
  const closed: unknown[] = []
  const status = (n: number) =>
    Object.fromEntries(
      QUEUE_NAMES.map((name) => [name, { waiting: n, active: 2 * n, workers: 3 * n }]),
    ) as unknown as Record<(typeof QUEUE_NAMES)[number], QueueStatus>
  const place = (name: string, n: number): Dispatcher => ({
    run: async () => anAnswer(name),
    status: async () => status(n),
    close: async (graceMs) => void closed.push([name, graceMs]),
  })
  const held: { version: string | undefined } = { version: '1' }
  const near = { ...place('near', 1), currentVersion: () => held.version }
  const tasks = createNearTasks(place('far', 10), near, ['core'])
  const whereIs = async (more: Parameters<typeof aTask>[0]) => {
    const result = await tasks.run(aTask(more))
    return result.ok && `${Buffer.from(result.body)}`
  }
  expect(await whereIs({})).toBe('near')
  expect(await whereIs({ dataVersion: '1' })).toBe('near')
  expect(await whereIs({ dataVersion: '2' })).toBe('far')
  expect(await whereIs({ queue: 'volumes' })).toBe('far')
  held.version = undefined
  expect(await whereIs({})).toBe('far')
  const { core, volumes } = await tasks.status()
  expect([core, volumes]).toEqual([
    { waiting: 11, active: 22, workers: 33 },
    { waiting: 10, active: 20, workers: 30 },
  ])
  expect(tasks.cacheBytes?.()).toEqual({})
  await tasks.close(7)
  expect(closed).toEqual([
    ['far', 7],
    ['near', 7],
  ])
})
