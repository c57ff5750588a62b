import { expect, test } from 'vitest'
import { JOB_REFUSED, RESULT_LOST, RESULT_STORED } from '../../../../src/dispatch/queue/job.ts'
import { taskKeyOf } from '../../../../src/dispatch/queue/names.ts'
import { createEndedJobs } from '../../../../src/dispatch/queue/pending/ended-jobs.ts'
import { storeResult } from '../../../../src/dispatch/queue/result.ts'
import { anAnswer } from '../../an-answer.ts'
import { aTask, createParts, scope } from './parts.ts'

const ID = 'core-1'

async function createSent(isReplaced = false) {
  const parts = createParts()
  const { broker, results, fates, pendings, sending, keyOf } = parts
  const notes: string[][] = []
  const refusals = { note: (...told: string[]) => void notes.push(told) }
  const ended = createEndedJobs({ ...fates, isReplaced, pendings, refusals, sendAgain: sending.sendAgain })
  const pending = pendings.add(ID, aTask())
  await sending.send(pending)
  // results are by the clock of their Redis, in whole milliseconds
  pending.sentAtMs -= 10
  /** A worker takes the job, and keeps what it makes or nothing. */
  const runJob = async (text?: string) => {
    if (text !== undefined) await storeResult(results.redis, scope, ID, anAnswer(text))
    await broker.unlink(keyOf(pending))
  }
  return { ...parts, ended, pending, runJob, notes }
}

test('a job that is done has its result collected', async () => {
  const { ended, pending, runJob, settled, sent } = await createSent()
  await runJob('right')
  await ended.onCompleted(pending, 'done')
  expect([settled, sent.length]).toEqual([[[ID, 'right']], 1])
})

test('a failure whose result is stored is collected; others are told as what they are', async () => {
  const stored = await createSent()
  await stored.runJob('a failure')
  await stored.ended.onFailed(stored.pending, `${RESULT_STORED} no such thing`)
  expect(stored.settled).toEqual([[ID, 'a failure']])
  for (const [reason, code] of [
    [`${RESULT_LOST} away`, 'UNAVAILABLE'],
    ['job stalled more than allowable limit', 'INTERNAL'],
    ['Connection is closed.', 'UNAVAILABLE'],
    ['something else', 'INTERNAL'],
  ] as const) {
    const { ended, pending, settled } = await createSent()
    await ended.onFailed(pending, reason)
    expect(settled).toEqual([[ID, code]])
  }
})

test('a task whose worker met a Redis about to be replaced is sent again where another takes over', async () => {
  for (const [isReplaced, reason, told] of [
    [true, `${RESULT_LOST} CLUSTERDOWN The cluster is down`, [0, 2]],
    [true, 'READONLY You cannot write against a read only replica', [0, 2]],
    [true, 'Connection is closed.', [0, 2]],
    [true, `${RESULT_LOST} no such key`, [0, 2]],
    [true, `${RESULT_LOST} OOM command not allowed`, [1, 1]],
    [true, 'OOM command not allowed', [1, 1]],
    [false, 'CLUSTERDOWN The cluster is down', [1, 1]],
  ] as const) {
    const { ended, pending, runJob, settled, sent } = await createSent(isReplaced)
    await runJob()
    await ended.onFailed(pending, reason)
    expect([settled.length, sent.length], reason).toEqual(told)
  }
})

test('what was done without a result here is sent again', async () => {
  const { ended, pending, runJob, sent, settled } = await createSent()
  await runJob()
  await ended.onCompleted(pending, 'done')
  expect([settled, sent.length]).toEqual([[], 2])
})

test('a result that cannot be read is told and counts as none; with its backend away nothing is done', async () => {
  const { ended, pending, runJob, sent, settled, results, notes } = await createSent()
  await runJob()
  results.before = () => Promise.reject(new Error('away'))
  await ended.collect(pending)
  expect([settled, sent.length, notes]).toEqual([[], 1, []])
  results.before = () => {}
  await results.set(taskKeyOf(scope, ID, 'result'), 'no result')
  await ended.collect(pending)
  expect(notes).toEqual([['result', 'unreadable', expect.stringContaining('in the place of the result of echo')]])
  expect([settled, sent.length]).toEqual([[], 2])
})

