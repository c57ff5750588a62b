import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLongTasks, type LongTaskParts } from '../../../../src/dispatch/queue/long-tasks/long-tasks.ts'
import { cancelState, loadState, removeState, storeState } from '../../../../src/dispatch/queue/long-tasks/states.ts'
import { taskKeyOf } from '../../../../src/dispatch/queue/names.ts'
import { hasWaiter } from '../../../../src/dispatch/queue/waiters.ts'
import { queueUnavailable } from '../../../../src/tasks/failures.ts'
import { anAnswer } from '../../an-answer.ts'
import { FakeRedis } from '../../fake-redis.ts'
import { aTask, scope } from '../pending/parts.ts'

vi.mock('node:timers/promises', () => import('../../timed-delay.ts'))

const NOW_MS = 1_700_000_000_000
beforeEach(() => void vi.useFakeTimers({ now: NOW_MS }))
afterEach(() => void vi.useRealTimers())

function create(more: Partial<LongTaskParts> = {}) {
  const [broker, results] = [new FakeRedis(), new FakeRedis()]
  const state = { counts: {} as Record<string, number>, isThere: true, hasWorker: true }
  const sent: { name: string; data: unknown; options: Record<string, unknown> }[] = []
  const noted: unknown[][] = []
  const queue = {
    getJobCounts: async (...kinds: string[]) =>
      Object.fromEntries(Object.entries(state.counts).filter(([kind]) => kinds.includes(kind))),
    toKey: (id: string) => `job:${id}`,
    async add(name: string, data: unknown, options: Record<string, unknown>) {
      sent.push({ name, data, options })
      await broker.set(`job:${options.jobId}`, 'waits')
    },
  }
  const tasks = createLongTasks({
    broker: broker.redis,
    results: results.redis,
    scope,
    folderMarker: undefined,
    maxWaiting: 5,
    roster: { hasWorker: async () => state.hasWorker },
    // of the queue only these three are used
    queueFor: () => queue as unknown as ReturnType<LongTaskParts['queueFor']>,
    isBrokerThere: async () => state.isThere,
    refusals: { note: (...all) => void noted.push(all) },
    unavailable: (thrown) => queueUnavailable(thrown ? `${thrown}` : 'away'),
    isRefusal: (thrown) => /OOM/.test(`${thrown}`),
    failoverWithinMs: 0,
    ...more,
  })
  const task = aTask({ name: 'bundle', queue: 'compounds', deadlineMs: NOW_MS + 60_000 })
  const submit = async (given = task) => {
    const answer = await tasks.submit(given)
    return 'id' in answer ? answer.id : answer.code
  }
  const stateOf = (id: string) => loadState(results.redis, scope, id)
  const set = (id: string, to: Parameters<typeof storeState>[3]) => storeState(results.redis, scope, id, to)
  /** How often the task was sent, after somebody asked for it again in so many ms. */
  const look = async (id: string, afterMs: number) => {
    vi.setSystemTime(Date.now() + afterMs)
    await tasks.inspect(id)
    return sent.length
  }
  return { broker, results, state, sent, noted, tasks, task, submit, stateOf, set, look }
}

describe('a task that is sent', () => {
  test('waits under its id, as a job that somebody waits for', async () => {
    const { submit, sent, task, stateOf, broker } = create({ folderMarker: 'marker' })
    const id = await submit()
    expect(id).toMatch(/^compounds-/)
    expect(sent).toEqual([
      {
        name: 'bundle',
        data: { task, isLong: true, folderMarker: 'marker' },
        options: { jobId: id, priority: 1, removeOnComplete: true, removeOnFail: true },
      },
    ])
    expect(await stateOf(id)).toEqual({ status: 'PENDING', fraction: 0, doing: 'waiting for a worker' })
    expect(await hasWaiter(broker.redis, scope, id)).toBe(true)
    const volumes = create()
    await volumes.submit({ ...volumes.task, queue: 'volumes' })
    expect(volumes.sent[0]?.data).toEqual({ task: { ...volumes.task, queue: 'volumes', isHeavy: true }, isLong: true })
  })

  test('is another than the same that somebody waits for, and the same as the next like it', async () => {
    const { submit, sent, task } = create()
    const id = await submit()
    expect([await submit(), sent.length]).toEqual([id, 1])
    expect(await submit({ ...task, params: { a: 1 } })).not.toBe(id)
  })

  test('is refused where no worker takes it, or as many wait as may', async () => {
    const { submit, sent, state } = create()
    state.hasWorker = false
    expect(await submit()).toBe('UNAVAILABLE')
    state.hasWorker = true
    state.counts = { wait: 2, prioritized: 3, active: 100 }
    expect([await submit(), sent]).toEqual(['OVERLOADED', []])
    state.counts = { wait: 2, prioritized: 2 }
    expect(await submit()).toMatch(/^compounds-/)
  })
})

