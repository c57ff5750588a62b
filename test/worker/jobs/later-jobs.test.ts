import { describe, expect, test, vi } from 'vitest'
import { cancelState, loadState, storeSentTask } from '../../../src/dispatch/queue/long-tasks/states.ts'
import { loadResult } from '../../../src/dispatch/queue/result.ts'
import { addWaiter, hasWaiter, LATER } from '../../../src/dispatch/queue/waiters.ts'
import { SiibraError } from '../../../src/siibra/index.ts'
import { failureOf } from '../../../src/tasks/failures.ts'
import { LATER_RESULT_BOUNDS } from '../../../src/tasks/long-tasks.ts'
import { keepState } from '../../../src/worker/keep-state.ts'
import { untilTrue } from '../../../src/worker/waiting.ts'
import { anAnswer } from '../../dispatch/an-answer.ts'
import { FakeRedis } from '../../dispatch/fake-redis.ts'
import { createRunner, NOW_MS, scope } from './job-runner.ts'

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
      ['unknown', {}, 'done'],
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
