import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { untilTrue } from '../until.ts'
import { createFakeApp } from './fake-app.ts'

const LONG = { text: 'words and more words '.repeat(500) }
let fake: ReturnType<typeof createFakeApp>
let port: number
let lines: string[]

beforeEach(async () => {
  lines = []
  fake = createFakeApp({
    lines,
    answers: {
      single_space: ({ space_id }) => ({ json: { ...LONG, space_id } }),
      single_parcellation: () => ({ json: LONG, headers: { 'cache-control': 'no-store' } }),
      labelled_map: () => ({ bytes: new Uint8Array(50), contentType: 'application/octet-stream' }),
    },
  })
  await fake.app.listen({ host: '127.0.0.1', port: 0 })
  port = (fake.app.server.address() as { port: number }).port
})
afterEach(() => fake.close())

interface Got {
  status: number
  headers: Record<string, string | undefined>
  body: Buffer
}

/** Through a socket, so that answers that come before Fastify are tested as well. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers, method }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode as number,
          headers: response.headers as Got['headers'],
          body: Buffer.concat(chunks),
        }),
      )
    })
      .on('error', reject)
      .end()
  })
}

/** Asks until the compressed forms are there. */
async function warm(path: string): Promise<Got> {
  for (let i = 0; i < 10_000; i++) {
    const got = await get(path, { 'accept-encoding': 'br' })
    if (got.headers['content-encoding'] === 'br') return got
    await delay(10)
  }
  throw new Error(`${path} is never compressed`)
}

describe('cached answers', () => {
  test('are the same bytes, marked as hits, and run no task', async () => {
    const first = await get('/v3_0/spaces/a')
    expect(first.headers['x-fastapi-cache']).toBeUndefined()
    for (let i = 0; i < 3; i++) {
      const again = await get('/v3_0/spaces/a')
      expect(again.headers['x-fastapi-cache']).toBe('hit')
      expect(again.body.equals(first.body)).toBe(true)
      expect(again.headers.etag).toBe(first.headers.etag)
    }
    expect(fake.calls).toHaveLength(1)
  })

  test('have all headers of the first answer', async () => {
    const own = new Set(['server-timing', 'date', 'x-request-id', 'x-fastapi-cache'])
    const names = ({ headers }: Got) =>
      Object.keys(headers)
        .filter((name) => !own.has(name))
        .sort()
    const first = await get('/v3_0/spaces/a')
    await get('/v3_0/spaces/a')
    await delay(50)
    expect(names(await get('/v3_0/spaces/a'))).toEqual(names(first))
  })

  test('are found under every spelling of the same request', async () => {
    await get('/v3_0/regions?parcellation_id=a%2Fb&size=50')
    const spellings = [
      'parcellation_id=a/b',
      'size=%35%30&parcellation_id=a%2fb',
      'parcellation_id=x&parcellation_id=a/b&utm=1',
    ]
    for (const query of spellings)
      expect((await get(`/v3_0/regions?${query}`)).headers['x-fastapi-cache'], query).toBe('hit')
    expect(fake.calls).toHaveLength(1)
    expect(fake.cache.stats().entries).toBe(1)
  })

  test('of a path cannot be had through a query, or the other way round', async () => {
    await get('/v3_0/regions/r?parcellation_id=p')
    await get('/v3_0/regions/r%3Fparcellation_id=p?parcellation_id=')
    await get('/v3_0/regions/r?parcellation_id=p%0A8:space_id2:sx')
    await get('/v3_0/regions/r?parcellation_id=p&space_id=x')
    expect(fake.calls).toHaveLength(4)
  })

  test.each([
    ['Authorization', { authorization: 'Bearer x' }],
    ['x-bypass-fastapi-cache', { 'x-bypass-fastapi-cache': '1' }],
    ['cache-control: no-cache', { 'cache-control': 'no-cache' }],
  ])('are passed by with %s', async (_, headers) => {
    await get('/v3_0/spaces/a')
    await get('/v3_0/spaces/a')
    const passed = await get('/v3_0/spaces/a', headers as Record<string, string>)
    expect(passed.headers['x-fastapi-cache']).toBeUndefined()
    expect(fake.calls).toHaveLength(2)
  })

  test('are not kept for searches, boxes and downloads', async () => {
    for (const path of [
      '/v3_0/regions?parcellation_id=p&find=x',
      '/v3_0/feature/Image?space_id=s&bbox=b',
      '/v3_0/atlas_download',
    ])
      for (let i = 0; i < 2; i++) expect((await get(path)).headers['x-fastapi-cache'], path).toBeUndefined()
    expect(fake.cache.stats().entries).toBe(0)
    expect((await get('/v3_0/atlas_download')).headers['cache-control']).toBe('no-store')
  })

  test('are not kept, by anyone, where the handler says that something is missing', async () => {
    for (const _ of [1, 2]) {
      const { status, headers } = await get('/v3_0/parcellations/x')
      expect([status, headers['cache-control'], headers['x-fastapi-cache']]).toEqual([200, 'no-store', undefined])
    }
  })

  test('are sent compressed as the client likes it', async () => {
    const plain = (await get('/v3_0/spaces/a')).body
    const br = await warm('/v3_0/spaces/a')
    expect(brotliDecompressSync(br.body).equals(plain)).toBe(true)
    expect(br.body.length).toBeLessThan(plain.length / 10)
    expect(br.headers.vary).toContain('Accept-Encoding')
    const gzipped = await get('/v3_0/spaces/a', { 'accept-encoding': 'gzip, br;q=0' })
    expect(gzipped.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(gzipped.body).equals(plain)).toBe(true)
    for (const accept of ['identity', 'compress', 'br;q=0, gzip;q=0'])
      expect((await get('/v3_0/spaces/a', { 'accept-encoding': accept })).headers['content-encoding']).toBeUndefined()
  })

  test('are 304 for who has them, before and behind Fastify', async () => {
    const etag = (await get('/v3_0/spaces/a')).headers.etag as string
    for (let i = 0; i < 3; i++) {
      for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
        const got = await get('/v3_0/spaces/a', { 'if-none-match': known })
        expect([got.status, got.body.length, got.headers.etag]).toEqual([304, 0, etag])
      }
      expect((await get('/v3_0/spaces/a', { 'if-none-match': '"x"' })).status).toBe(200)
    }
  })

  test('of files take ranges', async () => {
    const path = '/v3_0/map/labelled_map.nii.gz?parcellation_id=p&space_id=s'
    for (let i = 0; i < 3; i++) expect((await get(path, { range: 'bytes=0-9' })).status).toBe(206)
    expect((await get(path)).headers['x-fastapi-cache']).toBe('hit')
  })

  test('of HEAD have no body', async () => {
    await get('/v3_0/spaces/a')
    const head = await get('/v3_0/spaces/a', {}, 'HEAD')
    expect([head.status, head.body.length, head.headers['x-fastapi-cache']]).toEqual([200, 0, 'hit'])
  })

  test('are run once for many who ask at the same time', async () => {
    await Promise.all(Array.from({ length: 50 }, () => get('/v3_0/spaces/same')))
    expect(fake.calls).toHaveLength(1)
  })

  test('do not stand before Python code', async () => {
    await get('/v3_0/spaces/a')
    await get('/v3_0/spaces/a')
    const python = await get('/v3_0/spaces/a', { accept: 'text/x-sapi-python' })
    expect(python.body.toString()).toContain('import siibra')
  })
})

