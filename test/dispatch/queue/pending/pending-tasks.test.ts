import { beforeEach, describe, expect, test } from 'vitest'
import {
  createPendingTasks,
  type PendingTask,
  type PendingTasks,
} from '../../../../src/dispatch/queue/pending/pending-tasks.ts'
import { closing, failureOf } from '../../../../src/tasks/failures.ts'
import type { Task, TaskResult } from '../../../../src/tasks/task.ts'

const FAR_MS = 3_600_000
const done: TaskResult = { ok: true, status: 200, contentType: 'x/y', headers: {}, body: new Uint8Array(), etag: '""' }

let settled: [string, string][]
let pendings: PendingTasks
beforeEach(() => {
  settled = []
  pendings = createPendingTasks(({ id }, result) => void settled.push([id, result.ok ? 'ok' : result.code]))
})

const task = (more: Partial<Task> = {}): Task => ({
  name: 'x',
  queue: 'core',
  params: {},
  criticality: 'normal',
  deadlineMs: Date.now() + FAR_MS,
  ...more,
})
const add = (id: string, more: Partial<Task> = {}): PendingTask => pendings.add(id, task(more))

describe('pending tasks', () => {
  test('all who wait for one have its result, and it is told once', async () => {
    const pending = add('a')
    const answers = [1, 2, 3].map(() => pendings.wait(pending, pending.deadlineMs))
    expect([pendings.get('a'), pendings.waiting(), pendings.countOf('core')]).toEqual([pending, 3, 1])
    expect(pendings.settle(pending, done)).toBe(true)
    expect(pendings.settle(pending, failureOf(closing()))).toBe(false)
    expect(await Promise.all(answers)).toEqual([done, done, done])
    expect(settled).toEqual([['a', 'ok']])
    expect([pendings.get('a'), pendings.waiting(), pendings.countOf('core'), pendings.all()]).toEqual([
      undefined,
      0,
      0,
      [],
    ])
  })

  test('who joins makes it as critical and as lasting as is asked for, never less', () => {
    const pending = add('a', { criticality: 'normal', deadlineMs: 100 })
    expect(pendings.join(pending, task({ criticality: 'background', deadlineMs: 50 }))).toEqual({
      isMoreCritical: false,
      isLater: false,
    })
    expect(pendings.join(pending, task({ criticality: 'critical', deadlineMs: 200 }))).toEqual({
      isMoreCritical: true,
      isLater: true,
    })
    expect([pending.task.criticality, pending.deadlineMs]).toEqual(['critical', 200])
  })

  test('one waiter that leaves, or whose deadline passes, is answered alone; the last one settles the task', async () => {
    const pending = add('a')
    const leaving = new AbortController()
    const left = pendings.wait(pending, Date.now() + FAR_MS, leaving.signal)
    const late = pendings.wait(pending, Date.now() - 1)
    expect(await late).toMatchObject({ ok: false, code: 'DEADLINE_EXCEEDED' })
    expect([settled, pendings.get('a')]).toEqual([[], pending])
    leaving.abort()
    expect(await left).toMatchObject({ ok: false, code: 'ABORTED' })
    expect(settled).toEqual([['a', 'ABORTED']])
    expect(pendings.get('a')).toBeUndefined()
  })

  test('a task that came again under the id of one that was settled is another one', () => {
    const first = add('a')
    pendings.settle(first, done)
    const second = add('a')
    expect(pendings.settle(first, done)).toBe(false)
    expect(pendings.get('a')).toBe(second)
  })

  test('for a critical task the least critical that has not begun goes, the latest first', () => {
    add('normal', { criticality: 'normal' })
    add('other queue', { queue: 'volumes', criticality: 'background' })
    const begun = add('begun', { criticality: 'background' })
    begun.isActive = true
    expect(pendings.leastCriticalBelow(task({ criticality: 'critical' }))?.id).toBe('normal')
    add('early', { criticality: 'background' })
    add('late', { criticality: 'background' })
    expect(pendings.leastCriticalBelow(task({ criticality: 'normal' }))?.id).toBe('late')
    expect(pendings.leastCriticalBelow(task({ criticality: 'background' }))).toBeUndefined()
  })
})