describe('a task that was sent before', () => {
  const good = { status: 'SUCCESS', result: anAnswer('file') } as const
  test.each<[string, Parameters<typeof storeState>[3], number]>([
    ['is under way', { status: 'STARTED', fraction: 0.5 }, 1],
    ['has ended well', good, 1],
    ['has failed', { status: 'FAILURE' }, 2],
    ['has failed with a result', { status: 'FAILURE', result: good.result }, 2],
    ['has no result', { status: 'SUCCESS' }, 2],
    ['has an error', { status: 'SUCCESS', result: { ok: false, code: 'NOT_FOUND', message: '' } }, 2],
    ['lacks parts', { status: 'SUCCESS', result: anAnswer('file', { headers: { 'x-siibra-gaps': 'sources' } }) }, 2],
    [
      'lacks what there is not',
      { status: 'SUCCESS', result: anAnswer('file', { headers: { 'x-siibra-gaps': 'x' } }) },
      1,
    ],
  ])('and %s is sent so often in all: %#', async (_, state, times) => {
    const { submit, set, sent, broker } = create()
    const id = await submit()
    await set(id, state)
    if (state.status !== 'STARTED') await broker.unlink(`job:${id}`)
    expect([await submit(), sent.length]).toEqual([id, times])
  })

  test('and lacks parts keeps what it has for who fetches it; of one that failed nothing is left', async () => {
    const { submit, set, results, tasks } = create()
    const id = await submit()
    const hasResult = async () => (await results.hget(taskKeyOf(scope, id, 'task'), 'result')) !== null
    await set(id, { status: 'SUCCESS', result: anAnswer('file', { headers: { 'x-siibra-gaps': 'sources' } }) })
    await submit()
    expect([await hasResult(), (await tasks.inspect(id))?.status]).toEqual([true, 'PENDING'])
    await set(id, { status: 'FAILURE', result: anAnswer('file') })
    await submit()
    expect([await hasResult(), (await tasks.inspect(id))?.status]).toEqual([false, 'PENDING'])
  })
})

describe('a job that the broker does not know', () => {
  test('is sent again when somebody looks two seconds later, not before, and not while it is there', async () => {
    const { submit, look, broker, sent, task } = create()
    const id = await submit()
    expect(await look(id, 9_000)).toBe(1)
    await broker.unlink(`job:${id}`)
    expect([await look(id, 1), await look(id, 1_999), await look(id, 1)]).toEqual([1, 1, 2])
    expect(sent[1]).toMatchObject({ data: { task, isLong: true }, options: { jobId: id } })
    await broker.unlink(`job:${id}`)
    // it is lost anew
    expect([await look(id, 9_000), await look(id, 1_000)]).toEqual([2, 2])
    await broker.set(`job:${id}`, 'runs')
    expect(await look(id, 9_000)).toBe(2)
    await broker.unlink(`job:${id}`)
    expect([await look(id, 9_000), await look(id, 1_999)]).toEqual([2, 2])
    await submit()
    expect(sent.length).toBe(2)
    vi.setSystemTime(Date.now() + 1)
    await submit()
    expect(sent.length).toBe(3)
  })

  test('is left where its task is over, or how it was sent is not known', async () => {
    const { submit, look, broker, set, results } = create()
    const id = await submit()
    await broker.unlink(`job:${id}`)
    for (const status of ['SUCCESS', 'FAILURE'] as const) {
      await set(id, { status })
      expect([await look(id, 9_000), await look(id, 9_000)]).toEqual([1, 1])
    }
    await set(id, { status: 'STARTED' })
    await results.hset(taskKeyOf(scope, id, 'task'), 'job', 'no JSON')
    expect([await look(id, 9_000), await look(id, 9_000)]).toEqual([1, 1])
    await results.hdel(taskKeyOf(scope, id, 'task'), 'job')
    expect([await look(id, 9_000), await look(id, 9_000)]).toEqual([1, 1])
  })
})

