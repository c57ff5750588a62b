/** Tasks that are to stop, in threads that hear it or not. */
import { describe, expect, test, vi } from 'vitest'
import { aborted, closing, deadlineExceeded } from '../../../../src/tasks/failures.ts'
import { createTask } from '../../conformance.ts'
import { at, createPool, names, useFakeThreads } from './parts.ts'

vi.mock('node:worker_threads', async () => ({ Worker: (await import('../fake-worker.ts')).FakeWorker }))
useFakeThreads()

describe('a task that is to stop', () => {
  test('leaves the line, before its thread or in it', () => {
    const { run, ended } = createPool(1, 2)
    const stops = ['a', 'b', 'c', 'd', 'e'].map((name) => run(name))
    at(0).begin('a')
    stops[3]?.(deadlineExceeded())
    stops[2]?.(deadlineExceeded())
    expect([ended, names()]).toEqual([['d DEADLINE_EXCEEDED', 'c DEADLINE_EXCEEDED'], ['a b']])
    stops[1]?.(aborted())
    expect([ended.slice(2), names(), at(0).aborts()]).toEqual([['b ABORTED'], ['a b e'], []])
    stops[3]?.(aborted())
    at(0).end('a')
    expect(ended.slice(3)).toEqual(['a done'])
  })

  test('is told so where it is under way, and ends as it likes', () => {
    const { run, ended, problems } = createPool(1, 2)
    const stops = [aborted(), deadlineExceeded(), closing()].map((error, i) => {
      const stop = run(`${i}`)
      at(0).begin(`${i}`)
      stop(error)
      at(0).seeAbort(`${i}`)
      vi.advanceTimersByTime(9_999)
      at(0).end(`${i}`)
      return stop
    })
    vi.advanceTimersByTime(60_000)
    expect(at(0).aborts()).toEqual(['ABORTED', 'DEADLINE_EXCEEDED', 'ABORTED'])
    expect([ended, problems, stops.length]).toEqual([['0 done', '1 done', '2 done'], [], 3])
  })

  test('that reads it, and does not stop, loses its thread after 10 s', async () => {
    const { run, ended, problems } = createPool(1, 2)
    const stop = run('a')
    at(0).begin('a')
    stop(aborted())
    at(0).seeAbort('a')
    await vi.advanceTimersByTimeAsync(9_999)
    expect([problems, ended]).toEqual([[], []])
    await vi.advanceTimersByTimeAsync(1)
    expect(problems).toEqual(['The task a does not stop; its thread is replaced'])
    expect([ended, at(0).isEnded]).toEqual([['a ABORTED'], true])
  })

  test('in a thread that reads nothing is over after a second; those beside it get a new thread', async () => {
    const { run, ended, begin, problems } = createPool(1, 4)
    begin('x', 'y')
    const stop = run('a')
    at(0).begin('a')
    run('c')
    stop(deadlineExceeded())
    await vi.advanceTimersByTimeAsync(999)
    expect([ended, names()]).toEqual([[], ['x y a c']])
    await vi.advanceTimersByTimeAsync(1)
    // as if they had just come, in their order
    expect([ended, names(), at(0).isEnded]).toEqual([['a DEADLINE_EXCEEDED'], ['x y a c', 'x y c'], true])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(problems).toEqual([])
  })

  test('alone in such a thread keeps it until somebody else comes', async () => {
    const { run, ended, problems } = createPool(1, 4)
    run('a')(aborted())
    const stop = run('b')
    at(0).begin('b')
    stop(aborted())
    await vi.advanceTimersByTimeAsync(1_000)
    expect([ended, at(0).isEnded]).toEqual([['a ABORTED', 'b ABORTED'], false])
    run('c')
    await vi.advanceTimersByTimeAsync(60_000)
    expect([names(), at(0).isEnded, problems]).toEqual([['a b', 'c'], true, []])
  })

  test('alone in such a thread, which comes back: nothing is lost', async () => {
    const { run, problems } = createPool(1, 4)
    const stop = run('a')
    at(0).begin('a')
    stop(aborted())
    await vi.advanceTimersByTimeAsync(1_000)
    at(0).end('a')
    run('b')
    await vi.advanceTimersByTimeAsync(60_000)
    expect([names(), problems]).toEqual([['a b'], []])
  })

  test('though it was run a second time, alone: its thread is there for others when it comes back', async () => {
    const { run, ended } = createPool(1, 2)
    const stop = run('a')
    at(0).begin('a')
    at(0).emit('exit', 1)
    at(1).begin('a')
    stop(aborted())
    await vi.advanceTimersByTimeAsync(1_000)
    expect(ended).toEqual(['a ABORTED'])
    at(1).end('a')
    run('b')
    expect([names(), ended]).toEqual([['a', 'a b'], ['a ABORTED']])
  })

  test('alone in such a thread, which does not: it is replaced after 10 s', async () => {
    const { run, problems, pool } = createPool(1, 4, { blockedAfterMs: 5, stuckAfterMs: 50 })
    const stop = run('a')
    at(0).begin('a')
    stop(aborted())
    await vi.advanceTimersByTimeAsync(49)
    expect([problems, pool.liveThreads()]).toEqual([[], 1])
    await vi.advanceTimersByTimeAsync(1)
    expect([problems.length, pool.liveThreads()]).toEqual([1, 0])
  })

  test('with another in one thread: each is over once, though the first makes room for somebody', async () => {
    const { pool } = createPool(1, 2)
    const ended: string[] = []
    const stops = ['a', 'b'].map((name) =>
      pool.run(
        createTask(name),
        () => {
          ended.push(name)
          if (name === 'a') pool.run(createTask('c'), () => void ended.push('c'), undefined)
        },
        undefined,
      ),
    )
    at(0).begin('a', 'b')
    for (const stop of stops) stop(aborted())
    await vi.advanceTimersByTimeAsync(1_000)
    at(1).end('b')
    at(1).end('c')
    expect([names(), ended]).toEqual([
      ['a b', 'c'],
      ['a', 'b', 'c'],
    ])
  })
})
