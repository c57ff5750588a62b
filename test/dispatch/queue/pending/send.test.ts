import { expect, test } from 'vitest'
import { createBrokerQueues } from '../../../../src/dispatch/queue/broker-queues.ts'
import { taskKeyOf } from '../../../../src/dispatch/queue/names.ts'
import { MAX_SENDS } from '../../../../src/dispatch/queue/pending/send.ts'
import { anAnswer } from '../../an-answer.ts'
import { FakeRedis } from '../../fake-redis.ts'
import { aTask, createParts, scope } from './parts.ts'

test('it listens, says that this server waits, and adds a job that its end removes', async () => {
  const { sending, pendings, sent, listened, broker } = createParts({ folderMarker: 'marker' })
  const pending = pendings.add('core-1', aTask({ criticality: 'critical' }))
  await sending.send(pending)
  expect(listened).toEqual(['queue'])
  expect(sent).toEqual([
    {
      id: 'core-1',
      data: { task: { ...pending.task, deadlineMs: expect.closeTo(pending.deadlineMs, -3) } },
      options: {
        jobId: 'core-1',
        timestamp: expect.any(Number),
        priority: 0,
        removeOnComplete: true,
        removeOnFail: true,
      },
    },
  ])
  expect(Object.fromEntries(broker.values.get(taskKeyOf(scope, 'core-1', 'waiters')) as Map<string, number>)).toEqual({
    'this server': expect.closeTo(pending.deadlineMs, -3),
  })
  expect([pending.sends, pending.missed, pending.isBeingSent]).toEqual([1, 0, false])
  expect(Math.abs(pending.sentAtMs - Date.now())).toBeLessThan(60_000)
})

test('a job says where a file may be left, and that somebody hears of the progress', async () => {
  const { sending, pendings, sent } = createParts({ folderMarker: 'marker' })
  await sending.send(pendings.add('core-1', aTask({ mayBeFile: true }), () => {}))
  expect(sent[0]?.data).toMatchObject({ folderMarker: 'marker', tellsProgress: true })
  const without = createParts()
  await without.sending.send(without.pendings.add('core-1', aTask({ mayBeFile: true })))
  expect(Object.keys(without.sent[0]?.data as object)).toEqual(['task'])
})

test('without a broker, or without a worker, who waits is told so, and nothing is sent', async () => {
  const away = createParts({ areThere: async () => false })
  await away.sending.send(away.pendings.add('core-1', aTask()))
  expect(away.settled).toEqual([['core-1', 'UNAVAILABLE']])
  const idle = createParts({ roster: { hasWorker: async () => false } })
  await idle.sending.send(idle.pendings.add('core-1', aTask()))
  expect(idle.settled).toEqual([['core-1', 'UNAVAILABLE']])
  expect([away.messages, idle.messages]).toEqual([
    [expect.not.stringContaining('worker')],
    [expect.stringContaining('1.2.3.test.core')],
  ])
  expect([...away.sent, ...idle.sent, ...away.listened, ...idle.listened]).toEqual([])
})

test('what is settled while its queue is listened to is not sent', async () => {
  const parts = createParts({
    events: {
      listen: async () => void parts.pendings.settle(pending, anAnswer()),
    },
  })
  const pending = parts.pendings.add('core-1', aTask())
  await parts.sending.send(pending)
  expect([parts.sent, pending.sends]).toEqual([[], 0])
})

test('what is on its way is not sent beside', async () => {
  const { sending, pendings, sent, broker } = createParts()
  const pending = pendings.add('core-1', aTask())
  const first = sending.send(pending)
  expect(pending.isBeingSent).toBe(true)
  await sending.sendAgain(pending, 'lost')
  expect(pending.sends).toBe(0)
  await first
  expect([sent.length, pending.sends]).toEqual([1, 1])
  // later it is, also after a failure
  broker.before = (command) => {
    if (command === 'add') throw new Error('Connection is closed.')
  }
  await sending.sendAgain(pending, 'lost')
  expect([pending.sends, pending.isBeingSent]).toEqual([2, false])
})

