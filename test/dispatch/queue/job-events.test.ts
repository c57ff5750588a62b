import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJobEvents, type JobEvents } from '../../../src/dispatch/queue/job-events.ts'
import { type RedisServer, startRedis } from '../../redis.ts'
import { untilTrue } from '../../until.ts'

let redis: RedisServer
let connection: Redis
let broker: Redis
let events: JobEvents
let heard: unknown[][]
let unreadable: string[]

beforeEach(async () => {
  redis = await startRedis()
  connection = new Redis(redis.url, { maxRetriesPerRequest: null, lazyConnect: true })
  broker = new Redis(redis.url, { maxRetriesPerRequest: null })
  heard = []
  unreadable = []
  events = createJobEvents({
    broker,
    connection,
    onError: () => {},
    onUnreadable: (told) => void unreadable.push(told),
    listener: {
      onActive: (id) => void heard.push(['active', id]),
      onProgress: (id, fraction, doing) => void heard.push(['progress', id, fraction, doing]),
      onCompleted: (id, outcome) => void heard.push(['completed', id, outcome]),
      onFailed: (id, reason) => void heard.push(['failed', id, reason]),
      onDuplicated: (id) => void heard.push(['duplicated', id]),
    },
  })
})
afterEach(async () => {
  await events.close()
  broker.disconnect()
  connection.disconnect()
  await redis.close()
})

test('everything that happens to jobs of a queue is heard, also what happened while the listening began', async () => {
  const queue = new Queue('1.2.3.test.core', { connection: broker })
  await events.listen(queue.name)
  await events.listen(queue.name)
  await queue.add('good', {}, { jobId: 'good' })
  await queue.add('good', {}, { jobId: 'good' })
  await queue.add('bad', {}, { jobId: 'bad' })
  const worker = new Worker(
    queue.name,
    async (job) => {
      if (job.name === 'bad') throw new Error('no luck')
      await job.updateProgress([0.5, 'half'] as unknown as object)
      return 'done'
    },
    { connection: broker },
  )
  await untilTrue(() => heard.some(([what]) => what === 'failed'))
  expect(heard).toEqual([
    ['duplicated', 'good'],
    ['active', 'good'],
    ['progress', 'good', 0.5, 'half'],
    ['completed', 'good', 'done'],
    ['active', 'bad'],
    ['failed', 'bad', 'no luck'],
  ])
  await worker.close()
  await queue.close()
})

test('queues that nobody listens to are not heard', async () => {
  const [one, other] = ['a', 'b'].map((name) => new Queue(name, { connection: broker })) as [Queue, Queue]
  await events.listen('a')
  const workers = [one, other].map(({ name }) => new Worker(name, async () => name, { connection: broker }))
  await other.add('x', {}, { jobId: 'of b' })
  await one.add('x', {}, { jobId: 'of a' })
  await untilTrue(() => heard.some(([what]) => what === 'completed'))
  expect(heard.map(([, id]) => id)).not.toContain('of b')
  await Promise.all([...workers, one, other].map((each) => each.close()))
})

test('a broker that cannot be asked for its last event is a failure of listening, which is tried again', async () => {
  const isAway = { isSo: true }
  const own = createJobEvents({
    broker: {
      xrevrange: (key: string) =>
        isAway.isSo ? Promise.reject(new Error('away')) : broker.xrevrange(key, '+', '-', 'COUNT', 1),
    } as unknown as Redis,
    connection,
    onError: () => {},
    onUnreadable: () => {},
    listener: { onActive() {}, onProgress() {}, onCompleted() {}, onFailed() {}, onDuplicated() {} },
  })
  await expect(own.listen('a')).rejects.toThrow('away')
  isAway.isSo = false
  await own.listen('a')
  await own.close()
})

test('events that somebody else writes are told, and end nothing: the next of the queue are heard', async () => {
  const queue = new Queue('forged', { connection: broker })
  await events.listen(queue.name)
  const stream = queue.toKey('events')
  await broker.xadd(stream, '*', 'event', 'progress', 'jobId', 'x', 'data', '7')
  await untilTrue(() => unreadable.length === 1)
  await broker.xadd(stream, '*', 'event', 'completed', 'jobId', 'x', 'returnvalue', 'no JSON')
  await untilTrue(() => unreadable.length === 2)
  const failed = ['event', 'failed', 'jobId', 'y', 'failedReason', 'later']
  const again = setInterval(() => void broker.xadd(stream, '*', ...failed), 100)
  await untilTrue(() => heard.some(([what]) => what === 'failed'))
  clearInterval(again)
  expect(heard[0]).toEqual(['failed', 'y', 'later'])
  expect(unreadable).toEqual([expect.stringContaining('progress of x'), expect.stringContaining('no JSON')])
  await queue.close()
})
