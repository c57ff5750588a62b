import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DelayedError, UnrecoverableError, WaitingError } from 'bullmq'
import { describe, expect, test, vi } from 'vitest'
import { loadResult } from '../../../src/dispatch/queue/result.ts'
import { addWaiter } from '../../../src/dispatch/queue/waiters.ts'
import { SiibraError } from '../../../src/siibra/index.ts'
import type { RunOptions } from '../../../src/tasks/dispatcher.ts'
import { failureOf } from '../../../src/tasks/failures.ts'
import type { Task } from '../../../src/tasks/task.ts'
import { anAnswer } from '../../dispatch/an-answer.ts'
import { createRunner, folder, NOW_MS, scope } from './job-runner.ts'

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
