/** What a server tells of its queue, and how it closes. */
import { describe, expect, test, vi } from 'vitest'
import type { JobEventsOptions } from '../../../../src/dispatch/queue/job-events.ts'
import { create, made, useOwnClock } from './parts.ts'

useOwnClock()

describe('what is told', () => {
  test('a fault of the queue, unless the connection is away, or it closes', async () => {
    const { told, broker, dispatcher } = await create()
    const before = told.length
    made.onError(new Error('a script'))
    broker.status = 'end'
    made.onError(new Error('away'))
    broker.status = 'ready'
    await dispatcher.close(0)
    made.onError(new Error('late'))
    expect(told.slice(before)).toEqual(['a script'])
  })

  test('the version of the data, workers that are looked up, and what is no heartbeat', async () => {
    let looked = 0
    const { told, broker, dispatcher } = await create({ onWorkers: () => void looked++ })
    expect([told, looked > 0, dispatcher.dataVersion()]).toEqual([['v'], true, 'v'])
    await broker.sadd('siibra-api:{1.2.3.test}:workers', 'x')
    await broker.set('siibra-api:{1.2.3.test}:worker:x', '{')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(told[1]).toContain('What stands for the worker x is no heartbeat')
    ;(made.events as JobEventsOptions).onUnreadable('an event that is none')
    expect(dispatcher.refusals().filter(({ count }) => count > 0)).toEqual([
      { what: 'heartbeat', reason: 'unreadable', count: 1 },
      { what: 'event', reason: 'unreadable', count: 1 },
    ])
  })

  test('a broker that drops keys, where somebody listens, once', async () => {
    const warnings: string[] = []
    const onWarning = (message: string) => void warnings.push(message)
    await create({ onWarning })
    expect(warnings).toEqual([])
    const { broker } = await create({ onWarning, policy: 'allkeys-lru' })
    broker.emit('ready')
    await vi.advanceTimersByTimeAsync(0)
    expect(warnings).toEqual([expect.stringContaining('The broker has maxmemory-policy allkeys-lru')])
    const unheard = await create()
    expect(unheard.broker.asked).not.toContain('info')
  })
})

describe('closing', () => {
  const beginClosing = (dispatcher: Awaited<ReturnType<typeof create>>['dispatcher'], graceMs: number) => {
    const state = { isOver: false }
    void dispatcher.close(graceMs).then(() => {
      state.isOver = true
    })
    return state
  }

  test('waits for what is under way, for so long', async () => {
    const { run, dispatcher, complete, connections } = await create()
    const one = await run('a')
    const closing = beginClosing(dispatcher, 1_000)
    await vi.advanceTimersByTimeAsync(500)
    expect([one.outcome, closing.isOver]).toEqual([undefined, false])
    await complete(one.id)
    await vi.advanceTimersByTimeAsync(20)
    expect([one.outcome, closing.isOver, connections.isClosed]).toEqual(['done', true, true])
    await vi.advanceTimersByTimeAsync(60_000)
  })

  test('tells those who still wait', async () => {
    const { run, dispatcher } = await create()
    const one = await run('a')
    const closing = beginClosing(dispatcher, 100)
    await vi.advanceTimersByTimeAsync(99)
    expect(one.outcome).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1)
    expect([one.outcome, closing.isOver]).toEqual(['OVERLOADED', true])
    expect(vi.getTimerCount()).toBe(1)
  })

  test.each([
    ['ready', 2_000],
    ['end', 100],
  ] as const)('waits for its queues at a broker that is %s for %s ms', async (status, ms) => {
    const { dispatcher, broker } = await create()
    made.closeEvents = () => new Promise(() => {})
    broker.status = status
    const closing = beginClosing(dispatcher, 0)
    await vi.advanceTimersByTimeAsync(ms - 1)
    expect(closing.isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(closing.isOver).toBe(true)
  })
})