test('it is sent again five times in all; then it is lost, or nobody came to it in time', async () => {
  for (const [cause, code] of [
    ['lost', 'UNAVAILABLE'],
    ['dropped', 'DEADLINE_EXCEEDED'],
  ] as const) {
    const { sending, pendings, settled } = createParts()
    const pending = pendings.add('core-1', aTask())
    while (pending.sends < MAX_SENDS) await sending.sendAgain(pending, cause)
    expect([settled, pending.sends]).toEqual([[], 5])
    await sending.sendAgain(pending, cause)
    expect([settled, pending.sends]).toEqual([[['core-1', code]], 5])
  }
})

test('a first send that fails is told; a later one, or where another Redis takes over, waits for the next', async () => {
  const failing = (more = {}) => {
    const parts = createParts(more)
    parts.broker.before = (command) => {
      if (command === 'add') throw new Error('Connection is closed.')
    }
    return parts
  }
  const first = failing()
  await first.sending.send(first.pendings.add('core-1', aTask()))
  expect(first.settled).toEqual([['core-1', 'UNAVAILABLE']])

  const later = failing()
  const pending = later.pendings.add('core-1', aTask())
  pending.sends = 1
  await later.sending.send(pending)
  expect([later.settled, pending.sends]).toEqual([[], 2])

  const replaced = failing({ isReplaced: true })
  const kept = replaced.pendings.add('core-1', aTask())
  await replaced.sending.send(kept)
  expect(replaced.settled).toEqual([])
  expect(kept.sentAtMs).toBeLessThanOrEqual(Date.now())

  // so that who watches looks after it, although it never came as far as the broker
  const early = createParts({ isReplaced: true, events: { listen: () => Promise.reject(new Error('away')) } })
  const unsent = early.pendings.add('core-1', aTask())
  await early.sending.send(unsent)
  expect([unsent.sends, Number.isFinite(unsent.sentAtMs), early.settled]).toEqual([0, true, []])
})

test('a refusal of the broker is told at once, however often the task was sent', async () => {
  const { sending, pendings, settled, broker } = createParts({ isReplaced: true })
  const pending = pendings.add('core-1', aTask())
  pending.sends = 3
  broker.before = (command) => {
    if (command === 'add') throw new Error('OOM command not allowed')
  }
  await sending.send(pending)
  expect(settled).toEqual([['core-1', 'UNAVAILABLE']])
})

test('a job moves forward, never back, and one that is gone or cannot be asked for is left', async () => {
  const { sending, pendings, queue } = createParts()
  const moved: unknown[] = []
  const jobOf = (priority: number) => async () => ({ priority, changePriority: async (to: unknown) => moved.push(to) })
  const pending = pendings.add('core-1', aTask({ criticality: 'normal' }))
  for (const priority of [0, 1, 2]) {
    queue.getJob = jobOf(priority)
    await sending.overtake(pending)
  }
  expect(moved).toEqual([{ priority: 1 }])
  queue.getJob = async () => undefined
  await sending.overtake(pending)
  queue.getJob = () => Promise.reject(new Error('away'))
  await sending.overtake(pending)
  expect(moved.length).toBe(1)
})

test('queues at the broker are made once; heavy tasks of some have a lane of their own', async () => {
  const broker = new FakeRedis()
  broker.status = 'end'
  const queues = createBrokerQueues(broker.redis, scope, () => {})
  expect(queues.queueFor({ queue: 'core' })).toBe(queues.queueFor({ queue: 'core', isHeavy: false }))
  expect(queues.queuesOf('core').map(({ name }) => name)).toEqual(['{1.2.3.test.core}'])
  expect(queues.queuesOf('volumes').map(({ name }) => name)).toEqual([
    '{1.2.3.test.volumes}',
    '{1.2.3.test.volumes}.heavy',
  ])
  expect(queues.queueFor({ queue: 'volumes', isHeavy: true }).name).toBe('{1.2.3.test.volumes}.heavy')
  expect(queues.queueFor({ queue: 'volumes', isHeavy: true }).opts).toMatchObject({
    skipVersionCheck: true,
    skipWaitingForReady: true,
    skipMetasUpdate: true,
  })
})
