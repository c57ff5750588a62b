/** The threads of a pool: made, started, heard, ended. */
import { describe, expect, test, vi } from 'vitest'
import type { ReplyReceiver } from '../../../../src/dispatch/threads/reply-channel.ts'
import { aborted } from '../../../../src/tasks/failures.ts'
import { at, createPool, names, summary, threads, useFakeThreads } from './parts.ts'

vi.mock('node:worker_threads', async () => ({ Worker: (await import('../fake-worker.ts')).FakeWorker }))
useFakeThreads()

describe('threads', () => {
  test('are made when a task finds none that is idle; the one that has least is sent the next', () => {
    const { run, pool } = createPool(2, 2)
    run('a')
    at(0).end('a')
    run('b')
    expect([names(), pool.liveThreads()]).toEqual([['a b'], 1])
    for (const name of ['c', 'd', 'e', 'f', 'g']) run(name)
    expect(names()).toEqual(['a b d', 'c e'])
    at(1).end('e')
    at(0).end('d')
    expect(names()).toEqual(['a b d g', 'c e f'])
    expect(threads.map(({ entry, options }) => [entry.href, options.name, options.resourceLimits])).toEqual(
      Array(2).fill(['file:///entry.js', 'core', { maxYoungGenerationSizeMb: 8 }]),
    )
  })

  test('can be started before: as many as are wanted, no more than there may be', async () => {
    const { pool } = createPool(3, 2)
    const one = pool.start(1)
    const all = pool.start()
    const more = pool.start(9)
    expect([threads.length, pool.liveThreads()]).toEqual([3, 3])
    for (const [i, thread] of threads.entries())
      thread.reply({ kind: 'started', handlers: [], core: i === 0 ? summary('first') : null })
    expect(await Promise.all([one, all, more])).toEqual(Array(3).fill(summary('first')))
    expect(await createPool(0, 2).pool.start()).toBeNull()
  })

  test('that cannot start say why, or that they have ended', async () => {
    const { pool, problems } = createPool(1, 2)
    const failing = pool.start()
    at(0).reply({ kind: 'failed', message: 'no such folder' })
    await expect(failing).rejects.toMatchObject({ code: 'INTERNAL', message: 'no such folder' })
    const other = createPool(1, 2)
    const ending = other.pool.start()
    at(1).emit('error', new Error('no memory'))
    at(1).emit('exit', 1)
    await expect(ending).rejects.toThrow('A thread of "core" stopped while starting')
    expect([problems, other.problems, other.pool.liveThreads()]).toEqual([
      [],
      ['A thread of "core" died: no memory'],
      0,
    ])
  })

  test('tell what they have read, which version it is, what they hold, and how far they are', async () => {
    const told: unknown[] = []
    const hear = (what: string) => (heard: unknown) => void told.push([what, heard])
    const { pool, run, ended } = createPool(1, 2, {
      onFiles: hear('files'),
      onDataVersion: hear('version'),
      onNotice: hear('notice'),
    })
    run('a', (fraction, doing) => void told.push([fraction, doing]))
    run('b')
    at(0).reply({ kind: 'started', handlers: [], core: null, files: [] })
    at(0).reply({ kind: 'started', handlers: [], core: null })
    at(0).reply({ kind: 'dataVersion', version: 'v' })
    at(0).reply({ kind: 'notice', message: 'half of it' })
    for (const name of ['a', 'b', 'none'])
      at(0).reply({ kind: 'progress', id: at(0).idOf(name), fraction: 0.5, doing: name })
    expect(pool.cacheBytes()).toEqual([{}])
    at(0).reply({ kind: 'caches', bytes: { volumes: 7 } })
    expect(pool.cacheBytes()).toEqual([{ volumes: 7 }])
    expect(told).toEqual([
      ['files', []],
      ['version', 'v'],
      ['notice', 'half of it'],
      [0.5, 'a'],
    ])
    expect(at(0).sent.map((request) => request.kind === 'run' && request.isFollowed)).toEqual([true, false])
    at(0).end('none')
    expect(ended).toEqual([])
  })

  test('answer by the quicker way, too, and are ended when it breaks', async () => {
    const ways: Parameters<ReplyReceiver['open']>[] = []
    const place = { address: 'x' } as ReturnType<ReplyReceiver['open']>
    const { run, ended } = createPool(1, 2, {
      replies: {
        open(...way) {
          ways.push(way)
          return place
        },
        close() {},
      },
    })
    run('a')
    run('b')
    expect(at(0).settings.replies).toBe(place)
    const [onReply, onClose] = ways[0] ?? []
    onReply?.({ id: at(0).idOf('b'), runMs: 1, result: { ok: false, code: 'NOT_FOUND', message: '' } })
    expect(ended).toEqual(['b done'])
    onClose?.()
    await vi.advanceTimersByTimeAsync(0)
    expect([at(0).isEnded, names()]).toEqual([true, ['a b', 'a']])
  })
})

test('closing ends all threads, and who waits is told so', async () => {
  const { pool, run, begin, ended } = createPool(2, 1)
  begin('a', 'b')
  const stop = run('c')
  await pool.close()
  expect(ended.toSorted()).toEqual(['a OVERLOADED', 'b OVERLOADED', 'c OVERLOADED'])
  stop(aborted())
  expect([vi.getTimerCount(), threads.map(({ isEnded }) => isEnded), ended.length]).toEqual([0, [true, true], 3])
})
