/** Requests and answers on node's own server, beside an API that answers what it is told to. */
import { once } from 'node:events'
import { createServer, request as open } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Answer, ApiRequest } from '../../src/server/http/exchange.ts'
import { createHttpAdapter } from '../../src/server/http-adapter.ts'
import type { RouteRecord } from '../../src/server/routes/route.ts'
import { routeOf } from './route-of.ts'

let answer: (request: ApiRequest) => Answer | Promise<Answer>
const route = routeOf({ criticality: 'normal' })
const observe = vi.fn<(route: RouteRecord, status: number, outcome: string, ms: number) => void>()
const logRequest = vi.fn()
const turns: string[] = []
const lines: string[] = []

const adapter = createHttpAdapter({
  api: {
    match: (url) => (url.startsWith('/none') ? undefined : { route, pathParams: {} }),
    methods: () => [],
    answer: (request) => answer(request),
  },
  yielder: {
    take: (criticality, work) => {
      turns.push(criticality)
      work()
    },
    wait: async () => {},
  },
  base: () => ({ list: ['x-base', 'b'], record: {} }),
  metrics: { observe },
  logger: pino({}, { write: (line: string) => void lines.push(line) }),
  logRequest,
  prefixOf: () => '/p',
  folder: tmpdir(),
})
const server = createServer((request, response) => {
  if (!adapter(request, response)) response.writeHead(404).end('not of the API')
})
server.on('checkContinue', (request, response) => server.emit('request', request, response))
let base = ''
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  for (const list of [turns, lines]) list.length = 0
  observe.mockClear()
  logRequest.mockClear()
})
afterEach(() => void vi.restoreAllMocks())
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

const accepts = { 'text/csv': { description: 'x' } }
const text = (body: Answer['body'], headers: string[] = []): Answer => ({ status: 200, headers, body })

test('what is no route is left to others; what is one is answered in its turn, counted and logged once', async () => {
  answer = (request) => {
    request.cacheOutcome = 'miss'
    return text(JSON.stringify([request.url, request.prefix, request.isInner, request.method]))
  }
  const beganMs = performance.now()
  expect(await (await fetch(`${base}/none`)).text()).toBe('not of the API')
  expect([observe.mock.calls, turns]).toEqual([[], []])
  const answered = await fetch(`${base}/a?b`, { headers: { 'x-request-id': 'given' } })
  expect([answered.status, answered.headers.get('x-base'), answered.headers.get('x-request-id')]).toEqual([
    200,
    'b',
    'given',
  ])
  expect(await answered.json()).toEqual(['/a?b', '/p', false, 'GET'])
  await vi.waitFor(() => expect(observe).toHaveBeenCalled())
  // the connection is used for another one, so that this one is over in all ways
  await (await fetch(`${base}/c`)).text()
  await vi.waitFor(() => expect(observe).toHaveBeenCalledTimes(2))
  const [[of, status, outcome, ms] = []] = observe.mock.calls
  expect([of, status, outcome]).toEqual([route, 200, 'miss'])
  expect(ms !== undefined && ms >= 0 && ms <= performance.now() - beganMs).toBe(true)
  expect(logRequest.mock.calls[0]?.[0]).toMatchObject({ id: 'given', method: 'GET', path: '/a?b', status: 200, ms })
  expect(turns).toEqual(['normal', 'normal'])
})

test.each<[string, () => Answer['body'], string]>([
  ['text', () => 'ü', 'ü'],
  ['bytes', () => Buffer.from('ab'), 'ab'],
  ['a stream', () => Readable.from([Buffer.from('a'), Buffer.from('b')]), 'ab'],
  ['nothing', () => undefined, ''],
])('a body may be %s', async (_, body, sent) => {
  answer = () => text(body())
  expect(await (await fetch(base)).text()).toBe(sent)
})

test('a large answer has to be taken in a time that follows from its length', async () => {
  const set = vi.spyOn(globalThis, 'setTimeout')
  const longest = () => Math.max(0, ...set.mock.calls.map(([, ms]) => ms ?? 0).filter((ms) => ms > 100_000))
  answer = () => text(undefined, ['x-length', '9000000', 'content-length', '1024000'])
  await fetch(base, { method: 'HEAD' })
  expect(longest()).toBe(160_000)
  set.mockClear()
  answer = () => text('x', ['x-length', '9000000'])
  await (await fetch(base)).text()
  expect(longest()).toBe(0)
})

test.each(['GET', 'POST'])(
  'who goes before the answer to %s is told to its task, counted as 499, and no error',
  async (method) => {
    let fail = (_thrown: Error) => {}
    const gone = vi.fn()
    let asked: ApiRequest | undefined
    answer = async (request) => {
      // a body that has been read does not tell that its sender goes
      if (method === 'POST') await request.receiveBody?.({ accepts, maxBytes: 10 })
      asked = request
      request.onGone(gone)
      return new Promise((_, reject) => {
        fail = reject
      })
    }
    const body = method === 'POST' ? { body: 'x', headers: { 'content-type': 'text/csv' } } : {}
    const abort = new AbortController()
    const asking = fetch(base, { method, ...body, signal: abort.signal }).catch(() => 'gone')
    await vi.waitFor(() => expect(asked).toBeDefined())
    expect(gone).not.toHaveBeenCalled()
    abort.abort()
    expect(await asking).toBe('gone')
    const statuses = () => observe.mock.calls.map(([, status]) => status)
    await vi.waitFor(() => expect(statuses()).toContain(499))
    expect(gone).toHaveBeenCalledOnce()
    // who asks when it has gone hears at once
    const late = vi.fn()
    asked?.onGone(late)
    expect(late).toHaveBeenCalledOnce()
    fail(new Error('stopped'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(lines).toEqual([])
  },
)

test('what goes wrong is an answer of its own, and in the log', async () => {
  answer = () => Promise.reject(new Error('ours'))
  const failed = await fetch(`${base}/a`)
  expect([failed.status, await failed.json()]).toEqual([500, expect.objectContaining({ error: true })])
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ url: '/a', err: { message: 'ours' } }])
})

test('who asks before a body is sent is told when it is wanted, and nobody else', async () => {
  answer = async (request) => {
    const received = await request.receiveBody?.({ accepts, maxBytes: 10 })
    return text(received?.ok ? received.sha256.slice(0, 6) : 'refused')
  }
  for (const expects of [true, false]) {
    const sent = open(base, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', ...(expects ? { expect: '100-Continue' } : {}) },
    })
    const onContinue = vi.fn(() => sent.end('x'))
    sent.on('continue', onContinue)
    if (expects) sent.flushHeaders()
    else sent.end('x')
    const [response] = await once(sent, 'response')
    // the beginning of the SHA-256 of "x"
    expect(String(await response.toArray())).toBe('2d7116')
    expect(onContinue).toHaveBeenCalledTimes(expects ? 1 : 0)
  }
})
