/** What becomes of the tasks of a thread that dies. */
import { describe, expect, test, vi } from 'vitest'
import { aborted } from '../../../../src/tasks/failures.ts'
import { at, createPool, names, threads, useFakeThreads } from './parts.ts'

vi.mock('node:worker_threads', async () => ({ Worker: (await import('../fake-worker.ts')).FakeWorker }))
useFakeThreads()

describe('a thread that dies', () => {
  test('has what it had begun run once more, each alone; what it had not begun counts as new', () => {
    const { run, begin, ended } = createPool(1, 4)
    begin('a', 'b')
    run('c')
    at(0).emit('exit', 1)
    // c is as good as new; a and b wait for a thread that has nothing else to do
    expect(names()).toEqual(['a b c', 'c'])
    run('d')
    expect(names()).toEqual(['a b c', 'c'])
    at(1).end('c')
    at(1).begin('b')
    expect(names()[1]).toBe('c b')
    at(1).end('b')
    at(1).begin('a')
    expect(names()[1]).toBe('c b a')
    at(1).emit('exit', 1)
    expect(ended).toEqual(['c done', 'b done', 'a INTERNAL'])
    expect(names()[2]).toBe('d')
    at(2).begin('d')
    at(2).emit('exit', 1)
    at(3).end('d')
    run('e')
    run('f')
    expect([names()[3], ended.at(-1)]).toEqual(['d e f', 'd done'])
  })

  test('where there may be others, what was begun goes to one of its own', () => {
    const { begin, run } = createPool(2, 2)
    begin('a', 'b')
    at(0).emit('exit', 1)
    // b computes in the other one
    expect(names()).toEqual(['a', 'b', 'a'])
    for (const name of ['c', 'd']) run(name)
    expect(names()).toEqual(['a', 'b c', 'a'])
    at(2).end('a')
    expect(names()).toEqual(['a', 'b c', 'a d'])
  })

  test('runs nothing again that nobody waits for', () => {
    const { run, ended } = createPool(1, 2)
    const stop = run('a')
    at(0).begin('a')
    stop(aborted())
    at(0).emit('exit', 1)
    expect([ended, threads.length]).toEqual([['a ABORTED'], 1])
  })
})