test('every answer is one line of the log', async () => {
  await get('/v3_0/spaces/a?x="', { 'x-request-id': 'first' })
  await get('/v3_0/spaces/a?x="')
  await get('/v3_0/spaces/a?x="', { 'x-request-id': 'third' })
  await get('/v3_0/nope')
  await get('/ready')
  await untilTrue(() => lines.length >= 4)
  const parsed = lines.map((line) => JSON.parse(line))
  expect(parsed.map(({ path, status, cache }) => [path, status, cache])).toEqual([
    ['/v3_0/spaces/a?x="', 200, 'miss'],
    ['/v3_0/spaces/a?x="', 200, 'hit'],
    ['/v3_0/spaces/a?x="', 200, 'hit'],
    ['/v3_0/nope', 404, 'none'],
  ])
  expect(parsed[0]).toMatchObject({
    level: 30,
    id: 'first',
    method: 'GET',
    ms: expect.any(Number),
    time: expect.any(Number),
  })
  expect(parsed[2].id).toBe('third')
})

test('a head that cannot be parsed gets an error that can', async () => {
  const got = await get(`/v3_0/spaces/${'x'.repeat(40_000)}`)
  expect(got.status).toBe(431)
  expect(got.headers['access-control-allow-origin']).toBe('*')
  expect(JSON.parse(got.body.toString())).toMatchObject({ error: true, status_code: 431 })
})

test('a task is stopped when its only client leaves', async () => {
  let leave = () => {}
  const stopped = new Promise<void>((resolve) => {
    const app = createFakeApp({
      answers: {
        single_atlas: (_, signal) =>
          new Promise((_resolve, reject) => {
            leave()
            signal.addEventListener('abort', () => {
              resolve()
              reject(new Error('stopped'))
            })
          }),
      },
    })
    void app.app.listen({ host: '127.0.0.1', port: 0 }).then((url) => {
      const leaving = request(`${url}/v3_0/atlases/x`).on('error', () => void app.close())
      leave = () => void leaving.destroy()
      leaving.end()
    })
  })
  await stopped
})
