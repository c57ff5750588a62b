import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ObjectStorage, openObjectStorage } from '../../src/downloads/object-storage.ts'
import { type ObjectStore, startObjectStore } from '../s3.ts'

const NAME = 'atlas-download-1.zip'
let folder: string
let store: ObjectStore
let storage: ObjectStorage

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siibra-api-s3-'))
  store = await startObjectStore()
  storage = await openObjectStorage({ endpoint: store.endpoint, bucket: 'b', prefix: 'some/where/' }, 'us-east-1')
})
afterEach(async () => {
  storage.close()
  await store.close()
  await rm(folder, { recursive: true })
})

test('a file is put, read, read in part, and removed', async () => {
  const bytes = randomBytes(3_000_000)
  const path = join(folder, NAME)
  await writeFile(path, bytes)
  await storage.put(NAME, path)
  expect([...store.objects.keys()]).toEqual([`b/some/where/${NAME}`])
  expect(await storage.bytesOf(NAME)).toBe(bytes.length)
  expect((await buffer(await storage.read(NAME, 0, bytes.length - 1))).equals(bytes)).toBe(true)
  expect((await buffer(await storage.read(NAME, 1000, 1999))).equals(bytes.subarray(1000, 2000))).toBe(true)
  await storage.remove(NAME)
  expect(store.objects.size).toBe(0)
  expect(await storage.bytesOf(NAME)).toBeUndefined()
})

test('the sweep removes bundles that are older than a day, over all pages, and nothing else', async () => {
  const old = new Date(Date.now() - 25 * 3600 * 1000)
  const put = (key: string, modified: Date) => store.objects.set(`b/${key}`, { bytes: Buffer.alloc(1), modified })
  for (const i of [1, 2, 3, 4, 5]) put(`some/where/atlas-download-${i}.zip`, old)
  put('some/where/atlas-download-6.zip', new Date())
  put('some/where/mine.zip', old)
  put('some/where/atlas-download-mine.txt', old)
  put('atlas-download-7.zip', old)
  expect(await storage.sweep()).toBe(5)
  expect([...store.objects.keys()].sort()).toEqual([
    'b/atlas-download-7.zip',
    'b/some/where/atlas-download-6.zip',
    'b/some/where/atlas-download-mine.txt',
    'b/some/where/mine.zip',
  ])
})

test('what the storage refuses is UPSTREAM_UNAVAILABLE; a refused file is not sent again, one that failed is', async () => {
  const path = join(folder, NAME)
  await writeFile(path, 'bytes')
  store.failsWith = 403
  const error = { code: 'UPSTREAM_UNAVAILABLE', details: { url: `${store.endpoint}/b` } }
  await expect(storage.put(NAME, path)).rejects.toMatchObject(error)
  expect(store.requests).toHaveLength(1)
  for (const ask of [() => storage.bytesOf(NAME), () => storage.read(NAME, 0, 1), () => storage.sweep()]) {
    await expect(ask()).rejects.toMatchObject({ ...error, message: expect.stringContaining('403') })
  }
  store.failsWith = 503
  store.requests.length = 0
  const put = storage.put(NAME, path)
  while (store.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  store.failsWith = undefined
  await put
  expect(store.objects.get(`b/some/where/${NAME}`)?.bytes.toString()).toBe('bytes')
})

test('a storage that is away, or gives other bytes than it was asked for, is UPSTREAM_UNAVAILABLE', async () => {
  store.objects.set(`b/some/where/${NAME}`, { bytes: Buffer.alloc(10), modified: new Date() })
  await expect(storage.read(NAME, 5, 99)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  await expect(storage.read('atlas-download-2.zip', 0, 9)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  await store.close()
  await expect(storage.bytesOf(NAME)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
})
