/** What somebody else puts into the queues: a worker with a real Redis runs none of it, says so, counts it, and goes on. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Job, Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { Type } from 'typebox'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createQueueDispatcher, type QueueDispatcher } from '../../../src/dispatch/queue/dispatcher.ts'
import type { TaskJob } from '../../../src/dispatch/queue/job.ts'
import { laneName, type QueueScope, queueKey, scopeKey, taskId } from '../../../src/dispatch/queue/names.ts'
import { addWaiter } from '../../../src/dispatch/queue/waiters.ts'
import { createInlineDispatcher } from '../../../src/dispatch/scheduling/inline.ts'
import { SiibraError } from '../../../src/siibra/index.ts'
import { bodyOf, type TaskBody } from '../../../src/tasks/answer/body.ts'
import type { AnyHandler, Task, TaskResult } from '../../../src/tasks/task.ts'
import { type RunningWorker, startWorker } from '../../../src/worker/worker.ts'
import { type RedisServer, startRedis } from '../../redis.ts'
import { untilTrue } from '../../until.ts'

let redis: RedisServer
let client: Redis
let scope: QueueScope
let folder: string
let queue: Queue
let server: QueueDispatcher
let worker: RunningWorker
let problems: string[]
let runs: string[]

beforeAll(async () => {
  redis = await startRedis()
  client = new Redis(redis.url, { maxRetriesPerRequest: null })
})
afterAll(async () => {
  client.disconnect()
  await redis.close()
})

beforeEach(async () => {
  scope = { version: `0.0.${Math.floor(Math.random() * 1e9)}`, namespace: 'forged' }
  folder = await mkdtemp(join(tmpdir(), 'siibra-api-forged-'))
  problems = []
  runs = []
  const echo: AnyHandler = {
    name: 'echo',
    queue: 'core',
    params: Type.Object({ text: Type.String() }),
    async run({ text }: { text: string }, context) {
      runs.push(text)
      if (text === 'a region that is none')
        throw new SiibraError('INVALID_PARAMETER', 'no such region', { parameter: 'text' })
      const body = text === 'body' ? Buffer.from((await bodyOf(context)).bytes).toString() : undefined
      return { json: body ?? text }
    },
  }
  const urls = { brokerUrl: redis.url, resultUrl: redis.url, scope }
  queue = new Queue(laneName(scope, 'core', false), { connection: client, skipVersionCheck: true })
  worker = startWorker({
    ...urls,
    threads: { core: 1 },
    executor: createInlineDispatcher({
      handlers: new Map([['echo', echo]]),
      core: () => Promise.reject(new Error('no core here')),
      sharedDir: folder,
    }),
    sharedDir: folder,
    lockMs: 1_500,
    onProblem: (message) => void problems.push(message),
  })
  server = createQueueDispatcher(urls)
  await untilTrue(() => worker.isReady())
})
afterEach(async () => {
  await server.close(0)
  await queue.close()
  await worker.close(0)
  await rm(folder, { recursive: true })
})

const task = (text: string, more: Partial<Task> = {}): Task => ({
  name: 'echo',
  queue: 'core',
  params: { text },
  criticality: 'normal',
  deadlineMs: Date.now() + 60_000,
  ...more,
})
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const bodyAt = (place: TaskBody['place'] | Record<string, unknown>, text = 'sent'): TaskBody =>
  ({ mediaType: 'text/plain', sha256: hashOf(text), bytes: text.length, place }) as TaskBody
const inline = (text: string) => ({ kind: 'inline', base64: Buffer.from(text).toString('base64') })
const textOf = (result: TaskResult) => (result.ok ? JSON.parse(Buffer.from(result.body).toString()) : result)

/** A job as somebody with access to the broker can add it: with an id of its own or that of its task, and somebody who waits for it. */
async function forge(data: unknown, id = taskId((data as TaskJob).task), name = 'echo'): Promise<string> {
  await addWaiter(client, scope, id, 'somebody', Date.now() + 60_000)
  await queue.add(name, data, { jobId: id, removeOnComplete: true, removeOnFail: true })
  return id
}
const sumOfRefused = () => Object.values(worker.info().refusedJobs ?? {}).reduce((sum, count) => sum + count, 0)

