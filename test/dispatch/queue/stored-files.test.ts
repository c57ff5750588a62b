/** Files, states and bodies in the result backend. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createQueueBodies, loadBody } from '../../../src/dispatch/queue/bodies.ts'
import type { TaskJob } from '../../../src/dispatch/queue/job.ts'
import { DEFAULT_FILE_BOUNDS, openStoredFile, storeFile } from '../../../src/dispatch/queue/long-tasks/files.ts'
import { loadState, storeSentTask } from '../../../src/dispatch/queue/long-tasks/states.ts'
import { queueKey, taskKeyOf } from '../../../src/dispatch/queue/names.ts'
import { createRefusals } from '../../../src/dispatch/queue/refusals.ts'
import { LONG_TASK_KEPT_MS } from '../../../src/tasks/long-tasks.ts'
import { FakeRedis } from '../fake-redis.ts'
import { aTask, scope } from './pending/parts.ts'

const HOUR_MS = 3_600_000
const NOW_MS = 1_700_000_000_000
let fake: FakeRedis
beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date', 'performance'] })
  fake = new FakeRedis()
})
afterEach(() => void vi.useRealTimers())

describe('files in the result backend', () => {
  const MIB = 1024 ** 2
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'siibra-api-stored-'))
  })
  afterEach(() => rm(folder, { recursive: true }))
  const store = async (id: string, bytes: number | Buffer, bounds = { maxBytes: 10 * MIB, maxFiles: 2 }) => {
    vi.setSystemTime(Date.now() + 1)
    const path = join(folder, id)
    await writeFile(path, typeof bytes === 'number' ? Buffer.alloc(bytes, 7) : bytes)
    await storeFile(fake.redis, scope, id, path, bounds)
  }
  const openFile = (id: string) => openStoredFile(fake.redis, scope, id)
  const read = async (id: string, start: number, end: number) => {
    const parts: Buffer[] = []
    for await (const part of (await openFile(id))?.read(start, end) ?? []) parts.push(part)
    return Buffer.concat(parts)
  }
  const kept = async (...ids: string[]) => {
    const found = await Promise.all(ids.map(openFile))
    return ids.filter((_, i) => found[i] !== undefined)
  }

  test('are read from any byte to any other', async () => {
    const bytes = Buffer.from(Uint32Array.from({ length: (2 * MIB + 400) / 4 }, (_, i) => i).buffer)
    await store('core-1', bytes)
    expect((await openFile('core-1'))?.bytes).toBe(2 * MIB + 400)
    for (const [start, end] of [
      [0, bytes.length - 1],
      [0, 0],
      [MIB - 1, MIB],
      [MIB, MIB],
      [5, 2 * MIB + 7],
    ] as const)
      expect((await read('core-1', start, end)).equals(bytes.subarray(start, end + 1))).toBe(true)
    await expect(read('core-1', 0, bytes.length)).rejects.toThrow('piece 2 of the file core-1 is too short')
    expect(await openFile('core-2')).toBeUndefined()
  })

  test('stored anew by their task are another file: who reads the first has it for ten minutes, and no byte of the second', async () => {
    await store('core-1', Buffer.alloc(2 * MIB + 1, 1))
    const first = await openFile('core-1')
    await store('core-1', Buffer.alloc(MIB, 2))
    const parts: Buffer[] = []
    for await (const part of first?.read(0, 2 * MIB) ?? []) parts.push(part)
    expect(Buffer.concat(parts).equals(Buffer.alloc(2 * MIB + 1, 1))).toBe(true)
    expect((await read('core-1', 0, MIB - 1)).equals(Buffer.alloc(MIB, 2))).toBe(true)
    const oneByte = () => first?.read(MIB, MIB)[Symbol.asyncIterator]().next()
    vi.setSystemTime(Date.now() + 10 * 60_000 - 1)
    expect(await oneByte()).toMatchObject({ value: Buffer.of(1) })
    vi.setSystemTime(Date.now() + 1)
    await expect(oneByte()).rejects.toThrow('piece 1 of the file core-1 is gone')
    expect((await read('core-1', 0, MIB - 1)).length).toBe(MIB)
  })

  test('of which something else is told than this program tells are none', async () => {
    await fake.set(taskKeyOf(scope, 'core-1', 'file'), '12')
    expect(await openFile('core-1')).toBeUndefined()
  })

  test('of whole pieces have none that is empty; of nothing they have none', async () => {
    const pieces = () => [...fake.values.keys()].filter((key) => /file:core-\d:[\w-]+:\d+$/.test(key)).length
    await store('core-1', 2 * MIB)
    expect(pieces()).toBe(2)
    await store('core-2', 0)
    expect([pieces(), (await openFile('core-2'))?.bytes]).toEqual([2, 0])
  })

  test('make room for the newest: by number, by bytes, by age, and no more than has to be', async () => {
    for (const id of ['core-1', 'core-2']) await store(id, 10)
    expect(await kept('core-1', 'core-2')).toEqual(['core-1', 'core-2'])
    await store('core-3', 10)
    expect(await kept('core-1', 'core-2', 'core-3')).toEqual(['core-2', 'core-3'])
    await store('core-4', 90, { maxBytes: 100, maxFiles: 9 })
    expect(await kept('core-2', 'core-3', 'core-4')).toEqual(['core-3', 'core-4'])
    await expect(store('core-5', 101, { maxBytes: 100, maxFiles: 9 })).rejects.toMatchObject({ code: 'OVERLOADED' })
    expect([...fake.values.keys()].filter((key) => /file:core-[125]/.test(key))).toEqual([])
  })

  test('may be as large as all together; a day later their room is free, and no earlier', async () => {
    expect(DEFAULT_FILE_BOUNDS).toEqual({ maxBytes: 2 ** 30, maxFiles: 200 })
    const bounds = { maxBytes: 100, maxFiles: 9 }
    await store('core-1', 100, bounds)
    expect(await kept('core-1')).toEqual(['core-1'])
    const many = { maxBytes: MIB, maxFiles: 9 }
    await store('core-2', 1, many)
    const ages = () => fake.zrange([...fake.values.keys()].find((key) => key.endsWith(':files')) ?? '', '0', '-1')
    // what the files are kept under goes by itself: here it is there still
    vi.setSystemTime(Number(NOW_MS) + LONG_TASK_KEPT_MS)
    for (const key of fake.expiresMs.keys()) fake.expiresMs.delete(key)
    await store('core-3', 1, many)
    expect(await ages()).toEqual(['core-1', 'core-2', 'core-3'])
    for (const key of fake.expiresMs.keys()) fake.expiresMs.delete(key)
    await store('core-4', 1, many)
    expect(await ages()).toEqual(['core-2', 'core-3', 'core-4'])
  })

  test('whose room is taken meanwhile are given up, with all their pieces', async () => {
    fake.before = async (command, key) => {
      if (command !== 'set' || !key.endsWith('file:core-1')) return
      fake.before = () => {}
      await fake.zrem([...fake.values.keys()].find((one) => one.endsWith(':files')) ?? '', 'core-1')
    }
    await expect(store('core-1', MIB + 1)).rejects.toThrow('took the room')
    expect([...fake.values.keys()].filter((key) => key.includes('core-1'))).toEqual([])
  })
})

test('the state of a task that is none is told; what was sent is a state', async () => {
  const key = taskKeyOf(scope, 'core-1', 'task')
  await storeSentTask(fake.redis, scope, 'core-1', { task: aTask() } as TaskJob)
  expect(await loadState(fake.redis, scope, 'core-1')).toEqual({
    status: 'PENDING',
    fraction: 0,
    doing: 'waiting for a worker',
  })
  await fake.hset(key, 'fraction', 'x')
  await expect(loadState(fake.redis, scope, 'core-1')).rejects.toThrow('the state of no task')
  await fake.hset(key, { status: 'DONE', fraction: '1' })
  await expect(loadState(fake.redis, scope, 'core-1')).rejects.toThrow('the state of no task')
  await fake.hset(key, 'cancelled', '1')
  expect(await loadState(fake.redis, scope, 'core-1')).toBeUndefined()
})

describe('bodies on their way', () => {
  const worker = (queues: object, folderMarkers?: string[]) =>
    ({ queues, folderMarkers }) as unknown as ReturnType<
      Parameters<typeof createQueueBodies>[0]['roster']['workers']
    >[number]
  const create = (workers: ReturnType<typeof worker>[], folderMarker: string | undefined = 'm') =>
    createQueueBodies({ results: fake.redis, scope, roster: { workers: () => workers }, folderMarker })
  const core = { core: { threads: 1, active: 0 } }

  test('a folder is shared where all workers of the queue see it, and there are some', () => {
    expect(create([worker(core, ['m'])]).sharesFolder('core')).toBe(true)
    expect(create([worker(core, ['m']), worker({}, [])]).sharesFolder('core')).toBe(true)
    expect(create([worker(core, ['m']), worker(core, ['n'])]).sharesFolder('core')).toBe(false)
    expect(create([worker(core)]).sharesFolder('core')).toBe(false)
    expect(create([]).sharesFolder('core')).toBe(false)
    const without = createQueueBodies({
      results: fake.redis,
      scope,
      roster: { workers: () => [worker(core, ['m'])] },
      folderMarker: undefined,
    })
    expect([without.sharesFolder('core'), without.maxBodyBytes]).toEqual([false, 32 * 1024 ** 2])
  })

  test('they are kept for two hours, and a backend that takes none is told', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'siibra-api-stored-')), 'body')
    await writeFile(path, 'sent')
    const bodies = create([])
    await bodies.storeBody('core', 'b', path)
    expect(fake.ttlOf(queueKey(scope, 'core', 'body', 'b'))).toBe(2 * HOUR_MS)
    expect(`${await loadBody(fake.redis, scope, 'core', 'b')}`).toBe('sent')
    await bodies.removeBody('core', 'b')
    expect(await loadBody(fake.redis, scope, 'core', 'b')).toBeUndefined()
    fake.before = () => Promise.reject(new Error('OOM'))
    await expect(bodies.storeBody('core', 'b', path)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await bodies.removeBody('core', 'b')
    await rm(join(path, '..'), { recursive: true })
  })
})

test('what is refused is counted by its kind, each of which begins at 0', () => {
  const told: string[] = []
  const refusals = createRefusals((message) => void told.push(message))
  expect(refusals.counts().every(({ count }) => count === 0)).toBe(true)
  refusals.note('result', 'too_large', 'a')
  refusals.note('result', 'too_large', 'b')
  expect(refusals.counts()).toContainEqual({ what: 'result', reason: 'too_large', count: 2 })
  expect([told, refusals.counts().length]).toEqual([['a', 'b'], 7])
})
