import { describe, expect, it } from 'vitest'
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

/** A scheduler of one slot whose tasks end when they are told to. */
function startScheduler(maxWaiting: number) {
  const started: string[] = []
  const ends: (() => void)[] = []
  const scheduler = createScheduler({
    concurrency: 1,
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

  it('asks to come back in whole seconds, within a minute', () => {
    expect([0, 1, 1500, 1e9].map(retryAfterS)).toEqual([2, 2, 2, 60])
  })
})
