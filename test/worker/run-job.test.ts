import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { TaskJob } from '../../src/dispatch/queue/job.ts'
import { cancelState, loadState, storeSentTask } from '../../src/dispatch/queue/long-tasks/states.ts'
import { queueKey, taskId } from '../../src/dispatch/queue/names.ts'
import { loadResult } from '../../src/dispatch/queue/result.ts'
import { addWaiter, hasWaiter, LATER } from '../../src/dispatch/queue/waiters.ts'
import { SiibraError } from '../../src/siibra/index.ts'
import type { RunOptions } from '../../src/tasks/dispatcher.ts'
import { failureOf } from '../../src/tasks/failures.ts'
import { LATER_RESULT_BOUNDS } from '../../src/tasks/long-tasks.ts'
import type { Task, TaskResult } from '../../src/tasks/task.ts'
import { keepState } from '../../src/worker/keep-state.ts'
import { createJobRunner, type Running } from '../../src/worker/run-job.ts'
import { untilTrue, withinMs } from '../../src/worker/waiting.ts'
import { anAnswer } from '../dispatch/an-answer.ts'
import { FakeRedis } from '../dispatch/fake-redis.ts'

const scope = { version: '1.2.3', namespace: 'test' }
const NOW_MS = 1_700_000_000_000
let folder: string
beforeEach(async () => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date', 'performance'] })
  folder = await mkdtemp(join(tmpdir(), 'siibra-api-run-job-'))
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(folder, { recursive: true })
})

/** A worker's runner with Redis in memory. */
function createRunner(
  run: (task: Task, options: RunOptions) => TaskResult | Promise<TaskResult> = () => anAnswer('done'),
) {
  const [broker, results] = [new FakeRedis(), new FakeRedis()]
  const state = { isHandingBack: false }
  const ran: Task[] = []
  const told: unknown[][] = []
  const problems: string[] = []
  const running = new Map<string, Running>()
  const active: Record<string, number> = {}
  const runner = createJobRunner(
    {
      brokerUrl: '',
      resultUrl: '',
      scope,
      threads: { core: 1 },
      sharedDir: folder,
      executor: {
        run: async (task: Task, options: RunOptions = {}) => {
          ran.push(task)
          return run(task, options)
        },
        status: () => Promise.reject(new Error('not asked')),
        close: async () => {},
      },
      onTask: (name, queue, result, elapsedMs) =>
        void told.push([name, queue, result === 'dropped' ? result : result.ok, elapsedMs]),
      onProblem: (message) => void problems.push(message),
    },
    { broker: broker.redis, results: results.redis, running, active, isHandingBack: () => state.isHandingBack },
  )
  const moved: string[] = []
  const progress: unknown[] = []
  const jobOf = (task: Partial<Task> = {}, data: Partial<TaskJob> = {}, more: object = {}) => {
    const whole: Task = {
      name: 'echo',
      queue: 'core',
      params: {},
      criticality: 'normal',
      deadlineMs: NOW_MS + 60_000,
      ...task,
    }
    // of a job only these are used
    return {
      id: taskId(data.isLong ? { ...whole, name: `long ${whole.name}` } : whole),
      name: whole.name,
      data: { task: whole, ...data },
      timestamp: NOW_MS,
      attemptsStarted: 1,
      stalledCounter: 0,
      moveToDelayed: async (at: number, token: string) => void moved.push(`delayed ${at - NOW_MS} ${token}`),
      moveToWait: async (token: string) => void moved.push(`waits ${token}`),
      updateProgress: async (told: unknown) => void progress.push(told),
      ...more,
    } as unknown as Job<TaskJob> & { id: string }
  }
  const take = (job: Job<TaskJob>) => runner.take('core', job, 'token')
  return { broker, results, state, ran, told, problems, running, active, runner, moved, progress, jobOf, take }
}

