/** What a worker takes, tells and writes down; tasks that nobody waits for. */
import { describe, expect, test, vi } from 'vitest'
import { loadState } from '../../src/dispatch/queue/long-tasks/states.ts'
import { addWaiter, removeWaiter } from '../../src/dispatch/queue/waiters.ts'
import { readHeartbeats } from '../../src/dispatch/queue/workers/heartbeats.ts'
import { anAnswer } from '../dispatch/an-answer.ts'
import { scope } from '../dispatch/queue/pending/parts.ts'
import { type FakeBull, made, NOW_MS, start, useOwnClock } from './worker-parts.ts'

useOwnClock()

describe('a worker', () => {
  test('takes tasks of each lane of its queues, and holds them for as long as it renews their locks', () => {
    const { at, bulls } = start()
    expect(bulls.map(({ queue, options }) => [queue, options.concurrency])).toEqual([
      ['{1.2.3.test.core}', 2],
      ['{1.2.3.test.volumes}', 3],
      ['{1.2.3.test.volumes}.heavy', 3],
    ])
    expect(at(0).options).toMatchObject({
      lockDuration: 7_000,
      lockRenewTime: 2_333,
      stalledInterval: 2_333,
      maxStalledCount: 1,
      skipVersionCheck: true,
    })
    const other = start({ lockMs: 300, threads: { core: undefined as never } })
    expect(made.workers.length).toBe(4)
    expect((made.workers[3] as FakeBull).options).toMatchObject({
      lockDuration: 300,
      lockRenewTime: 100,
      concurrency: 1,
    })
    expect(other.worker.info().queues).toEqual({ core: { threads: 1, active: 0 } })
  })

  test('tells servers that it lives when it is connected, every 1.5 s, and when it has news', async () => {
    let version: string | undefined
    const { worker, broker, bulls, results } = start({ dataVersion: () => version })
    const heard = async () =>
      (await readHeartbeats(broker.redis, scope)).map((beat) => 'info' in beat && beat.info.dataVersion)
    expect([await heard(), worker.isReady()]).toEqual([[], false])
    for (const bull of bulls) bull.running = true
    expect(worker.isReady()).toBe(false)
    broker.emit('ready')
    await vi.waitUntil(worker.isReady)
    expect(await heard()).toEqual([undefined])
    for (const end of [broker, results]) {
      end.status = 'end'
      expect(worker.isReady()).toBe(false)
      end.status = 'ready'
    }
    ;(bulls[1] as FakeBull).running = false
    expect(worker.isReady()).toBe(false)
    version = 'v'
    worker.announce()
    await vi.waitUntil(async () => (await heard())[0] === 'v')
    version = 'w'
    broker.status = 'end'
    await vi.advanceTimersByTimeAsync(1_500)
    expect(await heard()).toEqual(['v'])
    broker.status = 'ready'
    await vi.advanceTimersByTimeAsync(1_500)
    await vi.waitUntil(async () => (await heard())[0] === 'w')
    await worker.close(0)
  })

  test('tells what it is doing', async () => {
    const { worker, take, ends } = start()
    await take('a')
    expect(worker.info()).toMatchObject({
      pid: process.pid,
      startedAtMs: NOW_MS,
      queues: { core: { threads: 2, active: 1 }, volumes: { threads: 3, active: 0 } },
      folderMarkers: [],
    })
    ends.get('a')?.(anAnswer())
    await vi.advanceTimersByTimeAsync(0)
    expect(worker.info().queues.core?.active).toBe(0)
  })

  test('tells faults of its queues, unless they are of a connection that breaks, or it closes', async () => {
    const { at, problems, broker, worker } = start()
    at(1).emit('error', new Error('a script'))
    broker.status = 'end'
    at(1).emit('error', new Error('closed'))
    broker.status = 'ready'
    await worker.close(0)
    at(1).emit('error', new Error('late'))
    expect(problems).toEqual(['volumes: a script'])
  })

  test('warns of a broker that drops keys, and of no other', async () => {
    const { broker, problems } = start()
    broker.info = async () => 'maxmemory_policy:allkeys-lru'
    broker.emit('ready')
    await vi.advanceTimersByTimeAsync(0)
    expect(problems).toEqual([expect.stringContaining('The broker has maxmemory-policy allkeys-lru')])
    const good = start()
    good.broker.emit('ready')
    await vi.advanceTimersByTimeAsync(0)
    expect(good.problems).toEqual([])
  })
})

describe('a job that failed', () => {
  test.each([
    [true, 'job stalled more than allowable limit', 'FAILURE'],
    [true, 'result stored: a defect', undefined],
    [true, 'job refused: no such task', undefined],
    [false, 'job stalled more than allowable limit', undefined],
  ])('is written down for who comes later (%s), once: %s', async (isLong, message, status) => {
    const { at, results } = start()
    at(0).emit('failed', { id: 'core-1', name: 'echo', data: { isLong } }, new Error(message))
    await vi.advanceTimersByTimeAsync(0)
    expect((await loadState(results.redis, scope, 'core-1'))?.status).toBe(status)
  })

  test('and is not there any more does no harm, nor a backend that is away', async () => {
    const { at, results } = start()
    at(0).emit('failed', undefined, new Error('gone'))
    at(0).emit('failed', { id: 'core-1' }, new Error('gone'))
    results.before = () => Promise.reject(new Error('away'))
    at(0).emit('failed', { id: 'core-1', name: 'echo', data: { isLong: true } }, new Error('gone'))
    await vi.advanceTimersByTimeAsync(0)
    expect(results.values.size).toBe(0)
  })
})

describe('a task that nobody waits for any more', () => {
  test('is stopped at the third look in a row, each a second after the last', async () => {
    const { take, broker } = start()
    await vi.advanceTimersByTimeAsync(500)
    const one = await take('a')
    const other = await take('b')
    await removeWaiter(broker.redis, scope, one.id, 'a server')
    // it is not looked at in its first second
    await vi.advanceTimersByTimeAsync(3_499)
    expect(one.outcome).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1)
    expect([one.outcome, other.outcome]).toEqual(['dropped', undefined])
  })

  test('goes on where somebody is there again', async () => {
    const { take, broker } = start()
    const one = await take('a')
    const leave = () => removeWaiter(broker.redis, scope, one.id, 'a server')
    await leave()
    await vi.advanceTimersByTimeAsync(2_000)
    await addWaiter(broker.redis, scope, one.id, 'a server', NOW_MS + 3_600_000)
    await vi.advanceTimersByTimeAsync(1_000)
    await leave()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(one.outcome).toBeUndefined()
    // nor does a broker that is away say anything
    broker.status = 'end'
    await vi.advanceTimersByTimeAsync(5_000)
    expect(one.outcome).toBeUndefined()
    broker.status = 'ready'
    broker.before = () => Promise.reject(new Error('away'))
    await vi.advanceTimersByTimeAsync(2_000)
    broker.before = () => {}
    await vi.advanceTimersByTimeAsync(1_000)
    expect(one.outcome).toBe('dropped')
  })
})
