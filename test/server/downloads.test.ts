import { mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { DEMO } from '../../src/atlas/choose-configuration.ts'
import { loadCore } from '../../src/atlas/load-core.ts'
import { parseConfig } from '../../src/config.ts'
import { loadHandlers } from '../../src/data-handlers/index.ts'
import { HARBOUR_V2_ID, TEMPLATE_SPACE_ID } from '../../src/demo/ids.ts'
import { createQueueDispatcher } from '../../src/dispatch/queue/dispatcher.ts'
import { createInlineDispatcher } from '../../src/dispatch/scheduling/inline.ts'
import { type ObjectStorage, openObjectStorage } from '../../src/downloads/object-storage.ts'
import { openSharedFolder, sweepFolder } from '../../src/downloads/shared-folder.ts'
import { buildServer } from '../../src/server/build-server.ts'
import { createMemoryCache } from '../../src/server/cache/memory.ts'
import { createServiceState } from '../../src/server/service.ts'
import { type AtlasCore, SiibraError } from '../../src/siibra/index.ts'
import { startWorker } from '../../src/worker/worker.ts'
import { type Answer, startTestApp } from '../app.ts'
import { startRedis } from '../redis.ts'
import { startObjectStore } from '../s3.ts'
import { AWAY, createSwitchedSources } from '../switched-sources.ts'
import { unzip } from '../unzip.ts'

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Those of the test that runs. */
const folders: string[] = []
async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'siibra-api-downloads-'))
  folders.push(folder)
  cleanups.push(async () => {
    folders.splice(folders.indexOf(folder), 1)
    await rm(folder, { recursive: true })
  })
  return folder
}

/** A server and a worker with the demo atlas, on a Redis of their own; each with its own folder unless told otherwise. */
async function startBoth({
  shareFolder,
  storage,
  withCore = (core) => core,
}: {
  shareFolder: boolean
  storage?: ObjectStorage
  withCore?: (core: AtlasCore) => AtlasCore
}): Promise<FastifyInstance> {
  const redis = await startRedis()
  cleanups.push(redis.close)
  const scope = { version: 'test', namespace: 'downloads' }
  const urls = { brokerUrl: redis.url, resultUrl: redis.url, scope }
  const [folder, otherFolder] = [await createFolder(), await createFolder()]
  const workerFolder = shareFolder ? folder : otherFolder
  const core = withCore((await loadCore({ ...parseConfig({}), configuration: DEMO })).core)
  const handlers = await loadHandlers(['compounds'])
  const executor = createInlineDispatcher({ handlers, core: async () => core, sharedDir: workerFolder })
  const worker = startWorker({ ...urls, threads: { compounds: 1 }, executor, sharedDir: workerFolder, storage })
  cleanups.push(() => worker.close(0))
  // before the server looks for workers: it believes for a moment what it has seen
  while (!worker.isReady()) await delay(5)
  const shared = await openSharedFolder(folder)
  cleanups.push(shared.close)
  const dispatcher = createQueueDispatcher({ ...urls, folderMarker: shared.marker })
  cleanups.push(() => dispatcher.close(0))
  const config = parseConfig({ SIIBRA_API_SHARED_DIR: folder })
  const app = buildServer(config, {
    dispatcher,
    queue: dispatcher,
    storage,
    cache: createMemoryCache({ maxBytes: 2 ** 20 }),
    logger: pino({ level: 'silent' }),
    info: { apiVersion: 'test', packageVersion: 'test', gitHash: 'test', role: 'server' },
    state: { ...createServiceState(), phase: 'ready', reason: '' },
  })
  cleanups.push(() => app.close())
  await dispatcher.waitUntilConnected(5000)
  return app
}

async function openStore() {
  const store = await startObjectStore()
  cleanups.push(store.close)
  const place = { endpoint: store.endpoint, bucket: 'downloads', prefix: 'here/' }
  const storage = await openObjectStorage(place, 'us-east-1')
  cleanups.push(storage.close)
  return { store, storage }
}

const QUERY = new URLSearchParams({ space_id: TEMPLATE_SPACE_ID, parcellation_id: HARBOUR_V2_ID })
const ASKED = `/v3_0/atlas_download?${QUERY}`

const fillWithZeros = async (path: string) => writeFile(path, Buffer.alloc((await stat(path)).size))

async function follow(app: FastifyInstance, id: string) {
  for (;;) {
    const answer = await app.inject(`/v3_0/atlas_download/${id}`)
    expect(answer.statusCode).toBe(200)
    if (answer.json().status === 'SUCCESS') return answer
    expect(answer.json().status).toBe('PENDING')
    await delay(20)
  }
}