test('a task that is cancelled or forgotten is unknown', async () => {
  const { submit, tasks, broker, results } = create()
  const id = await submit()
  expect(await tasks.cancel('compounds-none')).toBe(false)
  expect(await tasks.cancel(id)).toBe(true)
  expect([await tasks.inspect(id), await tasks.cancel(id), await hasWaiter(broker.redis, scope, id)]).toEqual([
    undefined,
    false,
    false,
  ])
  expect(results.has(taskKeyOf(scope, id, 'task'))).toBe(true)
  await tasks.forget(id)
  expect([results.has(taskKeyOf(scope, id, 'task')), await tasks.openFile(id)]).toEqual([false, undefined])
})

test('what is no state is told and not used; another fault is one', async () => {
  const { submit, tasks, results, noted } = create()
  const id = await submit()
  await results.hset(taskKeyOf(scope, id, 'task'), 'status', 'DONE')
  expect(await tasks.inspect(id)).toBeUndefined()
  expect(noted).toEqual([
    ['state', 'unreadable', `What is known of the task ${id} is not used: it is the state of no task`],
  ])
  results.before = () => Promise.reject(new Error('closed'))
  await expect(tasks.inspect(id)).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'Error: closed' })
  expect(noted.length).toBe(1)
})

describe('where nothing takes over', () => {
  test('a broker that is away is told at once, and a fault, too', async () => {
    const { tasks, state, submit, results } = create()
    state.isThere = false
    await expect(tasks.inspect('compounds-x')).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'away' })
    expect(await submit()).toBe('UNAVAILABLE')
    state.isThere = true
    results.before = () => Promise.reject(new Error('closed'))
    expect(await submit()).toBe('UNAVAILABLE')
  })

  test('a state that is lost is lost', async () => {
    const { submit, results, tasks } = create()
    const id = await submit()
    await removeState(results.redis, scope, id)
    expect(await tasks.inspect(id)).toBeUndefined()
  })
})

describe('where another Redis takes over', () => {
  const replaced = () => create({ failoverWithinMs: 10_000 })

  test('a question is asked again for so long; one that is refused is not', async () => {
    const { tasks, results } = replaced()
    let asked = 0
    let code = ''
    const answer = () => {
      asked = 0
      code = ''
      tasks.openFile('compounds-x').then(
        () => {
          code = 'answered'
        },
        (thrown) => {
          code = thrown.code
        },
      )
    }
    const failWith = (message: string) => {
      results.before = () => {
        asked++
        return Promise.reject(new Error(message))
      }
    }
    failWith('closed')
    answer()
    await vi.advanceTimersByTimeAsync(9_999)
    expect([asked, code]).toEqual([100, ''])
    await vi.advanceTimersByTimeAsync(1)
    expect([asked, code]).toEqual([101, 'UNAVAILABLE'])
    failWith('OOM')
    answer()
    await vi.advanceTimersByTimeAsync(0)
    expect([asked, code]).toEqual([1, 'UNAVAILABLE'])
    failWith('closed')
    answer()
    await vi.advanceTimersByTimeAsync(250)
    results.before = () => {}
    await vi.advanceTimersByTimeAsync(50)
    expect([asked, code]).toEqual([3, 'answered'])
  })

  test('what was sent in the last half minute is known again, unless it was cancelled', async () => {
    const { submit, results, tasks, task } = replaced()
    const id = await submit()
    await removeState(results.redis, scope, id)
    expect((await tasks.inspect(id))?.status).toBe('PENDING')
    await cancelState(results.redis, scope, id)
    expect(await tasks.inspect(id)).toBeUndefined()
    await removeState(results.redis, scope, id)
    await vi.advanceTimersByTimeAsync(29_999)
    expect((await tasks.inspect(id))?.status).toBe('PENDING')
    await removeState(results.redis, scope, id)
    await vi.advanceTimersByTimeAsync(1)
    expect(await tasks.inspect(id)).toBeUndefined()
    const other = await submit({ ...task, params: { a: 1 } })
    await tasks.cancel(other)
    await removeState(results.redis, scope, other)
    expect(await tasks.inspect(other)).toBeUndefined()
  })
})
