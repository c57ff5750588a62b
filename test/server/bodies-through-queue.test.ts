/** Bodies of requests on their way to workers: in the job, by a shared folder, an object storage, or the result backend. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import Type from 'typebox'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { createQueueDispatcher } from '../../src/dispatch/queue/dispatcher.ts'
import { createInlineDispatcher } from '../../src/dispatch/scheduling/inline.ts'
import { type ObjectStorage, openObjectStorage } from '../../src/downloads/object-storage.ts'
import { openSharedFolder, sweepFolder } from '../../src/downloads/shared-folder.ts'
import { buildServer } from '../../src/server/build-server.ts'
import { createMemoryCache } from '../../src/server/cache/memory.ts'
import { NEVER, type RouteRecord } from '../../src/server/routes/route.ts'
import { createServiceState } from '../../src/server/service.ts'
import { bodyName, bodyOf } from '../../src/tasks/body.ts'
import type { AnyHandler } from '../../src/tasks/task.ts'
import { startWorker } from '../../src/worker/worker.ts'
import { type RedisServer, startRedis } from '../redis.ts'
import { type ObjectStore, startObjectStore } from '../s3.ts'
import { errorOf } from './fake-app.ts'

const route: RouteRecord = {
  name: 'post_bytes',
  method: 'POST',
  path: '/bytes',
  versions: ['v3_0'],
  extension: true,
  summary: 'Counts bytes',
  tag: 'maps',
  params: Type.Object({}),
  body: { accepts: { 'text/csv': { description: 'anything' } }, maxBytes: 100 * 2 ** 20 },
  response: { json: Type.Object({}) },
  task: { name: 'count', queue: 'core' },
  criticality: 'normal',
  cache: NEVER,
}

/** What the handler waits for, and how often it has begun. */
let hold: Promise<void> | undefined
let begun = 0
const count: AnyHandler = {
  name: 'count',
  queue: 'core',
  params: Type.Object({}),
  async run(_params, context) {
    const { bytes } = await bodyOf(context)
    begun++
    await hold
    return { json: { bytes: bytes.length, sha1: sha1(bytes) } }
  },
}
const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex')

let redis: RedisServer
let keys: Redis
let objects: ObjectStore
let scopes = 0
beforeAll(async () => {
  redis = await startRedis()
  keys = new Redis(redis.url)
  objects = await startObjectStore()
})
afterAll(async () => {
  keys.disconnect()
  await redis.close()
  await objects.close()
})
const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  hold = undefined
  begun = 0
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'siibra-api-bodies-'))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function start({ isShared = false, withStorage = false, servers = 1 } = {}) {
  const scope = { version: `1.0.${scopes++}`, namespace: 'bodies' }
  const urls = { brokerUrl: redis.url, resultUrl: redis.url, scope }
  const folder = createFolder()
  const workerFolder = isShared ? folder : createFolder()
  const storage: ObjectStorage | undefined = withStorage
    ? await openObjectStorage({ endpoint: objects.endpoint, bucket: 'b', prefix: '' }, 'us-east-1')
    : undefined
  const shared = await openSharedFolder(folder)
  cleanups.push(shared.close)
  const executor = createInlineDispatcher({
    handlers: new Map([['count', count]]),
    core: () => Promise.reject(new Error('no core')),
    sharedDir: workerFolder,
  })
  const worker = startWorker({ ...urls, threads: { core: 2 }, executor, sharedDir: workerFolder, storage })
  cleanups.push(() => worker.close(0))
  while (!worker.isReady()) await delay(5)
  const apps = Array.from({ length: servers }, () => {
    const dispatcher = createQueueDispatcher({ ...urls, folderMarker: shared.marker })
    const cache = createMemoryCache({ maxBytes: 2 ** 20 })
    const app = buildServer(
      { ...parseConfig({}), sharedDir: folder },
      {
        dispatcher,
        queue: dispatcher,
        storage,
        cache,
        logger: pino({ level: 'silent' }),
        info: { apiVersion: '1', packageVersion: '1', gitHash: '1', role: 'server' },
        state: { ...createServiceState(), phase: 'ready', reason: '' },
      },
      [route],
    )
    cleanups.push(() => Promise.all([app.close(), dispatcher.close(), cache.close()]))
    return { app, dispatcher }
  })
  for (const { dispatcher } of apps)
    while (dispatcher.workers().length === 0 || dispatcher.sharesFolder('core') !== isShared) await delay(10)
  const post = async (payload: Buffer, server = 0) => {
    const headers = { 'content-type': 'text/csv' }
    return apps[server]?.app.inject({ method: 'POST', url: '/v3_0/bytes', headers, payload })
  }
  return { post, folder, workerFolder, scope }
}

const bodiesIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith(bodyName('')))
const storedBodies = () => keys.keys('*:body:*')
const objectsLeft = () => [...objects.objects.keys()].filter((name) => name.includes(bodyName('')))

test.each([
  ['the result backend', {}],
  ['a shared folder', { isShared: true }],
  ['an object storage', { withStorage: true }],
])('a body comes through %s, and nothing of it stays', { timeout: 180_000 }, async (_by, parts) => {
  const { post, folder, workerFolder } = await start(parts)
  for (const length of [10, 256 * 1024, 256 * 1024 + 1, 8 * 2 ** 20]) {
    const payload = Buffer.alloc(length, 'x,y\n')
    const answer = await post(payload)
    expect(answer?.json()).toEqual({ bytes: length, sha1: sha1(payload) })
  }
  await expect.poll(() => [...bodiesIn(folder), ...bodiesIn(workerFolder), ...objectsLeft()]).toEqual([])
  await expect.poll(storedBodies).toEqual([])
})

test('more than 32 MB needs a shared folder or an object storage, and says so', { timeout: 180_000 }, async () => {
  const payload = Buffer.alloc(33 * 2 ** 20)
  const { post, folder } = await start()
  const refused = await post(payload)
  expect(refused?.statusCode).toBe(413)
  expect(errorOf(refused?.body ?? '').detail).toMatch(/SIIBRA_API_SHARED_DIR.*SIIBRA_API_S3_URL/)
  await expect.poll(() => bodiesIn(folder)).toEqual([])
  const { post: postShared } = await start({ isShared: true })
  expect((await postShared(payload))?.json().bytes).toBe(payload.length)
})

test('equal bodies of two servers are one task, whose body goes when it ends', { timeout: 180_000 }, async () => {
  let release = () => {}
  hold = new Promise((resolve) => {
    release = resolve
  })
  const { post } = await start({ servers: 2 })
  const payload = Buffer.alloc(2 ** 20, 'a,b\n')
  const answers = [post(payload, 0), post(payload, 1)]
  await expect.poll(async () => (await storedBodies()).length, { timeout: 120_000 }).toBe(2)
  await expect.poll(() => begun, { timeout: 120_000 }).toBe(1)
  release()
  for (const answer of await Promise.all(answers)) expect(answer?.json().sha1).toBe(sha1(payload))
  expect(begun).toBe(1)
  await expect.poll(storedBodies).toEqual([])
})

test('a sweep removes the bodies that a crash left, after two hours', async () => {
  const folder = createFolder()
  const [old, fresh] = [bodyName('old'), bodyName('fresh')]
  for (const name of [old, fresh, 'not-ours']) writeFileSync(join(folder, name), 'x')
  const then = new Date(Date.now() - 2.1 * 3600 * 1000)
  for (const name of [old, 'not-ours']) utimesSync(join(folder, name), then, then)
  expect(await sweepFolder(folder)).toBe(1)
  expect(readdirSync(folder).sort()).toEqual(['not-ours', fresh])
})