describe('a job', () => {
  test('has its result kept with what it waited, and is told of; while it runs it is counted', async () => {
    let during: unknown[] = []
    const parts = createRunner((_, { signal }) => {
      during = [parts.active.core, [...parts.running.values()].map(({ unawaited }) => unawaited), signal?.aborted]
      vi.setSystemTime(NOW_MS + 7)
      return anAnswer('done', { timing: { waitMs: 3, runMs: 5 } })
    })
    const job = parts.jobOf({}, {}, { timestamp: NOW_MS - 20 })
    expect(await parts.take(job)).toBe('done')
    expect(during).toEqual([1, [0], false])
    expect(await loadResult(parts.results.redis, scope, job.id)).toMatchObject({
      ok: true,
      timing: { waitMs: 23, runMs: 5 },
    })
    expect(parts.told).toEqual([['echo', 'core', true, 7]])
    expect([parts.active.core, parts.running.size, parts.ran[0]?.deadlineMs]).toEqual([0, 0, NOW_MS + 600_000])
  })

  test('without times of its own has what it waited, never less than nothing', async () => {
    const { take, jobOf, results } = createRunner()
    const late = jobOf({}, {}, { timestamp: NOW_MS - 20 })
    await take(late)
    expect(await loadResult(results.redis, scope, late.id)).toMatchObject({ timing: { waitMs: 20, runMs: 0 } })
    const early = jobOf({ params: { a: 1 } }, {}, { timestamp: NOW_MS + 20 })
    await take(early)
    expect(await loadResult(results.redis, scope, early.id)).toMatchObject({ timing: { waitMs: 0, runMs: 0 } })
  })

  test.each([
    ['fresh', {}, {}, true],
    ['nearly 50 ms old', {}, { timestamp: NOW_MS - 49 }, true],
    ['50 ms old', {}, { timestamp: NOW_MS - 50 }, false],
    ['begun before', {}, { attemptsStarted: 2 }, false],
    ['not begun yet', {}, { attemptsStarted: 0 }, true],
    ['beyond its deadline', { deadlineMs: NOW_MS }, {}, false],
  ])('that is %s and nobody waits for: %#', async (_, task, more, isRun) => {
    const { take, jobOf, told, ran, active } = createRunner()
    expect(await take(jobOf(task, {}, more))).toBe(isRun ? 'done' : 'dropped')
    expect([ran.length, told]).toEqual(isRun ? [1, [['echo', 'core', true, 0]]] : [0, [['echo', 'core', 'dropped', 0]]])
    expect(active.core ?? 0).toBe(0)
  })

  test('that is old is run where somebody waits for it', async () => {
    const { take, jobOf, broker } = createRunner()
    const job = jobOf({}, {}, { timestamp: NOW_MS - 9_000 })
    await addWaiter(broker.redis, scope, job.id, 'a server', NOW_MS + 1)
    expect(await take(job)).toBe('done')
  })

  test('that is none is refused: counted, told, and nothing is written', async () => {
    const { take, jobOf, problems, runner, results, ran } = createRunner()
    await expect(take(jobOf({}, {}, { id: 'core-other' }))).rejects.toThrow(/^job refused: /)
    await expect(take(jobOf({ criticality: 'soon' as 'normal' }))).rejects.toThrow(UnrecoverableError)
    expect(runner.refusedJobs).toMatchObject({ other_task: 1, malformed: 1, body: 0 })
    expect(problems[0]).toBe('The job core-other is not run (other_task): its id is that of another task')
    expect([ran, results.values.size]).toEqual([[], 0])
  })

  test('of a route that there is not is answered, counted and told', async () => {
    const refused = failureOf(new SiibraError('NOT_FOUND', 'no such task', { refused: 'unknown_task' }))
    const { take, jobOf, problems, runner } = createRunner(() => refused)
    expect(await take(jobOf())).toBe('done')
    expect(runner.refusedJobs.unknown_task).toBe(1)
    expect(problems).toEqual([expect.stringContaining('(unknown_task): no such task')])
  })

  test('whose result is an error of ours fails with it stored; other failures are done', async () => {
    const internal = createRunner(() => failureOf(new SiibraError('INTERNAL', 'oh')))
    const job = internal.jobOf()
    await expect(internal.take(job)).rejects.toThrow('result stored: oh')
    expect(await loadResult(internal.results.redis, scope, job.id)).toMatchObject({ code: 'INTERNAL' })
    const other = createRunner(() => failureOf(new SiibraError('NOT_FOUND', 'oh')))
    expect(await other.take(other.jobOf())).toBe('done')
  })

  test('whose result cannot be stored fails, and is tried no more', async () => {
    const { take, jobOf, results, running } = createRunner()
    results.before = () => Promise.reject(new Error('OOM'))
    const failed = await take(jobOf()).catch((thrown) => thrown)
    expect(failed).toBeInstanceOf(UnrecoverableError)
    expect([failed.message, running.size]).toEqual(['result not stored: OOM', 0])
  })

  test('tells its progress in order where somebody listens, and not otherwise', async () => {
    const run = (_: Task, { onProgress }: RunOptions) => {
      onProgress?.(0.25, 'a')
      onProgress?.(0.5, 'b')
      return anAnswer('done')
    }
    const heard = createRunner(run)
    await heard.take(heard.jobOf({}, { tellsProgress: true }))
    expect(heard.progress).toEqual([
      [0.25, 'a'],
      [0.5, 'b'],
    ])
    const unheard = createRunner(run)
    await unheard.take(unheard.jobOf())
    expect(unheard.progress).toEqual([])
  })
})

