/** Faults in production, each counted: every request gets exactly one answer, whatever dies. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { test as base, expect, vi } from 'vitest'
import { createQueueDispatcher } from '../../src/dispatch/queue/dispatcher.ts'
import type { QueueName, TaskResult } from '../../src/tasks/task.ts'
import { bundleEntry } from '../bundle-entry.ts'
import { type RedisServer, startRedis } from '../redis.ts'

// Processes are started and killed: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 240_000 })

const { entry } = bundleEntry(join(import.meta.dirname, 'fake-worker.ts'))
const scope = { version: '1.2.3', namespace: 'faults' }
/** A Redis of its own, a server, workers that are added to it, and what is asked of them. */
interface Fleet {
  redis: RedisServer
  workers: readonly ChildProcess[]
  addWorker(threads?: number): Promise<{ child: ChildProcess; runs: string[] }>
  ask(name: string, params: Record<string, unknown>, queue: QueueName): Promise<TaskResult>
  slow(text: string, ms?: number): Promise<TaskResult>
}

const textOf = (result: TaskResult) => (result.ok ? JSON.parse(Buffer.from(result.body).toString()) : result.code)

/** Beside each other: for most of their time they wait until a lock or a worker's word has run out. */
const test = base.extend<{ fleet: Fleet }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from it which fixtures are wanted
  fleet: async ({}, use) => {
    const redis = await startRedis()
    const server = createQueueDispatcher({ brokerUrl: redis.url, resultUrl: redis.url, scope })
    const workers: ChildProcess[] = []
    const ask: Fleet['ask'] = (name, params, queue) =>
      server.run({ name, queue, params, criticality: 'normal', deadlineMs: Date.now() + 240_000 })
    await use({
      redis,
      workers,
      ask,
      addWorker: (threads = 2) => addWorker(redis, workers, threads),
      slow: (text, ms = 600) => ask('slow', { ms, text }, 'features'),
    })
    for (const worker of workers) worker.kill('SIGKILL')
    await server.close(0)
    await redis.close()
  },
})

/** A worker process; `runs` fills with the texts of the tasks that it starts. */
async function addWorker(redis: RedisServer, workers: ChildProcess[], threads: number) {
  const options = { brokerUrl: redis.url, resultUrl: redis.url, scope, threads, lockMs: 4_000 }
  const child = spawn(process.execPath, [entry, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  workers.push(child)
  const runs: string[] = []
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)))
    child.stdout?.on('data', (data) => {
      for (const line of String(data).split('\n')) {
        if (line === 'ready') resolve()
        const match = /^run \S+ (.*)$/.exec(line)
        if (match) runs.push(JSON.parse(match[1] as string).text)
      }
    })
  })
  return { child, runs }
}

test.concurrent('a worker killed in mid-task: its tasks are answered by others, each once', async ({ fleet }) => {
  const { addWorker, slow } = fleet
  const [dying, living] = await Promise.all([addWorker(), addWorker()])
  let answers = 0
  const asked = Array.from({ length: 12 }, (_, i) => slow(`task ${i}`).finally(() => answers++))
  while (dying.runs.length < 2) await delay(10)
  dying.child.kill('SIGKILL')
  await once(dying.child, 'exit')
  const texts = (await Promise.all(asked)).map(textOf)
  expect(texts).toEqual(Array.from({ length: 12 }, (_, i) => `task ${i}`))
  expect(answers).toBe(12)
  expect(new Set([...living.runs, ...dying.runs]).size).toBe(12)
  for (const text of dying.runs.slice(-2)) expect(living.runs).toContain(text)
})

test.concurrent('a task that ends its worker is failed after the second time; all others are answered', async ({
  fleet,
}) => {
  const { addWorker, ask, slow, workers } = fleet
  await Promise.all([addWorker(1), addWorker(1), addWorker(1)])
  const fatal = ask('fatal', { text: 'fatal' }, 'core')
  const others = Array.from({ length: 6 }, (_, i) => slow(`task ${i}`, 300))
  expect((await Promise.all(others)).map(textOf)).toEqual(Array.from({ length: 6 }, (_, i) => `task ${i}`))
  const answer = await fatal
  expect(answer).toMatchObject({ ok: false, code: 'INTERNAL', message: expect.stringContaining('twice') })
  expect(workers.filter((worker) => worker.signalCode === 'SIGKILL')).toHaveLength(2)
  expect(textOf(await slow('after', 10))).toBe('after')
})

test.concurrent('a worker told to stop finishes its tasks, loses none and exits with 0', async ({ fleet }) => {
  const { addWorker, slow } = fleet
  const [leaving] = await Promise.all([addWorker(), addWorker()])
  const asked = Array.from({ length: 10 }, (_, i) => slow(`task ${i}`, 300))
  while (leaving.runs.length === 0) await delay(10)
  leaving.child.kill('SIGTERM')
  const [code] = await once(leaving.child, 'exit')
  expect(code).toBe(0)
  expect((await Promise.all(asked)).map(textOf)).toEqual(Array.from({ length: 10 }, (_, i) => `task ${i}`))
})

test.concurrent('Redis restarted during load, with all its data lost: everything is answered, and soon as before', async ({
  fleet,
}) => {
  const { addWorker, ask, redis } = fleet
  await Promise.all([addWorker(), addWorker()])
  const counts = { answered: 0, refused: 0, other: 0, wrong: 0 }
  let asked = 0
  let isOver = false
  const client = async (name: number) => {
    for (let i = 0; !isOver; i++) {
      const text = `${name}.${i}`
      asked++
      const result = await ask('slow', { ms: 20, text }, 'features')
      if (result.ok) counts[textOf(result) === text ? 'answered' : 'wrong']++
      else if (result.code === 'UNAVAILABLE') counts.refused++
      else counts.other++
      if (!result.ok) await delay(50)
    }
  }
  const clients = Array.from({ length: 8 }, (_, i) => client(i))
  while (counts.answered < 30) await delay(10)
  await redis.kill()
  while (counts.refused < 8) await delay(10)
  await redis.start()
  while (textOf(await ask('echo', { text: 'back' }, 'core')) !== 'back') await delay(20)
  const before = counts.answered
  while (counts.answered < before + 30) await delay(10)
  isOver = true
  await Promise.all(clients)
  expect(counts).toMatchObject({ wrong: 0, other: 0 })
  expect(counts.answered + counts.refused).toBe(asked)
})
