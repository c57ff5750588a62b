/** States and files of long tasks in a real Redis; their bounds one by one, without it: ../stored-files.test.ts. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openStoredFile, storeFile } from '../../../../src/dispatch/queue/long-tasks/files.ts'
import { loadSentJob, loadState, storeSentTask, storeState } from '../../../../src/dispatch/queue/long-tasks/states.ts'
import { aTask } from '../pending/parts.ts'
import { redis, scope } from '../real-queue.ts'

let client: Redis
beforeAll(() => {
  client = new Redis(redis.url)
})
afterAll(() => client.disconnect())

test('what is kept of a long task is there as a whole or not at all, so that none waits for ever unsent', async () => {
  const id = 'core-kept'
  const job = { task: aTask(), isLong: true as const }
  const before = Number(/cmdstat_hset:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0)
  await storeSentTask(client, scope, id, job)
  const after = Number(/cmdstat_hset:calls=(\d+)/.exec(await client.info('commandstats'))?.[1])
  expect(after - before).toBe(1)
  expect(await loadState(client, scope, id)).toEqual({ status: 'PENDING', fraction: 0, doing: 'waiting for a worker' })
  expect(await loadSentJob(client, scope, id)).toEqual(JSON.parse(JSON.stringify(job)))
})

describe('files in the result backend', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'siibra-api-files-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const store = async (id: string, bytes: number, bounds: { maxBytes: number; maxFiles: number }) => {
    const path = join(folder, id)
    await writeFile(path, Buffer.alloc(bytes, id))
    await storeState(client, scope, id, { status: 'SUCCESS', fraction: 1, doing: '' })
    await storeFile(client, scope, id, path, bounds)
  }
  const present = async (...ids: string[]) => {
    const files = await Promise.all(ids.map((id) => openStoredFile(client, scope, id)))
    return ids.filter((_, i) => files[i] !== undefined)
  }
  const pieces = async () => (await client.keys(`*${scope.version}*:file:*:*`)).length

  test('are bounded in bytes: the oldest go, with what is known of their tasks, and nothing of them is left', async () => {
    const bounds = { maxBytes: 5_000_000, maxFiles: 100 }
    await store('a', 2_500_000, bounds)
    await store('b', 2_000_000, bounds)
    await store('c', 1_500_000, bounds)
    expect(await present('a', 'b', 'c')).toEqual(['b', 'c'])
    expect(await loadState(client, scope, 'a')).toBeUndefined()
    expect(await loadState(client, scope, 'b')).toMatchObject({ status: 'SUCCESS' })
    expect(await pieces()).toBe(4)
    const read: Buffer[] = []
    for await (const part of (await openStoredFile(client, scope, 'c'))?.read(0, 1_499_999) ?? []) read.push(part)
    expect(Buffer.concat(read).equals(Buffer.alloc(1_500_000, 'c'))).toBe(true)
  })

  test('are bounded in number', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await store(id, 10, { maxBytes: 1_000, maxFiles: 2 })
    expect(await present('a', 'b', 'c', 'd')).toEqual(['c', 'd'])
    expect(await pieces()).toBe(2)
  })

  test('one that is larger than all may be is refused, and drives out no other', async () => {
    const bounds = { maxBytes: 1_000, maxFiles: 10 }
    await store('a', 500, bounds)
    await expect(store('b', 1_001, bounds)).rejects.toMatchObject({ code: 'OVERLOADED' })
    expect(await present('a', 'b')).toEqual(['a'])
    expect(await pieces()).toBe(1)
  })

  test('the same stored again counts once', async () => {
    const bounds = { maxBytes: 1_000, maxFiles: 2 }
    await store('a', 400, bounds)
    await store('b', 400, bounds)
    await store('b', 400, bounds)
    expect(await present('a', 'b')).toEqual(['a', 'b'])
  })
})