describe('what is given up', () => {
  const untilGivenUp = (parts: () => ReturnType<typeof createRunner>) => () => {
    for (const { controller } of parts().running.values()) controller.abort()
    return anAnswer('late')
  }
  test('is dropped where nobody waits, with its file', async () => {
    await writeFile(join(folder, 'siibra-api-answer-1'), 'x')
    const parts: ReturnType<typeof createRunner> = createRunner(() => {
      untilGivenUp(() => parts)()
      return anAnswer('', { file: { name: 'siibra-api-answer-1', bytes: 1 } })
    })
    expect(await parts.take(parts.jobOf())).toBe('dropped')
    expect([parts.told, parts.moved, parts.results.values.size]).toEqual([[['echo', 'core', 'dropped', 0]], [], 0])
    expect(await readdir(folder)).toEqual([])
  })

  test('goes back to the queue where the worker closes, and its body stays', async () => {
    await writeFile(join(folder, 'siibra-api-body-1'), 'x')
    const parts: ReturnType<typeof createRunner> = createRunner(untilGivenUp(() => parts))
    parts.state.isHandingBack = true
    const body = {
      mediaType: 'a/b',
      sha256: 'a'.repeat(64),
      bytes: 1,
      place: { kind: 'file', name: 'siibra-api-body-1' },
    } as const
    await expect(parts.take(parts.jobOf({ body }))).rejects.toThrow(WaitingError)
    expect([parts.moved, parts.told, await readdir(folder)]).toEqual([['waits token'], [], ['siibra-api-body-1']])
    // what has its answer is done even then
    const done = createRunner()
    done.state.isHandingBack = true
    expect(await done.take(done.jobOf({ body }))).toBe('done')
    expect(await readdir(folder)).toEqual([])
  })
})

describe('a job whose worker died', () => {
  test('runs alone: another one comes later, fresh ones run beside', async () => {
    let end = () => {}
    const { take, jobOf, moved, ran } = createRunner(({ params }) =>
      params.a === 1 ? new Promise((resolve) => (end = () => resolve(anAnswer('')))) : anAnswer(''),
    )
    const stalled = { stalledCounter: 1 }
    const first = take(jobOf({ params: { a: 1 } }, {}, stalled))
    while (ran.length === 0) await new Promise(setImmediate)
    await expect(take(jobOf({ params: { a: 2 } }, {}, stalled))).rejects.toThrow(DelayedError)
    expect(moved).toEqual(['delayed 500 token'])
    expect(await take(jobOf({ params: { a: 3 } }))).toBe('done')
    end()
    expect(await first).toBe('done')
    expect(await take(jobOf({ params: { a: 2 } }, {}, stalled))).toBe('done')
  })
})

describe('a task that is asked for later', () => {
  test('has its state kept, and is waited for no more', async () => {
    const parts: ReturnType<typeof createRunner> = createRunner(() => anAnswer('done'))
    const job = parts.jobOf({}, { isLong: true })
    await addWaiter(parts.broker.redis, scope, job.id, LATER, NOW_MS + 60_000)
    expect(await parts.take(job)).toBe('done')
    expect(await loadState(parts.results.redis, scope, job.id)).toMatchObject({
      status: 'SUCCESS',
      fraction: 1,
      doing: '',
    })
    expect(await hasWaiter(parts.broker.redis, scope, job.id)).toBe(false)
    expect(await loadResult(parts.results.redis, scope, job.id)).toBeUndefined()
  })

  test('is run although the broker knows of nobody who waits, unless it was cancelled or its time has passed', async () => {
    for (const [fate, task, outcome] of [
      ['sent', {}, 'done'],
      ['cancelled', {}, 'dropped'],
      ['unknown', {}, 'dropped'],
      ['sent', { deadlineMs: NOW_MS - 1 }, 'dropped'],
    ] as const) {
      const { take, jobOf, results } = createRunner(() => anAnswer('done'))
      // begun by another worker before: it is no fresh one
      const job = jobOf(task, { isLong: true }, { attemptsStarted: 2 })
      if (fate !== 'unknown') await storeSentTask(results.redis, scope, job.id, job.data)
      if (fate === 'cancelled') await cancelState(results.redis, scope, job.id)
      expect(await take(job), fate).toBe(outcome)
    }
  })

  test('that nobody wants any more has failed', async () => {
    const { take, jobOf, results } = createRunner()
    const job = jobOf({ deadlineMs: NOW_MS - 1 }, { isLong: true })
    expect(await take(job)).toBe('dropped')
    expect(await loadState(results.redis, scope, job.id)).toMatchObject({
      status: 'FAILURE',
      result: { code: 'DEADLINE_EXCEEDED' },
    })
  })

  test('has a result that is kept among others, or is told that it is too large', async () => {
    const large = createRunner(() => anAnswer('', { body: { byteLength: LATER_RESULT_BOUNDS.maxBytes + 1 } }))
    const job = large.jobOf({ token: 'later' })
    await large.take(job)
    expect(await loadResult(large.results.redis, scope, job.id)).toMatchObject({ ok: false, code: 'OVERLOADED' })
    const unasked = createRunner()
    await unasked.take(unasked.jobOf())
    expect(unasked.results.asked).toEqual(['set'])
    const failed = createRunner(() => failureOf(new SiibraError('NOT_FOUND', 'no')))
    await failed.take(failed.jobOf({ token: 'later' }))
    expect(failed.results.asked).toEqual(['set'])
    const kept = createRunner()
    await kept.take(kept.jobOf({ token: 'later' }))
    expect(kept.results.asked).toContain('zadd')
  })

  test('writes its progress every 250 ms at most, and its end always', async () => {
    const results = new FakeRedis()
    const states = keepState(results.redis, scope, 'core-1')
    const written = async () => (await loadState(results.redis, scope, 'core-1'))?.fraction
    states.progress(0.1, 'a')
    await untilTrue(() => results.values.size > 0, 1000)
    vi.setSystemTime(NOW_MS + 249)
    states.progress(0.2, 'b')
    await new Promise(setImmediate)
    expect(await written()).toBe(0.1)
    vi.setSystemTime(NOW_MS + 250)
    states.progress(0.3, 'c')
    await new Promise(setImmediate)
    expect(await loadState(results.redis, scope, 'core-1')).toEqual({ status: 'STARTED', fraction: 0.3, doing: 'c' })
    await states.end(failureOf(new SiibraError('NOT_FOUND', 'no')))
    expect(await loadState(results.redis, scope, 'core-1')).toMatchObject({
      status: 'FAILURE',
      fraction: 0.3,
      doing: '',
    })
  })
})

