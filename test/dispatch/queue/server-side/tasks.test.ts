/** Tasks of a server: sent, joined, refused where there is no room. */
import { describe, expect, test, vi } from 'vitest'
import type { Task } from '../../../../src/tasks/task.ts'
import { anAnswer } from '../../an-answer.ts'
import { create, made, NOW_MS, useOwnClock } from './parts.ts'

useOwnClock()

describe('a task', () => {
  test('is sent, answered when its job has ended, and waited for no longer', async () => {
    const { run, complete, ended, waitersOf, shared } = await create()
    const one = await run('a')
    expect([made.jobs.map(({ id }) => id), Object.keys(waitersOf(one.id)).length]).toEqual([[one.id], 1])
    await complete(one.id, anAnswer('done', { timing: { waitMs: 5, runMs: 7 } }))
    expect([one.outcome, ended, waitersOf(one.id), shared]).toEqual(['done', [['a', 'ok', 5, 7]], {}, []])
    await complete(one.id)
    const other = await run('b')
    await complete(other.id)
    // without times of its own, what has passed here
    expect([other.outcome, ended[1]]).toEqual(['done', ['b', 'ok', 1, 0]])
  })

  test('tells those who follow it how far it is', async () => {
    const { run, events } = await create()
    const heard: unknown[] = []
    const onProgress = (...all: unknown[]) => void heard.push(all)
    const one = await run('a', {}, { onProgress })
    await run('a', {}, { onProgress: () => void heard.push('second') })
    events.onProgress(one.id, 0.5, 'half')
    events.onProgress('core-other', 0.7, 'else')
    expect(heard).toEqual([[0.5, 'half'], 'second'])
  })

  test('is none where nobody waits for it, or it is too late', async () => {
    const { run, dispatcher, ended } = await create()
    expect((await run('a', { deadlineMs: NOW_MS })).outcome).toBe('DEADLINE_EXCEEDED')
    expect((await run('a', {}, { signal: AbortSignal.abort() })).outcome).toBe('ABORTED')
    expect((await run('a', { deadlineMs: NOW_MS + 1 })).outcome).toBeUndefined()
    await dispatcher.close(0)
    expect((await run('a')).outcome).toBe('OVERLOADED')
    expect([made.jobs.length, ended.length]).toEqual([1, 1])
  })

  test('goes to the threads for heavy ones where its kind has been heavy three times', async () => {
    const { run, complete } = await create()
    for (const i of [1, 2, 3]) {
      const one = await run('a', { queue: 'volumes', params: { i } })
      await complete(one.id, anAnswer('x', { timing: { waitMs: 0, runMs: 50, cpuMs: 41 } }))
    }
    await run('a', { queue: 'volumes', params: { i: 4 } })
    expect(made.jobs.map(({ data }) => data.task.isHeavy)).toEqual([false, false, false, true])
  })

  test('is sent again when the broker is back', async () => {
    const { run, broker } = await create()
    await run('a')
    broker.emit('ready')
    await vi.advanceTimersByTimeAsync(0)
    expect(made.jobs.length).toBe(2)
  })
})

describe('who joins a task', () => {
  test('shares it, and makes it as critical and as late as he needs it', async () => {
    const { run, shared, waitersOf, complete } = await create()
    const one = await run('a', { criticality: 'background' })
    const until = () => Object.values(waitersOf(one.id))[0]
    expect(until()).toBe(NOW_MS + 600_000)
    await run('a', { criticality: 'background', deadlineMs: NOW_MS + 500_000 })
    expect([until(), made.moved]).toEqual([NOW_MS + 600_000, []])
    const other = await run('a', { criticality: 'critical', deadlineMs: NOW_MS + 700_000 })
    expect([until(), made.moved]).toEqual([NOW_MS + 700_000, [{ priority: 0 }]])
    expect([made.jobs.length, shared]).toEqual([1, ['a', 'a']])
    await complete(one.id)
    expect([one.outcome, other.outcome]).toEqual(['done', 'done'])
  })

  test('does not move one that a worker has begun; another server that asks for one moves it', async () => {
    const { run, events } = await create()
    const one = await run('a', { criticality: 'background' })
    events.onDuplicated(one.id)
    events.onDuplicated('core-other')
    await vi.advanceTimersByTimeAsync(0)
    expect(made.moved).toEqual([{ priority: 2 }])
    events.onActive(one.id)
    await run('a', { criticality: 'critical' })
    expect(made.moved.length).toBe(1)
  })

  test('changes nothing at the broker before it is sent', async () => {
    const { run, broker, waitersOf } = await create()
    let goOn = () => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    broker.before = () => held
    const first = run('a', { criticality: 'background', queue: 'features' })
    await first
    const second = await run('a', { criticality: 'critical', deadlineMs: NOW_MS + 700_000, queue: 'features' })
    expect([made.moved, waitersOf(second.id), broker.asked.filter((command) => command === 'zadd')]).toEqual([
      [],
      {},
      [],
    ])
    broker.before = () => {}
    goOn()
    await vi.advanceTimersByTimeAsync(0)
    // no worker takes features
    expect([(await first).outcome, second.outcome]).toEqual(['UNAVAILABLE', 'UNAVAILABLE'])
    expect(broker.asked.filter((command) => command === 'zrem')).toEqual([])
  })
})

describe('the room of a queue', () => {
  test('is kept for what is more critical, beside what its workers run', async () => {
    const { run, ended } = await create({ maxWaiting: 10, threads: 2 })
    let sent = 0
    const send = async (criticality: Task['criticality'], count: number) => {
      const outcomes = []
      for (let i = 0; i < count; i++) outcomes.push(await run(`${sent++}`, { criticality }))
      return outcomes
    }
    // half of it and two threads
    const background = await send('background', 7)
    expect([background.at(-1)?.outcome, (await send('background', 1))[0]?.outcome]).toEqual([undefined, 'OVERLOADED'])
    const normal = await send('normal', 3)
    expect([normal.map(({ outcome }) => outcome), background.map(({ outcome }) => outcome)]).toEqual([
      Array(3).fill(undefined),
      Array(7).fill(undefined),
    ])
    await send('normal', 1)
    expect(background.filter(({ outcome }) => outcome === 'OVERLOADED').length).toBe(1)
    expect((await run('other', { queue: 'volumes', criticality: 'background' })).outcome).toBeUndefined()
    expect(ended.map(([, outcome, waitMs, runMs]) => [outcome, waitMs, runMs])).toEqual(
      Array(2).fill(['OVERLOADED', 0, 0]),
    )
  })

  test('holds sixteen requests for each task', async () => {
    const { run } = await create({ maxWaiting: 1 })
    const all = []
    for (let i = 0; i < 17; i++) all.push(await run('a', { criticality: 'critical' }))
    expect(all.map(({ outcome }) => outcome)).toEqual([...Array(16).fill(undefined), 'OVERLOADED'])
  })
})
