/** Tasks that wait behind a long one in their thread. */
import { describe, expect, test, vi } from 'vitest'
import { at, createPool, names, threads, useFakeThreads } from './parts.ts'

vi.mock('node:worker_threads', async () => ({ Worker: (await import('../fake-worker.ts')).FakeWorker }))
useFakeThreads()

describe('what waits behind a long computation', () => {
  test('moves on after 15 ms to a thread that reads its messages, as if it had just come', () => {
    const { run, begin, pool } = createPool(2, 3)
    begin('a', 'b')
    run('c')
    begin('d')
    expect(names()).toEqual(['a c', 'b d'])
    vi.advanceTimersByTime(14)
    expect(names()).toEqual(['a c', 'b d'])
    vi.advanceTimersByTime(1)
    expect([names(), at(0).begin('c')]).toEqual([['a c', 'b d c'], [false]])
    expect(at(1).begin('c')).toEqual([true])
    at(1).end('d')
    // nor has it a thread for itself
    for (const name of ['e', 'f', 'g']) run(name)
    expect(names()).toEqual(['a c e f', 'b d c g'])
    expect(pool.liveThreads()).toBe(2)
  })

  test('stays while no thread is free, and is looked after again every 15 ms', () => {
    const { run, begin } = createPool(2, 2)
    begin('a', 'b')
    run('c')
    run('d')
    // neither reads its messages
    vi.advanceTimersByTime(30)
    expect(names()).toEqual(['a c', 'b d'])
    at(1).begin('d')
    vi.advanceTimersByTime(15)
    // full
    expect(names()).toEqual(['a c', 'b d'])
    at(1).end('b')
    vi.advanceTimersByTime(15)
    expect(names()).toEqual(['a c', 'b d c'])
    at(1).begin('c')
    vi.advanceTimersByTime(15)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('does not go to a thread that reads nothing either', () => {
    const { run, begin } = createPool(2, 4)
    begin('a', 'b')
    for (const name of ['c', 'd']) run(name)
    vi.advanceTimersByTime(60)
    expect(names()).toEqual(['a c', 'b d'])
  })

  test('goes to a thread, too, that was sent something only just now', () => {
    const { run, begin } = createPool(2, 4)
    begin('a', 'b')
    run('c')
    vi.advanceTimersByTime(10)
    run('d')
    vi.advanceTimersByTime(5)
    // d was sent 5 ms ago
    expect(names()).toEqual(['a c', 'b d c'])
  })

  test('goes to a new thread, where there may be one', () => {
    const { run, begin } = createPool(2, 2)
    begin('a')
    // there is none for the second
    const [thread] = threads
    run('b')
    at(1).emit('exit', 1)
    expect(names()).toEqual(['a', 'b', 'b'])
    at(2).begin('b')
    run('c')
    at(2).emit('exit', 1)
    expect(thread?.names()).toEqual(['a', 'c'])
    vi.advanceTimersByTime(30)
    expect(names()).toEqual(['a c', 'b', 'b', 'b'])
    at(3).end('b')
    vi.advanceTimersByTime(15)
    expect(names()).toEqual(['a c', 'b', 'b', 'b c'])
  })

  test('a task that has ended a thread stays alone, wherever it goes', () => {
    const { run, begin } = createPool(2, 4)
    begin('a', 'b')
    at(0).emit('exit', 1)
    expect(names()).toEqual(['a', 'b', 'a'])
    vi.advanceTimersByTime(30)
    // the other one is busy
    expect(names()).toEqual(['a', 'b', 'a'])
    at(1).end('b')
    vi.advanceTimersByTime(15)
    expect(names()).toEqual(['a', 'b a', 'a'])
    // and the one that it has left is there for all
    run('c')
    run('d')
    expect(names()).toEqual(['a', 'b a', 'a c d'])
  })

  test('of a single thread nothing is looked after', () => {
    const { run, begin } = createPool(1, 4)
    begin('a')
    run('b')
    expect(vi.getTimerCount()).toBe(0)
  })
})