async function expectRefused(reason: string): Promise<void> {
  await untilTrue(() => sumOfRefused() > 0)
  expect(worker.info().refusedJobs).toMatchObject({ [reason]: 1 })
  expect(sumOfRefused()).toBe(1)
  expect(problems).toEqual([expect.stringContaining(`is not run (${reason})`)])
  // it goes on
  expect(textOf(await server.run(task('afterwards')))).toBe('afterwards')
}

describe('a job that is none', () => {
  test.each<[string, unknown]>([
    ['nothing', null],
    ['a number', 7],
    ['a list', [{ task: {} }]],
    ['without a task', {}],
    ['a task that is a text', { task: 'echo' }],
    ['of an older version, which had other members', { route: 'echo', params: { text: 'x' }, ttl: 3 }],
    ['no parameters', { task: { ...task('x'), params: null } }],
    ['another criticality', { task: { ...task('x'), criticality: 'at once' } }],
    ['no deadline', { task: { ...task('x'), deadlineMs: null } }],
    ['another queue', { task: { ...task('x'), queue: 'volumes' } }],
    ['another name than its own', { task: { ...task('x'), name: 'other' } }],
    ['a marker elsewhere', { task: task('x'), folderMarker: '../../etc/passwd' }],
  ])('%s is malformed', async (_, data) => {
    await forge(data, 'forged')
    await expectRefused('malformed')
    expect(runs).toEqual(['afterwards'])
  })

  test('data that are no JSON stop nothing', async () => {
    await forge({ task: task('x') }, 'broken')
    await queue.pause()
    await forge({ task: task('y') }, 'garbage')
    await client.hset(queue.toKey('garbage'), 'data', '{"task":')
    await queue.resume()
    const asked = await Promise.all(['a', 'b', 'c'].map((text) => server.run(task(text))))
    expect(asked.map(textOf)).toEqual(['a', 'b', 'c'])
    expect(worker.isReady()).toBe(true)
  })

  test('too much of it is too large', async () => {
    await forge({ task: task('x'.repeat(2 ** 21)) })
    await expectRefused('too_large')
  })

  test('what is nested too deeply is too large', async () => {
    let deep: unknown = 'x'
    for (let i = 0; i < 3000; i++) deep = [deep]
    await forge({ task: { ...task('x'), params: { text: deep } } }, 'deep')
    await expectRefused('too_large')
  })

  test('under the id of another task it answers nobody: the other is sent again', async () => {
    await queue.pause()
    const right = task('right')
    await forge({ task: task('wrong') }, taskId(right))
    const asked = server.run(right)
    await untilTrue(async () => (await server.status()).core.waiting === 1)
    await queue.resume()
    expect(textOf(await asked)).toBe('right')
    expect(worker.info().refusedJobs).toMatchObject({ other_task: 1 })
    expect(runs).toEqual(['right'])
  })

  test('is counted where servers hear of it, with the next heartbeat', async () => {
    await forge({}, 'forged')
    await untilTrue(() => server.workers().some(({ refusedJobs }) => refusedJobs?.malformed === 1))
    expect(server.workers()[0]?.refusedJobs).toMatchObject({ malformed: 1, body: 0, unknown_task: 0 })
  })

  test('as a long one it leaves no state behind', async () => {
    const id = await forge({ task: task('x'), isLong: true }, 'somebodys-task')
    await expectRefused('other_task')
    expect(await server.inspect(id)).toBeUndefined()
  })
})

