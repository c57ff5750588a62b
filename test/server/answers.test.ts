import { afterAll, describe, expect, test } from 'vitest'
import { STATUS_OF } from '../../src/server/http/errors.ts'
import type { ErrorCode } from '../../src/siibra/errors.ts'
import { SiibraError } from '../../src/siibra/errors.ts'
import { createFakeApp, errorOf } from './fake-app.ts'

const fail =
  (code: ErrorCode, details = {}) =>
  () =>
    Promise.reject(new SiibraError(code, `It is ${code}`, details))
let failure: ErrorCode = 'NOT_FOUND'
const { app, state, close } = createFakeApp({
  answers: {
    single_atlas: () => fail(failure, { id: 'x' })(),
    feature_by_id: fail('NOT_FOUND'),
    single_space: () => ({ json: {}, headers: { 'x-siibra-match': 'loose' } }),
    single_map: () => Promise.reject(new TypeError('secret path /home')),
    labelled_map: () => ({
      bytes: Uint8Array.from({ length: 100 }, (_, i) => i),
      contentType: 'application/octet-stream',
      headers: { 'content-disposition': 'attachment; filename="labelled_map.nii.gz"' },
    }),
  },
})
afterAll(close)
const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers })
const MASK = '/v3_0/map/labelled_map.nii.gz?parcellation_id=p&space_id=s'

describe('headers that every answer has', () => {
  test.each(['/v3_0/atlases', '/v3_0/nope', '/v3_0/regions', '/ready', '/', '/metrics', '/v3_0/maps/x'])(
    '%s',
    async (url) => {
      const { headers } = await get(url)
      expect(headers['access-control-allow-origin']).toBe('*')
      expect(headers['x-siibra-api-version']).toBe('9.9.9')
      expect(headers['content-type']).toBeTruthy()
      expect(headers['x-request-id']).toBeTruthy()
      const exposed = String(headers['access-control-expose-headers']).toLowerCase().split(', ')
      for (const name of ['x-siibra-api-version', 'etag', 'retry-after', 'content-disposition', 'x-fastapi-cache'])
        expect(exposed).toContain(name)
    },
  )

  test('an id that a proxy gave is kept, a malicious one is not', async () => {
    expect((await get('/ready', { 'x-request-id': 'abc-1' })).headers['x-request-id']).toBe('abc-1')
    expect((await get('/ready', { 'x-request-id': 'a"b' })).headers['x-request-id']).not.toContain('"')
  })

  test('a loose match is told', async () => {
    expect((await get('/v3_0/spaces/x')).headers['x-siibra-match']).toBe('loose')
  })
})

describe('preflight', () => {
  const preflight = (method: string, headers?: string, url = '/v3_0/atlases') =>
    app.inject({
      method: 'OPTIONS',
      url,
      headers: {
        origin: 'https://example.org',
        'access-control-request-method': method,
        ...(headers === undefined ? {} : { 'access-control-request-headers': headers }),
      },
    })

  test.each(['/v3_0/atlases', '/v3_0/nope', '/about', '/v3_0/regions/a/b/related'])(
    'GET of %s is allowed',
    async (url) => {
      const { statusCode, headers, body } = await preflight('GET', 'content-type, accept, If-None-Match', url)
      expect([statusCode, body]).toEqual([200, 'OK'])
      expect(headers['access-control-allow-methods']).toBe('GET')
      expect(headers['access-control-max-age']).toBe('600')
    },
  )

  test('other methods and headers are not', async () => {
    const method = await preflight('POST')
    expect([method.statusCode, errorOf(method.body).detail]).toEqual([400, 'Disallowed CORS method'])
    const header = await preflight('GET', 'x-foo')
    expect([header.statusCode, errorOf(header.body).detail]).toEqual([400, 'Disallowed CORS headers'])
  })

  test('OPTIONS without a requested method is 405', async () => {
    expect((await app.inject({ method: 'OPTIONS', url: '/v3_0/atlases' })).statusCode).toBe(405)
  })
})