test('what was settled while its result was read stays so', async () => {
  const { ended, pending, runJob, sent, settled, pendings, results } = await createSent()
  await runJob('late')
  results.before = () => void pendings.settle(pending, anAnswer('early'))
  await ended.collect(pending)
  results.before = () => {}
  await ended.onFailed(pending, `${JOB_REFUSED} it is another`)
  expect([settled, sent.length]).toEqual([[[ID, 'early']], 1])
})

test.each([
  ['refused', 'onFailed', `${JOB_REFUSED} it is another`, 'UNAVAILABLE'],
  ['dropped', 'onCompleted', 'dropped', 'DEADLINE_EXCEEDED'],
] as const)('a job that was %s is sent again, five times in all', async (_, event, told, code) => {
  const { ended, pending, runJob, sent, settled } = await createSent()
  const tell = () => (event === 'onFailed' ? ended.onFailed(pending, told) : ended.onCompleted(pending, told))
  for (let i = 1; i < 5; i++) {
    await runJob()
    await tell()
    expect([sent.length, pending.sends, settled]).toEqual([i + 1, i + 1, []])
  }
  await runJob()
  await tell()
  expect([sent.length, settled]).toEqual([5, [[ID, code]]])
})

test('an event that comes late sends nothing again: the watch has done so, and the task runs', async () => {
  const { ended, pending, runJob, sent, sending } = await createSent()
  await runJob()
  await sending.sendAgain(pending, 'lost')
  await ended.onFailed(pending, `${JOB_REFUSED} it is another`)
  expect([sent.length, pending.sends]).toEqual([2, 2])
})

test('an event that comes so late that the task has been run has the result collected, and the task not run twice', async () => {
  const { ended, pending, runJob, sent, sending, settled } = await createSent()
  await runJob()
  await sending.sendAgain(pending, 'lost')
  pending.sentAtMs -= 10
  await runJob('right')
  await ended.onFailed(pending, `${JOB_REFUSED} it is another`)
  expect([sent.length, settled]).toEqual([2, [[ID, 'right']]])
})

test('who asks while another sends, and the task is run meanwhile, sends nothing', async () => {
  const { ended, pending, runJob, sent, sending, settled, broker } = await createSent()
  await runJob()
  let isFirst = true
  broker.before = async (command) => {
    if (command !== 'pttl' && command !== 'exists') return
    if (!isFirst) return
    isFirst = false
    // asked, answered, and overtaken
    queueMicrotask(async () => {
      await sending.sendAgain(pending, 'lost')
      await runJob('right')
    })
  }
  await ended.onFailed(pending, `${JOB_REFUSED} it is another`)
  expect([sent.length, pending.sends]).toEqual([2, 2])
  expect(settled.length).toBeLessThanOrEqual(1)
})

test('both who find a job gone at a time send it once', async () => {
  const { ended, pending, runJob, sent } = await createSent()
  await runJob()
  const told = `${JOB_REFUSED} it is another`
  await Promise.all([ended.onFailed(pending, told), ended.onFailed(pending, told)])
  expect([sent.length, pending.sends]).toEqual([2, 2])
})

test('a result of before it was sent is none of it', async () => {
  const { ended, pending, runJob, sent, settled } = await createSent()
  await runJob('of before')
  pending.sentAtMs = Date.now() + 60_000
  await ended.onFailed(pending, `${JOB_REFUSED} it is another`)
  expect([sent.length, settled]).toEqual([2, []])
})

test('with the broker away nothing follows from an event: the watch looks again', async () => {
  const { ended, pending, runJob, sent, settled, broker } = await createSent()
  await runJob()
  broker.before = () => Promise.reject(new Error('away'))
  await ended.onFailed(pending, `${JOB_REFUSED} it is another`)
  expect([sent.length, settled]).toEqual([1, []])
})