describe('a body', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a path', { kind: 'file', name: '../../etc/passwd' }],
    ['an absolute path', { kind: 'file', name: '/etc/passwd' }],
    ['an object of others', { kind: 'object', name: 'atlas-download-1.zip' }],
    ['a path in the bucket', { kind: 'object', name: '../other-bucket/key' }],
    ['another key', { kind: 'results', id: '../task:1' }],
    ['no name', { kind: 'file' }],
    ['no place', { kind: 'nowhere' }],
    ['a text that is none', { kind: 'inline', base64: 7 }],
    ['the bytes of another', inline('other')],
  ])('at %s is not read', async (_, place) => {
    await forge({ task: task('body', { body: bodyAt(place) }) })
    await expectRefused('body')
    expect(runs).toEqual(['afterwards'])
  })

  test('in the result backend that is another than its task names is not used', async () => {
    await client.set(queueKey(scope, 'core', 'body', 'siibra-api-body-x'), 'forged')
    await forge({ task: task('body', { body: bodyAt({ kind: 'results', id: 'siibra-api-body-x' }, 'wanted') }) })
    await expectRefused('body')
  })

  test('in a file of another size is not used', async () => {
    await writeFile(join(folder, 'siibra-api-body-x'), 'another')
    await forge({ task: task('body', { body: bodyAt({ kind: 'file', name: 'siibra-api-body-x' }) }) })
    await expectRefused('body')
  })

  test('that is too large for a job is refused unread', async () => {
    const text = 'x'.repeat(400_000)
    await forge({ task: task('body', { body: bodyAt(inline(text), text) }) })
    await expectRefused('too_large')
  })

  test('that is what its task names is read', async () => {
    expect(textOf(await server.run(task('body', { body: bodyAt(inline('sent')) })))).toBe('sent')
    expect(sumOfRefused()).toBe(0)
  })
})

describe('a task', () => {
  test('of a route that there is not is refused', async () => {
    await forge({ task: { ...task('x'), name: 'drop_everything' } }, undefined, 'drop_everything')
    await expectRefused('unknown_task')
  })

  test('with a parameter that there is not, or of another type, is refused', async () => {
    await forge({ task: { ...task('x'), params: { text: 7 } } })
    await expectRefused('parameters')
    expect(runs).toEqual(['afterwards'])
  })

  test('whose parameters fit their schema and mean nothing is answered, as any client is: nothing is counted', async () => {
    const asked = await server.run(task('a region that is none'))
    expect(asked).toMatchObject({ ok: false, code: 'INVALID_PARAMETER', message: 'no such region' })
    expect(sumOfRefused()).toBe(0)
  })

  test('whose deadline is over is left out', async () => {
    const ended: (string | undefined)[] = []
    const late = task('late', { deadlineMs: Date.now() - 60_000 })
    const id = taskId(late)
    const job: Job = await queue.add('echo', { task: late }, { jobId: id })
    await untilTrue(async () => {
      ended.push(await job.getState())
      return ended.at(-1) === 'completed'
    })
    expect(runs).toEqual([])
    expect(sumOfRefused()).toBe(0)
  })
})

test('what is no heartbeat of a worker, and no state of a task, is counted by servers and harms none', async () => {
  const key = (...parts: string[]) => scopeKey(scope, ...parts)
  const beats = { 'no-json': '{', 'no-worker': '{"id":"no-worker"}', 'odd-queues': '{"id":"odd-queues","queues":7}' }
  for (const [id, text] of Object.entries(beats)) await client.set(key('worker', id), text)
  await client.sadd(key('workers'), ...Object.keys(beats))
  await client.hset(key('task', 'forged'), { status: 'DONE', fraction: 'x' })
  await client.hset(key('task', 'of-another'), { status: 'SUCCESS', result: 'no result' })
  expect(await server.inspect('forged')).toBeUndefined()
  expect(await server.inspect('of-another')).toBeUndefined()
  await untilTrue(() => server.refusals().some(({ what, count }) => what === 'heartbeat' && count >= 3))
  expect(server.refusals()).toContainEqual({ what: 'state', reason: 'unreadable', count: 2 })
  expect(server.workers().map(({ id }) => id)).toEqual([worker.info().id])
  expect(textOf(await server.run(task('afterwards')))).toBe('afterwards')
})