describe('errors', () => {
  test.each(Object.entries(STATUS_OF) as [ErrorCode, number][])('%s is %i, in the envelope', async (code, status) => {
    failure = code
    const answer = await get('/v3_0/atlases/x')
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(JSON.parse(answer.body)).toMatchObject({ error: true, status_code: status })
    expect(errorOf(answer.body)).toMatchObject({ detail: `It is ${code}`, code, id: 'x' })
  })

  test.each(['UPSTREAM_UNAVAILABLE', 'OVERLOADED', 'DEADLINE_EXCEEDED'] as const)(
    '%s says when to come back',
    async (code) => {
      failure = code
      expect(Number((await get('/v3_0/atlases/x')).headers['retry-after'])).toBeGreaterThan(0)
    },
  )

  test('are never kept', async () => {
    failure = 'NOT_FOUND'
    await get('/v3_0/atlases/y')
    expect((await get('/v3_0/atlases/y')).headers['x-fastapi-cache']).toBeUndefined()
  })

  test('a feature that does not exist is 400, as recorded', async () => {
    expect((await get('/v3_0/feature/nope')).statusCode).toBe(400)
  })
})

describe('files', () => {
  test('come with type, name and length', async () => {
    const { statusCode, headers, rawPayload } = await get(MASK)
    expect(statusCode).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="labelled_map.nii.gz"',
      'content-length': '100',
      'accept-ranges': 'bytes',
    })
    expect(rawPayload).toHaveLength(100)
  })

  test.each([
    ['bytes=10-19', 206, 'bytes 10-19/100', 10],
    ['bytes=90-', 206, 'bytes 90-99/100', 10],
    ['bytes=-5', 206, 'bytes 95-99/100', 5],
    ['bytes=95-200', 206, 'bytes 95-99/100', 5],
    ['bytes=0-1,5-6', 200, undefined, 100],
    ['bytes=9-3', 200, undefined, 100],
    ['lines=1-2', 200, undefined, 100],
  ])('range %s', async (range, status, contentRange, length) => {
    const answer = await get(MASK, { range })
    expect([answer.statusCode, answer.headers['content-range'], answer.rawPayload.length]).toEqual([
      status,
      contentRange,
      length,
    ])
  })

  test('a range behind the end is refused in the envelope', async () => {
    const answer = await get(MASK, { range: 'bytes=100-' })
    expect(answer.statusCode).toBe(416)
    expect(answer.headers).toMatchObject({
      'content-range': 'bytes */100',
      'content-type': 'application/json',
    })
    expect(answer.headers['content-disposition']).toBeUndefined()
    expect(JSON.parse(answer.json().message).detail).toContain('there are 100')
  })

  test('a range of another version of the file is the whole file', async () => {
    expect((await get(MASK, { range: 'bytes=0-1', 'if-range': '"old"' })).statusCode).toBe(200)
  })
})

describe('Python code', () => {
  const python = (url: string, method: 'GET' | 'POST' = 'GET') =>
    app.inject({ method, url, headers: { accept: 'text/x-sapi-python' } })

  test('has the parameters as variables, None for missing ones, and needs none', async () => {
    const { statusCode, headers, body } = await python('/v3_0/regions/Area%20%22x%22?parcellation_id=p%5C1&page=7')
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(body).toContain('import siibra')
    expect(body).toContain('region_id = "Area \\"x\\""')
    expect(body).toContain('parcellation_id = "p\\\\1"')
    expect(body).toContain('space_id = None')
    expect(body).not.toMatch(/null|page/)
    expect((await python('/v3_0/regions')).statusCode).toBe(200)
  })

  test('there is none for other paths and methods', async () => {
    expect((await python('/v3_0/nope')).statusCode).toBe(404)
    expect((await python('/v3_0/atlases', 'POST')).statusCode).toBe(404)
  })
})

describe('probes', () => {
  test('say whether the service can answer', async () => {
    expect((await get('/ready')).body).toBe('"ready"')
    expect((await get('/readyz')).json()).toMatchObject({
      status: 'ready',
      cache: { name: 'memory' },
      queues: { core: {} },
    })
    Object.assign(state, { phase: 'starting', reason: 'because' })
    for (const url of ['/ready', '/v3_0/spaces/never-asked']) {
      const answer = await get(url)
      expect(answer.statusCode, url).toBe(503)
      expect(errorOf(answer.body).detail).toBe('Not ready: because')
      expect(answer.headers['retry-after']).toBe('1')
    }
    expect((await get('/readyz')).statusCode).toBe(503)
    expect((await get('/livez')).statusCode).toBe(200)
    Object.assign(state, { phase: 'ready', reason: '' })
  })
})
