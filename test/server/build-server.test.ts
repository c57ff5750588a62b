/** What stands around the routes of the API: paths below others, methods, errors, connections that end, lines of the log. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Config } from '../../src/config.ts'
import { startTestApp } from '../app.ts'
import { createFakeApp, type FakeAppOptions } from './fake-app.ts'
import { routeOf } from './route-of.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const routes = [
  routeOf(),
  routeOf({ name: 'post_things', method: 'POST', path: '/sent', cache: { kind: 'never' } }),
  routeOf({ name: 'others', path: '/others', python: 'ask()' }),
]
function open(config: Partial<Config> = {}, more: FakeAppOptions = {}) {
  const fake = createFakeApp({ routes, config, ...more })
  closing.push(fake.close)
  return { ...fake, listen: () => fake.app.listen({ host: '127.0.0.1', port: 0 }) }
}
/** A request by a socket that ends where nothing comes. */
const ask = (url: string, options: RequestInit = {}) =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(60_000), ...options })

describe('methods and paths', () => {
  test.each([
    ['GET', '/ready', 200, undefined],
    ['HEAD', '/ready', 200, undefined],
    ['POST', '/ready', 405, 'GET, HEAD'],
    ['GET', '/nope', 404, undefined],
    ['POST', '/nope', 404, undefined],
    ['GET', '/v3_0/things', 200, undefined],
    ['HEAD', '/v3_0/things', 200, undefined],
    ['POST', '/v3_0/things', 405, 'GET, HEAD'],
    ['PUT', '/v3_0/things', 405, 'GET, HEAD'],
    ['GET', '/v3_0/sent', 405, 'POST'],
    ['POST', '/v3_0/sent', 200, undefined],
    ['GET', '/v3_0/nope', 404, undefined],
    ['PUT', '/v3_0/nope', 404, undefined],
  ] as const)('%s %s: %i', async (method, url, status, allow) => {
    const { app } = open()
    const answer = await app.inject({ method, url })
    expect([answer.statusCode, answer.headers.allow]).toEqual([status, allow])
  })

  test.each([
    ['GET', '/v3_0/nope', {}, 'application/json'],
    ['GET', '/v3_0/nope', { accept: 'text/x-sapi-python' }, 'text/plain'],
    ['PUT', '/v3_0/things', { accept: 'text/x-sapi-python' }, 'text/plain'],
    ['PUT', '/v3_0/things', {}, 'application/json'],
  ] as const)('%s %s with %j is refused as %s', async (method, url, headers, type) => {
    const { app } = open()
    const answer = await app.inject({ method, url, headers })
    expect(answer.headers['content-type']?.toString()).toContain(type)
    expect(answer.headers['x-siibra-api-version']).toBe('9.9.9')
  })

  test('a preflight is OPTIONS that asks for a method', async () => {
    const { app } = open()
    const headers = { 'access-control-request-method': 'GET' }
    expect((await app.inject({ method: 'OPTIONS', url: '/ready', headers })).body).toBe('OK')
    expect((await app.inject({ method: 'OPTIONS', url: '/v3_0/things' })).statusCode).toBe(405)
    expect((await app.inject({ url: '/ready', headers })).body).toBe('"ready"')
  })
})

test('each request is in the log once, however it is answered', async () => {
  const lines: string[] = []
  const { app } = open({}, { lines })
  await app.inject('/v3_0/things')
  await app.inject('/v3_0/nope')
  await app.inject({ method: 'POST', url: '/v3_0/sent' })
  await vi.waitFor(() => expect(lines).toHaveLength(3))
  expect(lines.map((line) => JSON.parse(line).path)).toEqual(['/v3_0/things', '/v3_0/nope', '/v3_0/sent'])
})

test('below a path, its pages have a folder', async () => {
  const base = await open({ basePath: '/atlas' }).listen()
  const moved = await ask(`${base}/atlas`)
  expect([moved.status, moved.headers.get('location')]).toEqual([308, '/atlas/'])
  for (const path of ['/atlas/v3_0/things', '/v3_0/things', '/atlas/ready'])
    expect((await ask(base + path)).status).toBe(200)
})

test('what is kept is answered the short way, but not below another path', async () => {
  const { listen, cache } = open({ trustedProxies: ['127.0.0.0/8'] })
  const countHit = vi.spyOn(cache, 'countHit' as never) as unknown as ReturnType<typeof vi.fn>
  const base = await listen()
  for (let n = 0; n < 3; n++) expect((await ask(`${base}/v3_0/things`)).status).toBe(200)
  const direct = countHit.mock.calls.length
  expect(direct).toBeGreaterThan(0)
  const other = await ask(`${base}/v3_0/things`, { headers: { 'x-forwarded-prefix': '/q' } })
  expect([other.status, countHit.mock.calls.length]).toEqual([200, direct])
})

test('a URL that is too long is refused also where clients are not counted', async () => {
  const base = await open({ maxUrlBytes: 100 }).listen()
  expect((await ask(`${base}/v3_0/things`)).status).toBe(200)
  expect((await ask(`${base}/v3_0/things?a=${'x'.repeat(100)}`)).status).toBe(414)
})

test('clients are told to come by another connection when the service stops', async () => {
  const { listen, state } = open()
  const base = await listen()
  const connection = async () => (await ask(`${base}/about`)).headers.get('connection')
  expect(await connection()).toBe('keep-alive')
  Object.assign(state, { phase: 'stopping' })
  expect(await connection()).toBe('close')
})

test.each([
  [[], '127.0.0.1'],
  [['10.0.0.0/8'], '127.0.0.1'],
  [['127.0.0.0/8'], '198.51.100.7'],
])('behind the proxies %j a client is %s', async (trustedProxies, client) => {
  const { app } = open({ trustedProxies })
  app.get('/who', async (request) => request.ip)
  expect((await app.inject({ url: '/who', headers: { 'x-forwarded-for': '198.51.100.7' } })).body).toBe(client)
})

test('what goes wrong is told without its words, and is in the log; what a client did is told', async () => {
  const lines: string[] = []
  const { app } = open({}, { lines })
  for (const statusCode of [499, 500, undefined])
    app.get(`/fails/${statusCode}`, () => Promise.reject(Object.assign(new Error('its words'), { statusCode })))
  const said = async (status: unknown) => {
    lines.length = 0
    const { statusCode, body } = await app.inject(`/fails/${status}`)
    const isLogged = lines.some((line) => line.includes('A request failed'))
    return [statusCode, body.includes('its words'), isLogged]
  }
  expect([await said(499), await said(500), await said(undefined)]).toEqual([
    [499, true, false],
    [500, false, true],
    [500, false, true],
  ])
})

test('answers say where they are of the demo; who takes nothing is bounded in seconds', async () => {
  const { app, state } = open({ readTimeoutS: 7 })
  const told = async () => (await app.inject('/ready')).headers['x-siibra-api-configuration']
  expect(await told()).toBeUndefined()
  Object.assign(state, { core: { isDemo: true } })
  expect(await told()).toBe('demo')
  expect(app.server.timeout).toBe(7_000)
})

test.each([
  [true, { SIIBRA_API_DASHBOARD_PASSWORD: 'p' }, 401],
  [true, {}, 404],
  [false, { SIIBRA_API_DASHBOARD_PASSWORD: 'p' }, 404],
])('queues (there are: %s) have a page where %j is set: %i', async (hasWorkers, env, status) => {
  const app = await startTestApp(undefined, { hasWorkers, env })
  closing.push(app.close)
  expect((await app.get('/queues/')).status).toBe(status)
})
