/** How a worker closes. */
import { readdir } from 'node:fs/promises'
import { describe, expect, test, vi } from 'vitest'
import { scopeKey } from '../../src/dispatch/queue/names.ts'
import { anAnswer } from '../dispatch/an-answer.ts'
import { scope } from '../dispatch/queue/pending/parts.ts'
import { made, start, useOwnClock } from './worker-parts.ts'

useOwnClock()

describe('closing', () => {
  const beginClosing = (worker: ReturnType<typeof start>['worker'], graceMs: number) => {
    const state = { isOver: false }
    void worker.close(graceMs).then(() => {
      state.isOver = true
    })
    return state
  }

  test('withdraws at once, takes no more, and waits for what is under way', async () => {
    const { worker, take, ends, broker, bulls, executorEnds } = start()
    broker.emit('ready')
    const one = await take('a')
    const closing = beginClosing(worker, 10_000)
    await vi.advanceTimersByTimeAsync(0)
    expect(broker.values.get(scopeKey(scope, 'worker', worker.info().id))).toEqual(Buffer.from(''))
    expect([bulls.every(({ isClosed }) => isClosed), closing.isOver]).toEqual([true, false])
    await vi.advanceTimersByTimeAsync(5_000)
    ends.get('a')?.(anAnswer())
    await vi.advanceTimersByTimeAsync(10)
    expect([one.outcome, closing.isOver, executorEnds(), made.closed]).toEqual(['done', true, 1, 2])
    // no more heartbeats, nor looks
    broker.asked.length = 0
    broker.emit('ready')
    await vi.advanceTimersByTimeAsync(10_000)
    expect([broker.asked.filter((command) => command !== 'info'), vi.getTimerCount()]).toEqual([[], 0])
  })

  test('sends no heartbeat any more that was being made', async () => {
    const { worker, broker } = start()
    broker.emit('ready')
    const closing = beginClosing(worker, 0)
    await vi.waitUntil(() => closing.isOver)
    // as long as it takes to look into the shared folder
    for (let i = 0; i < 3; i++) await expect(readdir('/nowhere')).rejects.toThrow()
    expect(broker.values.get(scopeKey(scope, 'worker', worker.info().id))).toEqual(Buffer.from(''))
  })

  test('hands back what is not done in time', async () => {
    const { worker, take } = start()
    const one = await take('a')
    const closing = beginClosing(worker, 1_000)
    await vi.advanceTimersByTimeAsync(999)
    expect([one.moved, closing.isOver]).toEqual([[], false])
    await vi.advanceTimersByTimeAsync(31)
    expect([one.moved, closing.isOver]).toEqual([['token'], true])
  })

  test.each([
    ['ready', 2_000],
    ['end', 100],
  ] as const)('waits for its queues at a broker that is %s for %s ms', async (status, ms) => {
    const { worker, broker, bulls } = start()
    for (const bull of bulls) Object.assign(bull, { close: () => new Promise(() => {}) })
    broker.status = status
    const closing = beginClosing(worker, 1_000)
    await vi.advanceTimersByTimeAsync(ms - 1)
    expect(closing.isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(closing.isOver).toBe(true)
  })

  test('waits half a second for a broker that does not hear that it leaves', async () => {
    const { worker, broker } = start()
    broker.before = () => new Promise(() => {})
    const closing = beginClosing(worker, 0)
    await vi.advanceTimersByTimeAsync(499)
    expect(closing.isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(closing.isOver).toBe(true)
  })
})
