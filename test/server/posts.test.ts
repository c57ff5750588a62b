/** Routes that take bodies, through the real server with a route of their own. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { pino } from 'pino'
import Type from 'typebox'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Config, parseConfig } from '../../src/config.ts'
import { createInlineDispatcher } from '../../src/dispatch/scheduling/inline.ts'
import { buildServer } from '../../src/server/build-server.ts'
import { createMemoryCache } from '../../src/server/cache/memory.ts'
import { openApiDocument } from '../../src/server/pages/openapi.ts'
import { NEVER, type RouteRecord } from '../../src/server/routes/route.ts'
import { taskRoutes } from '../../src/server/routes/tasks.ts'
import { createServiceState } from '../../src/server/service.ts'
import { bodyOf, parseJsonBody } from '../../src/tasks/answer/body.ts'
import type { AnyHandler } from '../../src/tasks/task.ts'
import { errorOf } from './fake-app.ts'

const Points = Type.Object({ points: Type.Array(Type.Array(Type.Number())) }, { title: 'Points' })
const MAX_BYTES = 2 * 2 ** 20

const common = {
  path: '/things/{thing_id}',
  versions: ['v3_0'],
  tag: 'maps',
  criticality: 'normal',
  cache: NEVER,
  response: { json: Type.Object({}) },
} as const
const routes: readonly RouteRecord[] = [
  {
    ...common,
    name: 'get_thing',
    method: 'GET',
    summary: 'A thing',
    params: Type.Object({ thing_id: Type.String() }),
    task: { name: 'get_thing', queue: 'core' },
    python: 'thing',
  },
  {
    ...common,
    name: 'post_thing',
    method: 'POST',
    extension: true,
    summary: 'Points for a thing',
    params: Type.Object({ thing_id: Type.String(), size: Type.Integer({ default: 7, minimum: 1 }) }),
    body: {
      accepts: { 'application/json': { schema: Points }, 'text/csv': { description: 'x,y,z' } },
      maxBytes: MAX_BYTES,
    },
    task: { name: 'post_thing', queue: 'core' },
  },
  {
    ...common,
    name: 'get_other',
    method: 'GET',
    path: '/others',
    summary: 'Others',
    params: Type.Object({}),
    task: { name: 'get_thing', queue: 'core' },
    python: 'others',
  },
  ...taskRoutes,
]

let runs = 0
let hold: Promise<void> | undefined
const handlers: AnyHandler[] = [
  { name: 'get_thing', queue: 'core', params: Type.Object({}), run: async (params) => ({ json: { params } }) },
  {
    name: 'post_thing',
    queue: 'core',
    params: Type.Object({}),
    async run(params, context) {
      runs++
      const body = await bodyOf(context)
      await hold
      if (body.mediaType === 'application/json') {
        const { points } = parseJsonBody(body, Points)
        return { json: { params, points: points.length } }
      }
      const sha1 = createHash('sha1').update(body.bytes).digest('hex')
      return { json: { params, mediaType: body.mediaType, bytes: body.bytes.length, sha1 } }
    },
  },
]

const folder = mkdtempSync(join(tmpdir(), 'siibra-api-test-'))
const lines: string[] = []

function createApp(config: Partial<Config> = {}) {
  const dispatcher = createInlineDispatcher({
    handlers: new Map(handlers.map((handler) => [handler.name, handler])),
    core: () => Promise.reject(new Error('no core')),
    sharedDir: folder,
  })
  const cache = createMemoryCache({ maxBytes: 2 ** 24 })
  const state = { ...createServiceState(), phase: 'ready' as const, reason: '' }
  const info = { apiVersion: '9.9.9', packageVersion: '1.2.3', gitHash: 'abc', role: 'all' as const }
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const app = buildServer(
    { ...parseConfig({}), sharedDir: folder, ...config },
    { dispatcher, cache, logger, info, state },
    routes,
  )
  return { app, cache, close: () => Promise.all([app.close(), dispatcher.close(), cache.close()]) }
}

const { app, cache, close } = createApp()
let base = ''
beforeAll(async () => {
  base = await app.listen({ host: '127.0.0.1', port: 0 })
})
beforeEach(() => {
  runs = 0
  hold = undefined
})
afterAll(async () => {
  await close()
  rmSync(folder, { recursive: true, force: true })
})

const URL_PATH = '/v3_0/things/one'
const JSON_TYPE = { 'content-type': 'application/json' }
const CSV_TYPE = { 'content-type': 'text/csv; charset=utf-8' }
const post = async (body: string | Uint8Array, headers: Record<string, string> = JSON_TYPE, path = URL_PATH) => {
  const answer = await fetch(base + path, { method: 'POST', body, headers })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}
const bodiesOnDisk = () => readdirSync(folder).filter((name) => name.startsWith('siibra-api-body-'))
const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex')

describe('a body', () => {
  test('reaches its handler with the parameters, and nothing of it is kept', async () => {
    const before = cache.stats().entries
    const answer = await post(JSON.stringify({ points: [[1, 2, 3]] }))
    expect(JSON.parse(answer.text)).toEqual({ params: { thing_id: 'one', size: 7 }, points: 1 })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    await post(JSON.stringify({ points: [[1, 2, 3]] }))
    expect(runs).toBe(2)
    expect(cache.stats().entries).toBe(before)
  })

  test('of any size up to the limit comes whole; a large one by a file that goes with its task', async () => {
    for (const length of [1, 1000, 256 * 1024, 256 * 1024 + 1, MAX_BYTES]) {
      const bytes = Buffer.alloc(length, 'a1,b2\n')
      const answer = await post(bytes, CSV_TYPE)
      expect(JSON.parse(answer.text)).toMatchObject({ mediaType: 'text/csv', bytes: length, sha1: sha1(bytes) })
    }
    await expect.poll(bodiesOnDisk).toEqual([])
  })

  test('comes where nothing was left before; where nothing can be, that is said', async () => {
    const bytes = Buffer.alloc(1_000_000, 'x,y\n')
    rmSync(folder, { recursive: true })
    expect(JSON.parse((await post(bytes, CSV_TYPE)).text)).toMatchObject({ sha1: sha1(bytes) })
    rmSync(folder, { recursive: true })
    writeFileSync(folder, 'a file')
    const refused = await post(bytes, CSV_TYPE)
    rmSync(folder)
    mkdirSync(folder)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30'])
    expect(errorOf(refused.text)).toMatchObject({ code: 'UNAVAILABLE', parameter: 'body' })
  })

  test('may be compressed', async () => {
    const bytes = Buffer.alloc(1_500_000, 'x,y,z\n')
    const encodings: [string, Uint8Array][] = [
      ['gzip', zlib.gzipSync(bytes)],
      ['br', zlib.brotliCompressSync(bytes)],
      ['deflate', zlib.deflateSync(bytes)],
    ]
    for (const [encoding, sent] of encodings) {
      const answer = await post(sent, { ...CSV_TYPE, 'content-encoding': encoding })
      expect(JSON.parse(answer.text), encoding).toMatchObject({ bytes: bytes.length, sha1: sha1(bytes) })
    }
  })

  test('equal ones under way are one task; others are not', async () => {
    let release = () => {}
    hold = new Promise((resolve) => {
      release = resolve
    })
    const large = JSON.stringify({ points: Array.from({ length: 100_000 }, () => [1, 2, 3]) })
    const sent = [large, large, large, `${large} `].map((text) => post(text))
    await expect.poll(() => runs, { timeout: 120_000 }).toBe(2)
    // all have come before the first is answered
    await expect.poll(() => bodiesOnDisk().length, { timeout: 120_000 }).toBe(2)
    release()
    for (const answer of await Promise.all(sent)) expect(JSON.parse(answer.text).points).toBe(100_000)
    expect(runs).toBe(2)
    await expect.poll(bodiesOnDisk).toEqual([])
  })

  test('is in no log', async () => {
    lines.length = 0
    await post(JSON.stringify({ points: [[424242]] }))
    await post('{"points": "secret424242"}')
    await expect.poll(() => lines.length).toBe(2)
    expect(lines.join()).not.toContain('424242')
    expect(lines[0]).toContain('"method":"POST"')
  })
})

describe('is refused with a reason', () => {
  const cases: [string, () => Promise<{ status: number; text: string }>, number, string][] = [
    ['no JSON', () => post('{"points": [1,'), 422, 'not JSON'],
    ['not UTF-8', () => post(Buffer.from([0x22, 0xff, 0x22])), 422, 'UTF-8'],
    ['another form', () => post('{"points": [["a"]]}'), 422, 'points.0.0'],
    ['nothing', () => post(''), 422, 'missing'],
    ['another type', () => post('x', { 'content-type': 'text/plain' }), 415, 'application/json, text/csv'],
    ['no type', () => post(Buffer.from('x'), {}), 415, 'Content-Type'],
    ['another encoding', () => post('x', { ...CSV_TYPE, 'content-encoding': 'lzw' }), 415, 'gzip'],
    ['a wrong encoding', () => post('no gzip', { ...CSV_TYPE, 'content-encoding': 'gzip' }), 400, 'gzip'],
    [
      'a compressed one that is cut off',
      () => post(zlib.gzipSync(Buffer.alloc(9999, 'abc')).subarray(0, 30), { ...CSV_TYPE, 'content-encoding': 'gzip' }),
      400,
      'gzip',
    ],
    ['one that is too long', () => post(Buffer.alloc(MAX_BYTES + 1), CSV_TYPE), 413, String(MAX_BYTES)],
    [
      'a bomb',
      () => post(zlib.gzipSync(Buffer.alloc(50 * MAX_BYTES)), { ...CSV_TYPE, 'content-encoding': 'gzip' }),
      413,
      String(MAX_BYTES),
    ],
    ['a wrong parameter', () => post('{}', JSON_TYPE, `${URL_PATH}?size=0`), 422, 'size'],
  ]
  test.each(cases)('%s', async (_what, send, status, text) => {
    const answer = await send()
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)])
    expect(errorOf(answer.text).code).toMatch(/^(INVALID_PARAMETER|TOO_LARGE|UNSUPPORTED_MEDIA_TYPE|BAD_REQUEST)$/)
    await expect.poll(bodiesOnDisk).toEqual([])
  })

  test('a stream without a length that does not end in time is cut at the limit', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = request(base + URL_PATH, { method: 'POST', headers: CSV_TYPE }, (answer) => {
        clearInterval(timer)
        resolve(answer.statusCode)
        sent.destroy()
      })
      const timer = setInterval(() => sent.write(Buffer.alloc(100_000)), 1)
      sent.on('error', reject)
    })
    expect(status).toBe(413)
    await expect.poll(bodiesOnDisk).toEqual([])
  })

  test('whose rest is read, so that the next request on the connection has its answer', async () => {
    const stream = new ReadableStream({
      pull(controller) {
        if (sent++ < 100) controller.enqueue(Buffer.alloc(100_000))
        else controller.close()
      },
    })
    let sent = 0
    const options = { method: 'POST', body: stream, headers: CSV_TYPE, duplex: 'half' } as RequestInit
    const answer = await fetch(base + URL_PATH, options)
    expect([answer.status, errorOf(await answer.text()).code]).toEqual([413, 'TOO_LARGE'])
    const startMs = performance.now()
    for (let n = 0; n < 10; n++) expect((await post('x', CSV_TYPE)).status).toBe(200)
    expect(performance.now() - startMs).toBeLessThan(5000)
  })

  test('a client that goes in the middle leaves nothing', async () => {
    const sent = request(base + URL_PATH, { method: 'POST', headers: CSV_TYPE })
    sent.on('error', () => {})
    sent.write(Buffer.alloc(1_000_000))
    await expect.poll(() => bodiesOnDisk().length).toBe(1)
    sent.destroy()
    await expect.poll(bodiesOnDisk).toEqual([])
  })

  test('before it is sent, where the client asks', async () => {
    const ask = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        const sent = request(base + URL_PATH, { method: 'POST', headers: { ...headers, expect: '100-continue' } })
        sent.on('continue', () => sent.end('{"points": []}'))
        sent.on('response', (answer) => {
          resolve(answer.statusCode)
          sent.destroy()
        })
        sent.on('error', reject).flushHeaders()
      })
    expect(await ask({ ...JSON_TYPE, 'content-length': '14' })).toBe(200)
    expect(await ask({ ...JSON_TYPE, 'content-length': '99999999' })).toBe(413)
  })
})

describe('methods and preflight', () => {
  const preflight = (path: string, method: string, headers = '') =>
    app.inject({
      method: 'OPTIONS',
      url: path,
      headers: {
        origin: 'https://example.org',
        'access-control-request-method': method,
        ...(headers === '' ? {} : { 'access-control-request-headers': headers }),
      },
    })

  test('a path tells its methods', async () => {
    const refused = await app.inject({ method: 'PUT', url: URL_PATH })
    expect([refused.statusCode, refused.headers.allow]).toEqual([405, 'GET, HEAD, POST'])
    const others = await app.inject({ method: 'POST', url: '/v3_0/others', payload: {} })
    expect([others.statusCode, others.headers.allow]).toEqual([405, 'GET, HEAD'])
    expect((await app.inject({ method: 'POST', url: '/v3_0/nope', payload: {} })).statusCode).toBe(404)
  })

  test('a preflight passes where there is POST, and nowhere else', async () => {
    const passed = await preflight(URL_PATH, 'POST', 'content-type, content-encoding, prefer')
    expect(passed.statusCode).toBe(200)
    expect(passed.headers['access-control-allow-methods']).toBe('GET, POST')
    expect(passed.headers['access-control-allow-headers']).toContain('Content-Encoding')
    expect((await preflight('/v3_0/others', 'POST')).statusCode).toBe(400)
    expect((await preflight(URL_PATH, 'DELETE')).statusCode).toBe(400)
    const recorded = await preflight('/v3_0/others', 'GET')
    expect(recorded.headers['access-control-allow-methods']).toBe('GET')
    expect(recorded.headers['access-control-allow-headers']).not.toContain('Content-Encoding')
  })

  test('a route without Python code says so', async () => {
    const answer = await app.inject({ method: 'POST', url: URL_PATH, headers: { accept: 'text/x-sapi-python' } })
    expect([answer.statusCode, answer.body]).toEqual([404, 'There is no Python code for this'])
  })
})

describe('Prefer: respond-async', () => {
  const later = { ...CSV_TYPE, prefer: 'respond-async' }
  const get = async (path: string, method = 'GET') => {
    const answer = await fetch(base + path, { method })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) }
  }

  test('answers with a task, whose answer is fetched when it is there', async () => {
    let release = () => {}
    hold = new Promise((resolve) => {
      release = resolve
    })
    const bytes = Buffer.alloc(1_000_000, 'p,q\n')
    const sent = await post(bytes, later)
    expect(sent.status).toBe(202)
    expect(sent.headers.get('preference-applied')).toBe('respond-async')
    const path = sent.headers.get('location') as string
    expect(path).toMatch(/^\/v3_0\/tasks\/[\w-]{32,}$/)
    expect((await get(path)).json()).toMatchObject({ result: null, detail: null })
    const early = await get(`${path}/result`)
    expect([early.status, early.headers.get('retry-after')]).toEqual([404, '1'])
    // the body is there as long as its task needs it
    expect(bodiesOnDisk()).toHaveLength(1)
    release()
    await expect.poll(async () => (await get(path)).json().status, { timeout: 20_000 }).toBe('SUCCESS')
    await expect.poll(bodiesOnDisk).toEqual([])
    expect((await get(path)).json()).toMatchObject({ progress: 100, result: `${path}/result` })
    const result = await get(`${path}/result`)
    expect(result.json()).toMatchObject({ bytes: bytes.length, sha1: sha1(bytes) })
    expect(result.headers.get('cache-control')).toBe('no-store')
    expect((await get(path, 'DELETE')).status).toBe(204)
    for (const gone of [path, `${path}/result`]) expect((await get(gone)).status).toBe(404)
    expect((await get(path, 'DELETE')).status).toBe(404)
  })

  test('equal requests have tasks of their own; one that is ended does not end the other', async () => {
    let release = () => {}
    hold = new Promise((resolve) => {
      release = resolve
    })
    const [one, other] = await Promise.all([post('x,y', later), post('x,y', later)])
    const [path, otherPath] = [one, other].map(({ headers }) => headers.get('location') as string)
    expect(path).not.toBe(otherPath)
    expect((await get(path as string, 'DELETE')).status).toBe(204)
    release()
    await expect.poll(async () => (await get(otherPath as string)).json().status).toBe('SUCCESS')
    expect((await get(path as string)).status).toBe(404)
  })

  test('a task that fails says so, and its result has the status that the answer would have had', async () => {
    const sent = await post('{"points": 1}', { ...JSON_TYPE, prefer: 'wait=10, Respond-Async' })
    const path = sent.headers.get('location') as string
    await expect.poll(async () => (await get(path)).json().status).toBe('FAILURE')
    expect((await get(path)).json().detail).toContain('points')
    const result = await get(`${path}/result`)
    expect(result.status).toBe(422)
    expect(errorOf(result.text).code).toBe('INVALID_PARAMETER')
  })

  test('what cannot be taken is refused at once, and GET may be asked so, too', async () => {
    expect((await post('x', { ...later, 'content-type': 'text/odd' })).status).toBe(415)
    const answer = await fetch(`${base}/v3_0/others`, { headers: { prefer: 'respond-async' } })
    expect(answer.status).toBe(202)
    const path = answer.headers.get('location') as string
    await expect.poll(async () => (await get(`${path}/result`)).status).toBe(200)
    expect((await get(`${path}/result`)).json()).toEqual({ params: {} })
  })
})

describe('what operators set', () => {
  test('POST can be turned off, in all or for a route, or get a smaller limit', async () => {
    const settings: [Partial<Config>, number][] = [
      [{ takesPosts: false }, 405],
      [{ postLimits: { '/things/{thing_id}': 0 } }, 405],
      [{ postLimits: { '/things/{thing_id}': 10 } }, 413],
      [{ postLimits: { '/things/{thing_id}': 10 ** 9 } }, 200],
    ]
    for (const [config, status] of settings) {
      const own = createApp(config)
      const answer = await own.app.inject({
        method: 'POST',
        url: URL_PATH,
        headers: JSON_TYPE,
        payload: '{"points": []}',
      })
      expect(answer.statusCode, JSON.stringify(config)).toBe(status)
      const { post: told } = (await own.app.inject('/about')).json()
      expect(told.isOn).toBe(status !== 405)
      if (status !== 405) expect(told.maxBytes).toEqual({ '/v3_0/things/{thing_id}': status === 413 ? 10 : MAX_BYTES })
      expect((await own.app.inject('/v3_0/openapi.json')).json().paths['/things/{thing_id}'].post === undefined).toBe(
        status === 405,
      )
      await own.close()
    }
  })
})

test('the document has the body, both methods of a path, and the mark of an extension', () => {
  const document = openApiDocument(routes, 'v3_0', { apiVersion: '1' })
  const path = (document.paths as Record<string, Record<string, unknown>>)['/things/{thing_id}']
  expect(Object.keys(path ?? {})).toEqual(['get', 'post'])
  expect(path?.post).toMatchObject({
    'x-siibra-extension': true,
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/Points' } },
        'text/csv': { schema: { type: 'string', description: 'x,y,z' } },
      },
    },
  })
})

test('metrics tell POST from GET', async () => {
  const { body } = await app.inject('/metrics')
  expect(body).toMatch(/siibra_api_request_seconds_count\{route="POST \/things\/\{thing_id\}"/)
})
