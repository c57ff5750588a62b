import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPace, retryAfterS } from '../../../src/dispatch/scheduling/admission.ts'
import { createScheduler } from '../../../src/dispatch/scheduling/scheduler.ts'
import { SiibraError } from '../../../src/siibra/errors.ts'
import type { Criticality, Task, TaskResult } from '../../../src/tasks/task.ts'

const done: TaskResult = { ok: true, status: 200, contentType: 'x/y', headers: {}, body: new Uint8Array(), etag: '""' }
const task = (name: string, criticality: Criticality, deadlineMs = Date.now() + 60_000): Task => ({
  name,
  queue: 'volumes',
  params: {},
  criticality,
  deadlineMs,
})

/** A scheduler of one slot, or more, whose tasks end when they are told to. */
function startScheduler(maxWaiting: number, concurrency = 1) {
  const started: string[] = []
  const ends: (() => void)[] = []
  const scheduler = createScheduler({
    concurrency,
    maxWaiting,
    workers: () => 1,
    start({ name }, settle) {
      started.push(name)
      ends.push(() => settle(done))
      return () => {}
    },
  })
  const endNext = async () => {
    ends.shift()?.()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return { scheduler, started, endNext }
}

describe('the waiting line', () => {
  it('lets critical tasks overtake', async () => {
    const { scheduler, started, endNext } = startScheduler(10)
    for (const [name, criticality] of [
      ['first', 'background'],
      ['later', 'background'],
      ['soon', 'normal'],
      ['now', 'critical'],
    ] as const)
      void scheduler.run(task(name, criticality))
    for (let i = 0; i < 4; i++) await endNext()
    expect(started).toEqual(['first', 'now', 'soon', 'later'])
  })

  it('keeps room for what is more critical, and says when to come back', async () => {
    const { scheduler } = startScheduler(4)
    const results = new Map<string, Promise<TaskResult>>()
    const send = (name: string, criticality: Criticality) =>
      results.set(name, scheduler.run(task(name, criticality)).result)
    send('running', 'background')
    for (const name of ['b1', 'b2', 'b3']) send(name, 'background')
    for (const name of ['n1', 'n2', 'n3']) send(name, 'normal')
    expect(await results.get('b3')).toMatchObject({ ok: false, code: 'OVERLOADED', details: { retryAfterS: 2 } })
    expect(scheduler.status()).toMatchObject({ active: 1, waiting: 4 })
    send('c1', 'critical')
    expect(await results.get('b1')).toMatchObject({ ok: false, code: 'OVERLOADED' })
    expect(scheduler.status().waiting).toBe(4)
  })

  it('never starts a task whose caller has gone', async () => {
    const { scheduler, started, endNext } = startScheduler(10)
    void scheduler.run(task('first', 'normal'))
    const gone = scheduler.run(task('gone', 'critical'))
    gone.giveUp(new SiibraError('ABORTED', 'Gone'))
    expect(await gone.result).toMatchObject({ ok: false, code: 'ABORTED' })
    await endNext()
    expect(started).toEqual(['first'])
  })

  it('moves a task forward when it has become more critical to someone', async () => {
    const { scheduler, started, endNext } = startScheduler(10)
    const [, , warmed] = ['first', 'other', 'warmed'].map((name) => scheduler.run(task(name, 'background')))
    void scheduler.run(task('normal', 'normal'))
    warmed?.raise('critical')
    warmed?.raise('background')
    for (let i = 0; i < 4; i++) await endNext()
    expect(started).toEqual(['first', 'warmed', 'normal', 'other'])
  })

  it('leaves a task in its place that is as critical to someone else', async () => {
    const { scheduler, started, endNext } = startScheduler(10)
    const [, second] = ['first', 'second', 'third'].map((name) => scheduler.run(task(name, 'normal')))
    second?.raise('normal')
    for (let i = 0; i < 3; i++) await endNext()
    expect(started).toEqual(['first', 'second', 'third'])
  })
})

describe('a line whose tasks take 10 s each', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** Ends tasks 10 s apart: some while others wait, the last with an empty line. */
  async function startPaced() {
    const line = startScheduler(100)
    const results = ['a', 'b', 'c'].map((name) => line.scheduler.run(task(name, 'normal', Date.now() + 1e7)).result)
    const endAfter = async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms)
      const ended = line.endNext()
      await vi.advanceTimersByTimeAsync(5)
      await ended
    }
    return { ...line, results, endAfter }
  }
  const isRefused = async (result: Promise<TaskResult>) => {
    const answer = await Promise.race([result, Promise.resolve(undefined)])
    return answer !== undefined && !answer.ok && answer.code === 'OVERLOADED'
  }

  it('refuses what cannot be done before its deadline, and takes what can', async () => {
    const { scheduler, endAfter } = await startPaced()
    await endAfter(10_000)
    await endAfter(10_000)
    // c runs; whoever comes is the next, and after him the second
    const at = (name: string, s: number) => scheduler.run(task(name, 'normal', Date.now() + s * 1000)).result
    expect(await isRefused(at('first', 1))).toBe(false)
    expect(await isRefused(at('second', 9))).toBe(true)
    expect(await isRefused(at('second', 11))).toBe(false)
    expect(await isRefused(at('third', 19))).toBe(true)
    expect(await isRefused(at('third', 21))).toBe(false)
  })

  it('counts only ends while others wait, and none after a rest', async () => {
    const { scheduler, results, endAfter } = await startPaced()
    await endAfter(10_000)
    await endAfter(10_000)
    // the last one ends when nobody waits, an hour later: that says nothing of the pace
    await endAfter(3_600_000)
    expect((await Promise.all(results)).every(({ ok }) => ok)).toBe(true)
    expect(scheduler.status()).toMatchObject({ active: 0, waiting: 0 })
    const at = (name: string, s: number) => scheduler.run(task(name, 'normal', Date.now() + s * 1000)).result
    for (const name of ['d', 'e', 'f']) void at(name, 1e5)
    await endAfter(1)
    expect(await isRefused(at('g', 9))).toBe(true)
    expect(await isRefused(at('g', 11))).toBe(false)
  })

  it('takes what can be done by its deadline to the millisecond', async () => {
    const { scheduler, endAfter } = await startPaced()
    await endAfter(10_000)
    await endAfter(9_995)
    void scheduler.run(task('next', 'normal', Date.now() + 1e7))
    // ends were 10 s apart, and one is before it
    expect(await isRefused(scheduler.run(task('late', 'normal', Date.now() + 9_999)).result)).toBe(true)
    expect(await isRefused(scheduler.run(task('in time', 'normal', Date.now() + 10_000)).result)).toBe(false)
  })

  it('does not count an end after the last one who waited has left', async () => {
    const { scheduler, endNext } = startScheduler(100)
    const runs = ['a', 'b', 'c'].map((name) => scheduler.run(task(name, 'normal', Date.now() + 1e7)))
    for (const leaves of [false, true]) {
      if (leaves) runs[2]?.giveUp(new SiibraError('ABORTED', 'Gone'))
      await vi.advanceTimersByTimeAsync(3_600_000)
      const ended = endNext()
      await vi.advanceTimersByTimeAsync(5)
      await ended
    }
    for (const name of ['d', 'e']) void scheduler.run(task(name, 'normal', Date.now() + 1e7))
    expect(await isRefused(scheduler.run(task('f', 'normal', Date.now() + 1000)).result)).toBe(false)
  })

  it('tells how long a task waited and ran, and how long one waited that was never started', async () => {
    const told: unknown[] = []
    const ends: (() => void)[] = []
    const scheduler = createScheduler({
      concurrency: 1,
      maxWaiting: 10,
      workers: () => 1,
      start: (_, settle) => {
        ends.push(() => settle(done))
        return () => {}
      },
      observer: {
        ended: ({ task: { name }, outcome, waitMs, runMs }) => told.push([name, outcome, waitMs, runMs]),
        shared() {},
      },
    })
    await vi.advanceTimersByTimeAsync(1000)
    const results = ['first', 'second', 'gone'].map((name, i) =>
      scheduler.run(task(name, 'normal', Date.now() + [1e6, 1e6, 300][i]!)),
    )
    await vi.advanceTimersByTimeAsync(500)
    ends[0]?.()
    await vi.advanceTimersByTimeAsync(200)
    ends[1]?.()
    expect(told).toEqual([
      ['gone', 'DEADLINE_EXCEEDED', 300, 0],
      ['first', 'ok', 0, 500],
      ['second', 'ok', 500, 200],
    ])
    expect(await results[1]?.result).toMatchObject({ timing: { waitMs: 500, runMs: 200 } })
  })

  it('gives up those who wait when their deadline has come, and what runs, too', async () => {
    const { scheduler } = startScheduler(10)
    const results = ['runs', 'waits'].map((name) => scheduler.run(task(name, 'normal', Date.now() + 500)).result)
    await vi.advanceTimersByTimeAsync(501)
    expect(await Promise.all(results)).toMatchObject([{ code: 'DEADLINE_EXCEEDED' }, { code: 'DEADLINE_EXCEEDED' }])
    expect(scheduler.status()).toMatchObject({ active: 1, waiting: 0 })
    expect(await scheduler.run(task('late', 'normal', Date.now())).result).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })
})