describe('a server with workers', () => {
  test.each([
    ['that share a folder', { shareFolder: true, hasStorage: false }],
    ['that share none', { shareFolder: false, hasStorage: false }],
    ['that share an object storage', { shareFolder: false, hasStorage: true }],
  ])('%s: a task, its state, its file; whole, in parts, and again', async (_, { shareFolder, hasStorage }) => {
    const objects = hasStorage ? await openStore() : undefined
    const app = await startBoth({ shareFolder, ...objects })
    const asked = await app.inject(ASKED)
    expect(asked.statusCode).toBe(200)
    const { task_id: id } = asked.json()
    expect((await follow(app, id)).json()).toEqual({ task_id: id, status: 'SUCCESS', progress: 100, doing: '' })
    const url = `/v3_0/atlas_download/${id}/download`
    const [first, again] = [await app.inject(url), await app.inject(url)]
    expect(first.statusCode).toBe(200)
    expect(first.headers['content-type']).toBe('application/octet-stream')
    expect(first.headers['content-disposition']).toMatch(/^attachment; filename=atlas-download-[\w-]+\.zip$/)
    expect(unzip(first.rawPayload).size).toBe(6)
    expect(again.rawPayload.equals(first.rawPayload)).toBe(true)
    const part = await app.inject({ url, headers: { range: 'bytes=10-29' } })
    expect(part.statusCode).toBe(206)
    expect(part.rawPayload.equals(first.rawPayload.subarray(10, 30))).toBe(true)
    expect((await app.inject({ url, headers: { range: 'bytes=99999999-' } })).statusCode).toBe(416)
    const head = await app.inject({ method: 'HEAD', url })
    expect(Number(head.headers['content-length'])).toBe(first.rawPayload.length)
    expect((await app.inject(ASKED)).json().task_id).toBe(id)
    if (shareFolder) {
      // somebody has emptied the folder, or written into its files: it is told once, and made anew when it is asked for
      for (const damage of [rm, fillWithZeros, (path: string) => truncate(path, 100)]) {
        const made = (
          await Promise.all(folders.map(async (one) => (await readdir(one)).map((name) => join(one, name))))
        ).flat()
        await Promise.all(made.filter((path) => path.endsWith('.zip')).map((path) => damage(path)))
        expect((await app.inject(url)).statusCode).toBe(404)
        await app.inject(ASKED)
        await follow(app, id)
        const anew = await app.inject(url)
        expect(anew.statusCode).toBe(200)
        expect(anew.rawPayload.equals(first.rawPayload)).toBe(true)
      }
    }
    if (!objects) return
    const { store } = objects
    expect([...store.objects.keys()]).toEqual([expect.stringMatching(/^downloads\/here\/atlas-download-[\w-]+\.zip$/)])
    store.failsWith = 403
    const refused = await app.inject(url)
    expect(refused.statusCode).toBe(503)
    expect(refused.headers['content-disposition']).toBeUndefined()
    expect(JSON.parse(refused.json().message).detail).toContain('object storage')
  })

  test.each([true, false])(
    'a bundle that was made while sources were away says so, and is made anew when it is asked for again (one folder: %s)',
    async (shareFolder) => {
      const sources = createSwitchedSources()
      const app = await startBoth({ shareFolder, withCore: sources.withCore })
      sources.failure = AWAY
      const { task_id: id } = (await app.inject(ASKED)).json()
      const progress = await follow(app, id)
      expect(progress.json().status).toBe('SUCCESS')
      const url = `/v3_0/atlas_download/${id}/download`
      const lacking = await app.inject(url)
      const part = await app.inject({ url, headers: { range: 'bytes=10-29' } })
      expect([progress.statusCode, lacking.statusCode, part.statusCode]).toEqual([200, 200, 206])
      for (const { headers } of [progress, lacking, part, await app.inject({ method: 'HEAD', url })])
        expect(headers).toMatchObject({ 'x-siibra-gaps': 'sources', 'cache-control': 'no-store' })
      expect([...unzip(lacking.rawPayload).keys()].some((name) => name.endsWith('.error.txt'))).toBe(true)

      sources.failure = undefined
      expect((await app.inject(ASKED)).json()).toEqual({ task_id: id, status: 'PENDING' })
      // who followed the first one may still fetch it, from the folder where it lies
      const meanwhile = await app.inject(url)
      expect(meanwhile.statusCode).toBe(meanwhile.headers['retry-after'] ? 404 : 200)
      if (shareFolder) expect(meanwhile.statusCode).toBe(200)
      const mended = await follow(app, id)
      const whole = await app.inject(url)
      for (const { headers } of [mended, whole]) expect(headers).not.toHaveProperty('x-siibra-gaps')
      expect([...unzip(whole.rawPayload).keys()].filter((name) => name.endsWith('.error.txt'))).toEqual([])
      expect(whole.headers.etag).not.toBe(lacking.headers.etag)
    },
  )

  test('tells the progress as events', async () => {
    const app = await startBoth({ shareFolder: true })
    const { task_id: id } = (await app.inject(ASKED)).json()
    const base = await app.listen({ host: '127.0.0.1', port: 0 })
    const answer = await fetch(`${base}/v3_0/atlas_download/${id}`, { headers: { accept: 'text/event-stream' } })
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    const events = (await answer.text()).trim().split('\n\n')
    expect(events.at(-1)).toMatch(/^event: success\ndata: \{.*"progress":100/)
  })

  test('knows nothing of other ids, and is not ready before it is', async () => {
    const app = await startBoth({ shareFolder: true })
    for (const path of ['nope', 'nope/download']) {
      const answer = await app.inject(`/v3_0/atlas_download/${path}`)
      expect(answer.statusCode).toBe(404)
      expect(JSON.parse(answer.json().message).detail).toContain('nope')
    }
  })
})

test.each([true, false])('a folder that is full is 503, and passes (behind a queue: %s)', async (hasWorkers) => {
  const app = await startTestApp(undefined, { hasWorkers, env: { SIIBRA_API_SHARED_SIZE_GIB: '0.000001' } })
  cleanups.push(app.close)
  /** Behind a queue the answers about the task, once it is over, and to who fetches its file. */
  const ask = async (query: URLSearchParams | string): Promise<Answer[]> => {
    const asked = await app.get(`/v3_0/atlas_download?${query}`)
    if (!hasWorkers) return [asked]
    const url = `/v3_0/atlas_download/${asked.json().task_id}`
    let progress = await app.get(url)
    for (; progress.json().status === 'PENDING'; progress = await app.get(url)) await delay(10)
    return [progress, await app.get(`${url}/download`)]
  }
  for (const answer of await ask(QUERY)) expect(answer.status).toBe(200)
  const [told, ...more] = await ask(`space_id=${encodeURIComponent(TEMPLATE_SPACE_ID)}`)
  for (const answer of [told, ...more]) {
    expect([answer?.status, answer?.headers['retry-after']]).toEqual([503, '60'])
    expect(JSON.parse(String(answer?.json().message)).detail).toBe('There is no room for another file at the moment')
  }
  if (hasWorkers) expect(told?.json()).toMatchObject({ status: 'FAILURE', progress: 100 })
})

test('an all-in-one service answers with the file', async () => {
  const app = await startTestApp()
  cleanups.push(app.close)
  const answer = await app.get(ASKED)
  expect(answer.status).toBe(200)
  expect(answer.contentType).toBe('application/octet-stream')
  expect(unzip(answer.bytes).size).toBe(6)
  expect((await app.get('/v3_0/atlas_download/x')).status).toBe(404)
})

test.each([AWAY, new SiibraError('BAD_DATA', 'A web page instead of a volume')])(
  'an all-in-one service says of a bundle that sources were away: $message',
  async (failure) => {
    const sources = createSwitchedSources()
    const app = await startTestApp(undefined, { withCore: sources.withCore })
    cleanups.push(app.close)
    sources.failure = failure
    const lacking = await app.get(ASKED)
    expect(lacking.status).toBe(200)
    expect(lacking.headers).toMatchObject({ 'x-siibra-gaps': 'sources', 'cache-control': 'no-store' })
    sources.failure = undefined
    const whole = await app.get(ASKED)
    expect(whole.headers).not.toHaveProperty('x-siibra-gaps')
    expect([...unzip(whole.bytes).keys()].filter((name) => name.endsWith('.error.txt'))).toEqual([])
  },
)

test('a bundle says that another form of the template stands in for the one that is away', async () => {
  const sources = createSwitchedSources()
  const app = await startTestApp(undefined, { withCore: sources.withCore })
  cleanups.push(app.close)
  Object.assign(sources, { failure: AWAY, concerned: 'templates/mean/' })
  const standIn = await app.get(ASKED)
  expect([...unzip(standIn.bytes).keys()].filter((name) => name.endsWith('.error.txt'))).toEqual([])
  expect(standIn.headers['x-siibra-gaps']).toBe('sources')
})

test('what is older than a day is swept away, and nothing that is not ours', async () => {
  const folder = await createFolder()
  const files = ['atlas-download-old.zip', 'atlas-download-new.zip', 'atlas-download-half.zip.part', 'mine.zip']
  for (const name of files) await writeFile(join(folder, name), '')
  const yesterday = new Date(Date.now() - 25 * 3600 * 1000)
  for (const name of files) if (!name.includes('new')) await utimes(join(folder, name), yesterday, yesterday)
  expect(await sweepFolder(folder)).toBe(2)
  expect((await readdir(folder)).sort()).toEqual(['atlas-download-new.zip', 'mine.zip'])
})
