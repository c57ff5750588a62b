/** Routes that take bodies, through the real server with a route of their own. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import * as zlib from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Config } from '../../src/config.ts'
import { openApiDocument } from '../../src/server/pages/openapi.ts'
import { CSV_TYPE, createThings, JSON_TYPE, MAX_BYTES, routes, sha1, URL_PATH } from './bodies/things-app.ts'
import { errorOf } from './fake-app.ts'

const things = createThings()
const { app, cache, folder, lines, post, bodiesOnDisk } = things
beforeAll(() => things.listen())
beforeEach(() => {
  things.runs.count = 0
  things.runs.hold = undefined
})
afterAll(() => things.close())

describe('a body', () => {
  test('reaches its handler with the parameters, and nothing of it is kept', async () => {
    const before = cache.stats().entries
    const answer = await post(JSON.stringify({ points: [[1, 2, 3]] }))
    expect(JSON.parse(answer.text)).toEqual({ params: { thing_id: 'one', size: 7 }, points: 1 })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    await post(JSON.stringify({ points: [[1, 2, 3]] }))
    expect(things.runs.count).toBe(2)
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
    const release = things.holdTasks()
    const large = JSON.stringify({ points: Array.from({ length: 100_000 }, () => [1, 2, 3]) })
    const sent = [large, large, large, `${large} `].map((text) => post(text))
    await expect.poll(() => things.runs.count, { timeout: 120_000 }).toBe(2)
    // all have come before the first is answered
    await expect.poll(() => bodiesOnDisk().length, { timeout: 120_000 }).toBe(2)
    release()
    for (const answer of await Promise.all(sent)) expect(JSON.parse(answer.text).points).toBe(100_000)
    expect(things.runs.count).toBe(2)
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

describe('what operators set', () => {
  test('POST can be turned off, in all or for a route, or get a smaller limit', async () => {
    const settings: [Partial<Config>, number][] = [
      [{ takesPosts: false }, 405],
      [{ postLimits: { '/things/{thing_id}': 0 } }, 405],
      [{ postLimits: { '/things/{thing_id}': 10 } }, 413],
      [{ postLimits: { '/things/{thing_id}': 10 ** 9 } }, 200],
    ]
    for (const [config, status] of settings) {
      const own = createThings(config)
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
