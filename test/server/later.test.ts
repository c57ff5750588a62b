import { describe, expect, test } from 'vitest'
import { toRecord } from '../../src/server/http/reply.ts'
import { createLater, prefersLater } from '../../src/server/later.ts'
import type { LaterTasks, LongTaskState } from '../../src/tasks/long-tasks.ts'
import type { Task } from '../../src/tasks/task.ts'
import { errorOf } from './fake-app.ts'
import { routeOf } from './route-of.ts'

const task: Task = { name: 't', queue: 'core', params: {}, criticality: 'normal', deadlineMs: 0 }
const states: Record<string, LongTaskState> = {
  waits: { status: 'PENDING', fraction: 0, doing: '' },
  runs: { status: 'STARTED', fraction: 0.256, doing: 'it' },
  done: {
    status: 'SUCCESS',
    fraction: 1,
    doing: '',
    result: { ok: true, status: 200, contentType: 'text/csv', headers: {}, etag: '"e"', body: Buffer.from('a,b') },
  },
  failed: {
    status: 'FAILURE',
    fraction: 0.5,
    doing: '',
    result: { ok: false, code: 'NOT_FOUND', message: 'It is not there', details: {} },
  },
}
const submitted: Task[] = []
const tasks: LaterTasks = {
  async submit(one) {
    submitted.push(one)
    return one.name === 't' ? { id: 'new' } : { ok: false, code: 'OVERLOADED', message: 'Too many', details: {} }
  },
  inspect: async (id) => states[id],
  cancel: async (id) => id in states,
}
const { send, routes } = createLater(tasks)

async function ask(name: string, id: string, prefix = '') {
  const request = {
    method: 'GET',
    url: '/',
    headers: {},
    prefix,
    isInner: false,
    cacheOutcome: 'none' as const,
    onGone: () => () => {},
  }
  const answer = await routes[name]?.({ request, route: routeOf(), params: { task_id: id }, ofUrl: [] })
  return { status: answer?.status, body: String(answer?.body), headers: toRecord(answer?.headers ?? []) }
}

describe('a task whose answer is fetched later', () => {
  test('is sent with a token and an hour of its own; the answer says where it is', async () => {
    const { status, headers, body } = await send(task, undefined, '/atlas')
    expect([status, JSON.parse(String(body))]).toEqual([
      202,
      { task_id: 'new', status: 'PENDING', progress: 0, doing: '', result: null, detail: null },
    ])
    expect(toRecord(headers)).toMatchObject({
      location: '/atlas/v3_0/tasks/new',
      'preference-applied': 'respond-async',
    })
    const [sent] = submitted
    expect(sent?.token).toMatch(/^[\da-f-]{36}$/)
    expect(Math.abs((sent?.deadlineMs ?? 0) - Date.now() - 3_600_000)).toBeLessThan(60_000)
    expect(await send({ ...task, name: 'other' })).toMatchObject({ status: 503 })
  })

  test.each([
    ['waits', 'PENDING', 0, null, null, '1'],
    ['runs', 'STARTED', 26, null, null, '1'],
    ['done', 'SUCCESS', 100, '/atlas/v3_0/tasks/done/result', null, undefined],
    ['failed', 'FAILURE', 50, null, 'It is not there', undefined],
  ])('tells of itself: %s', async (id, status, progress, result, detail, retryAfter) => {
    const { body, headers } = await ask('get_task', id, '/atlas')
    expect(JSON.parse(body)).toMatchObject({ task_id: id, status, progress, result, detail })
    expect(headers['retry-after']).toBe(retryAfter)
  })

  test('has a result where it has ended', async () => {
    const done = await ask('get_task_result', 'done')
    expect([done.status, done.body, done.headers['cache-control']]).toEqual([200, 'a,b', 'no-store'])
    const runs = await ask('get_task_result', 'runs')
    expect([runs.status, runs.headers['retry-after']]).toEqual([404, '1'])
    expect(errorOf(runs.body).detail).toBe('The task runs has not ended yet')
    const failed = await ask('get_task_result', 'failed')
    expect([failed.status, errorOf(failed.body).detail]).toEqual([404, 'It is not there'])
  })

  test('is ended, and known while it is', async () => {
    expect(await ask('delete_task', 'runs')).toMatchObject({ status: 204, body: 'undefined' })
    for (const name of Object.keys(routes)) {
      const { status, body } = await ask(name, 'nobody')
      expect([status, errorOf(body).detail]).toEqual([404, 'There is no task nobody'])
    }
  })
})

test.each([
  [undefined, false],
  ['respond-async', true],
  ['wait=5, Respond-Async', true],
  ['respond-async; wait=5', true],
  ['respond-asynchronously', false],
  ['no-respond-async', false],
])('who prefers %s waits for it later: %s', (prefer, isLater) => {
  expect(prefersLater({ headers: prefer === undefined ? {} : { prefer } })).toBe(isLater)
})