describe('the body of a task', () => {
  const sent = Buffer.from('sent')
  const sha256 = createHash('sha256').update(sent).digest('hex')
  const bodyAt = (place: object) => ({ mediaType: 'a/b', sha256, bytes: 4, place }) as Task['body']
  const key = queueKey(scope, 'core', 'body', 'siibra-api-body-1')

  test('in the result backend is brought to the folder, for this user alone, and gone in the end', async () => {
    const seen: unknown[] = []
    const { take, jobOf, results } = createRunner(async ({ body }) => {
      const name = body?.place.kind === 'file' ? body.place.name : ''
      seen.push(name, `${await readFile(join(folder, name))}`, (await stat(join(folder, name))).mode & 0o777)
      return anAnswer('done')
    })
    await results.set(key, sent)
    expect(await take(jobOf({ body: bodyAt({ kind: 'results', id: 'siibra-api-body-1' }) }))).toBe('done')
    expect(seen).toEqual([expect.stringMatching(/^siibra-api-body-/), 'sent', 0o600])
    expect([await readdir(folder), results.has(key)]).toEqual([[], false])
  })

  test('that is gone is a failure of the task; another one is refused', async () => {
    const gone = createRunner()
    const job = gone.jobOf({ body: bodyAt({ kind: 'results', id: 'siibra-api-body-1' }) })
    expect(await gone.take(job)).toBe('done')
    expect(await loadResult(gone.results.redis, scope, job.id)).toMatchObject({ code: 'UNAVAILABLE' })
    const other = createRunner()
    await other.results.set(key, 'send')
    await expect(other.take(job)).rejects.toThrow('job refused')
    expect([other.runner.refusedJobs.body, other.ran, await readdir(folder)]).toEqual([1, [], []])
  })

  test('goes with a task that nobody wants any more', async () => {
    const { take, jobOf, results } = createRunner()
    await results.set(key, sent)
    const more = { deadlineMs: NOW_MS - 1, body: bodyAt({ kind: 'results', id: 'siibra-api-body-1' }) }
    expect(await take(jobOf(more))).toBe('dropped')
    expect(results.has(key)).toBe(false)
  })
})

describe('waiting', () => {
  test('looks until it is so, or its time is over', async () => {
    let looked = 0
    await untilTrue(() => ++looked >= 3, 60_000)
    expect(looked).toBe(3)
    looked = 0
    await untilTrue(() => {
      looked++
      return false
    }, 0)
    expect(looked).toBe(1)
  })

  test('gives what is done in time, its failure, or says that it was not', async () => {
    expect(await withinMs(Promise.resolve(7), 60_000)).toBe(7)
    await expect(withinMs(Promise.reject(new Error('no')), 60_000)).rejects.toThrow('no')
    await expect(withinMs(new Promise(() => {}), 1)).rejects.toThrow('not done within 1 ms')
  })
})
