/** Bodies of requests on their way to workers, and large answers on their way back: in the job, by a shared folder, an object storage, or the result backend. */
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
import { makeRoomForResult } from '../../src/dispatch/queue/long-tasks/results.ts'
import { loadState, storeState } from '../../src/dispatch/queue/long-tasks/states.ts'
import { createInlineDispatcher } from '../../src/dispatch/scheduling/inline.ts'
import { type ObjectStorage, openObjectStorage } from '../../src/downloads/object-storage.ts'
import { openSharedFolder, sweepFolder } from '../../src/downloads/shared-folder.ts'
import { buildServer } from '../../src/server/build-server.ts'
import { createMemoryCache } from '../../src/server/cache/memory.ts'
import { NEVER, type RouteRecord } from '../../src/server/routes/route.ts'
import { taskRoutes } from '../../src/server/routes/tasks.ts'
import { createServiceState } from '../../src/server/service.ts'
import { ComputedValues } from '../../src/tables/table.ts'
import { bodyOf } from '../../src/tasks/answer/body.ts'
import { etagOf } from '../../src/tasks/answer/etag.ts'
import { bodyName, isAnswerFileName } from '../../src/tasks/answer/file-names.ts'
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

const rowsRoute: RouteRecord = {
  ...route,
  name: 'post_rows',
  path: '/rows',
  params: Type.Object({ rows: Type.Integer() }),
  response: { json: Type.Object({}), forms: 'table' },
  task: { name: 'rows', queue: 'core' },
}
/** A table of so many rows. */
const rows: AnyHandler = {
  name: 'rows',
  queue: 'core',
  params: Type.Object({ rows: Type.Integer() }),
  run: async (params) => ({
    table: () => ({
      name: 'rows',
      rows: params.rows,
      columns: [{ name: 'row', type: 'text', values: new ComputedValues((row) => `row ${row}`) }],
    }),
  }),
}
const csvOf = (count: number) => `,row\n${Array.from({ length: count }, (_, row) => `${row},row ${row}\n`).join('')}`

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
    handlers: new Map([count, rows].map((handler) => [handler.name, handler])),
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
      [route, rowsRoute, ...taskRoutes],
    )
    cleanups.push(() => Promise.all([app.close(), dispatcher.close(), cache.close()]))
    return { app, dispatcher }
  })
  for (const { dispatcher } of apps)
    while (dispatcher.workers().length === 0 || dispatcher.sharesFolder('core') !== isShared) await delay(10)
  const post = async (payload: Buffer, server = 0, more: Record<string, string> = {}, url = '/v3_0/bytes') => {
    const headers = { 'content-type': 'text/csv', ...more }
    return apps[server]?.app.inject({ method: 'POST', url, headers, payload })
  }
  const ask = async (url: string, method: 'GET' | 'DELETE' = 'GET') => apps.at(-1)?.app.inject({ method, url })
  return { post, ask, folder, workerFolder, scope }
}

const bodiesIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith(bodyName('')))
const answersIn = (folder: string) => readdirSync(folder).filter(isAnswerFileName)
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

test.each([
  ['the result backend', {}],
  ['a shared folder', { isShared: true }],
  ['an object storage', { withStorage: true }],
])('a large table comes back through %s', { timeout: 180_000 }, async (_by, parts) => {
  const { post, folder, workerFolder } = await start({ ...parts, servers: 2 })
  for (const count of [3, 500_000]) {
    const url = `/v3_0/rows?rows=${count}&format=csv`
    const answers = await Promise.all([0, 1, 1].map((server) => post(Buffer.from('x'), server, {}, url)))
    const text = csvOf(count)
    for (const answer of answers) {
      expect(answer?.statusCode).toBe(200)
      expect(answer?.headers).toMatchObject({
        'content-type': 'text/csv; charset=utf-8',
        'content-length': String(text.length),
        'cache-control': 'no-store',
        'content-disposition': 'attachment; filename="rows.csv"',
      })
      expect(answer?.headers.etag).toBe(etagOf(Buffer.from(text)))
      expect(answer?.body === text).toBe(true)
    }
  }
  // in a shared one it stays for seconds, for others who asked for the same
  const left = new Set([...answersIn(folder), ...answersIn(workerFolder)])
  expect(left.size).toBe('isShared' in parts ? 1 : 0)
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

test('a task that is asked for later is followed by any server, and can be ended', { timeout: 60_000 }, async () => {
  const { post, ask } = await start({ servers: 2 })
  const payload = Buffer.alloc(2 ** 20, 'c,d\n')
  const sent = await post(payload, 0, { prefer: 'respond-async' })
  expect(sent?.statusCode).toBe(202)
  const path = String(sent?.headers.location)
  await expect.poll(async () => (await ask(path))?.json().status, { timeout: 20_000 }).toBe('SUCCESS')
  expect((await ask(`${path}/result`))?.json()).toEqual({ bytes: payload.length, sha1: sha1(payload) })
  await expect.poll(storedBodies).toEqual([])
  expect((await ask(path, 'DELETE'))?.statusCode).toBe(204)
  expect((await ask(`${path}/result`))?.statusCode).toBe(404)

  // one that is under way: its worker sees that nobody waits, and the body goes with it
  hold = new Promise(() => {})
  const before = begun
  const stuck = String((await post(payload, 0, { prefer: 'respond-async' }))?.headers.location)
  await expect.poll(() => begun, { timeout: 20_000 }).toBe(before + 1)
  expect((await ask(stuck, 'DELETE'))?.statusCode).toBe(204)
  expect((await ask(stuck))?.statusCode).toBe(404)
})

test('results for later have room for the newest', async () => {
  const scope = { version: '1', namespace: 'room' }
  const bounds = { maxBytes: 1000, maxResults: 3 }
  for (const [i, bytes] of [400, 400, 100, 500].entries()) {
    const id = `task-${i}`
    const body = Buffer.alloc(bytes)
    await makeRoomForResult(keys, scope, id, bytes, bounds)
    const result = { ok: true as const, status: 200, contentType: 'text/csv', headers: {}, body, etag: '"x"' }
    await storeState(keys, scope, id, { status: 'SUCCESS', fraction: 1, doing: '', result })
  }
  const known = await Promise.all([0, 1, 2, 3].map((i) => loadState(keys, scope, `task-${i}`)))
  expect(known.map((state) => state?.status)).toEqual([undefined, 'SUCCESS', 'SUCCESS', 'SUCCESS'])
  await expect(makeRoomForResult(keys, scope, 'large', 1001, bounds)).rejects.toMatchObject({ code: 'OVERLOADED' })
})

test('a sweep removes large answers that nobody came for, after ten minutes', async () => {
  const folder = createFolder()
  const [old, fresh] = ['siibra-api-answer-old', 'siibra-api-answer-fresh'] as const
  for (const name of [old, fresh]) writeFileSync(join(folder, name), 'x')
  const then = new Date(Date.now() - 11 * 60 * 1000)
  utimesSync(join(folder, old), then, then)
  expect(await sweepFolder(folder)).toBe(1)
  expect(readdirSync(folder)).toEqual([fresh])
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