describe('closing', () => {
  it('waits for the last of several that are active', async () => {
    const { scheduler, endNext } = startScheduler(10, 2)
    for (const name of ['a', 'b']) void scheduler.run(task(name, 'normal'))
    let isOver = false
    const closed = scheduler.close(1e6).then(() => {
      isOver = true
    })
    await endNext()
    expect(isOver).toBe(false)
    await endNext()
    await closed
  })

  it('with nothing active is over at once', async () => {
    const { scheduler, endNext } = startScheduler(10)
    void scheduler.run(task('a', 'normal'))
    await endNext()
    await scheduler.close(1e6)
    expect(await scheduler.run(task('b', 'normal')).result).toMatchObject({ ok: false, code: 'OVERLOADED' })
  })

  it('waits for what is active, refuses what waits, and for no longer than it may', async () => {
    const { scheduler, started, endNext } = startScheduler(10)
    const [running, waiting] = ['a', 'b'].map((name) => scheduler.run(task(name, 'normal')).result)
    let isOver = false
    const closed = scheduler.close(1e6).then(() => {
      isOver = true
    })
    expect(await waiting).toMatchObject({ ok: false, code: 'OVERLOADED' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(isOver).toBe(false)
    await endNext()
    await closed
    expect(await running).toMatchObject({ ok: true })
    expect(started).toEqual(['a'])
    const other = startScheduler(10)
    void other.scheduler.run(task('never ends', 'normal'))
    await other.scheduler.close(20)
    expect(other.scheduler.status().active).toBe(1)
  })
})

describe('the pace of a line', () => {
  it('follows the time between two ends', () => {
    let nowMs = 0
    const pace = createPace(() => nowMs)
    expect(pace.expectedWaitMs(10)).toBe(0)
    for (let i = 0; i < 5; i++) {
      pace.ended()
      nowMs += 200
    }
    expect(pace.expectedWaitMs(10)).toBeCloseTo(2000)
    pace.rested()
    nowMs += 1e6
    pace.ended()
    expect(pace.expectedWaitMs(10)).toBeCloseTo(2000)
  })

  it('follows a tenth of each change', () => {
    let nowMs = 0
    const pace = createPace(() => nowMs)
    for (const ms of [0, 100, 300]) {
      nowMs = ms
      pace.ended()
    }
    // 100, and a tenth of 200 - 100
    expect(pace.expectedWaitMs(10)).toBeCloseTo(1100)
  })

  it('asks to come back in whole seconds, within a minute', () => {
    expect([0, 1, 1500, 1e9].map(retryAfterS)).toEqual([2, 2, 2, 60])
  })
})
