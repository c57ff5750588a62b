/**
 * A kept answer leaves by two ways: the short one (a raw URL that was answered before, by a socket) and the whole one (here:
 * injected requests, which never take the short way). Both say the same, for every route and every header that matters.
 */
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parameterSpecs } from '../../src/server/http/parameters/params.ts'
import type { RouteRecord } from '../../src/server/routes/route.ts'
import { routeTable } from '../../src/server/routes/table.ts'
import type { HandlerAnswer } from '../../src/tasks/task.ts'
import { createFakeApp, type FakeAnswers } from './fake-app.ts'

const kept = routeTable.filter(({ cache, method }) => method === 'GET' && cache.kind !== 'never')
const bytes = new TextEncoder().encode('voxels '.repeat(400))
const answers: FakeAnswers = Object.fromEntries(
  kept.map(({ task, response }) => [
    task.name,
    (): HandlerAnswer =>
      'file' in response
        ? {
            bytes,
            contentType: response.file.mediaType,
            headers: { 'content-disposition': 'attachment; filename="x.bin"', 'x-siibra-match': 'loose' },
          }
        : { json: { task: task.name, text: 'long '.repeat(400) }, headers: { 'x-siibra-match': 'loose' } },
  ]),
)
const { app, calls, close } = createFakeApp({ answers })
const agent = new Agent({ keepAlive: true })
let base: string

beforeAll(async () => {
  base = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  agent.destroy()
  await close()
})

interface Sent {
  status: number | undefined
  headers: IncomingHttpHeaders
  body: Buffer
}

const bySocket = (url: string, headers: Record<string, string>, method = 'GET') =>
  new Promise<Sent>((resolve, reject) => {
    const sent = request(base + url, { headers: { 'x-request-id': 'same', ...headers }, agent, method }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
      )
    })
    sent.on('error', reject).end()
  })

async function byInjection(url: string, headers: Record<string, string>, method: 'GET' | 'HEAD' = 'GET') {
  const answer = await app.inject({ method, url, headers: { 'x-request-id': 'same', ...headers } })
  return { status: answer.statusCode, headers: answer.headers as IncomingHttpHeaders, body: answer.rawPayload }
}

/** Headers that differ by nature: the connection, the time. */
const OWN = new Set(['date', 'connection', 'keep-alive', 'server-timing'])

function comparable({ status, headers, body }: Sent) {
  const others = Object.entries(headers).filter(([name]) => !OWN.has(name))
  return { status, headers: Object.fromEntries(others), body: body.toString('latin1') }
}

function urlOf(route: RouteRecord): string {
  const query = parameterSpecs(route).filter(
    (spec) => spec.in === 'query' && (spec.isRequired || 'requiredWithout' in spec.schema),
  )
  const value = (spec: (typeof query)[number]) => String(spec.schema.enum?.[0] ?? 'x')
  const path = route.path.replace(/\{\w+\}/, 'some%20id')
  return `/${route.versions[0]}${path}?${query.map((spec) => `${spec.name}=${value(spec)}`).join('&')}&tpyo=1`
}

const HEADERS: readonly Record<string, string>[] = [
  {},
  { accept: '*/*' },
  { accept: 'application/json' },
  { accept: 'text/html,application/xhtml+xml;q=0.9' },
  { 'accept-encoding': 'gzip' },
  { 'accept-encoding': 'br;q=0.2, gzip;q=0.9' },
  { 'accept-encoding': 'gzip, deflate, br, zstd' },
  { 'if-none-match': '"other"' },
  { 'if-none-match': '*' },
  { range: 'bytes=0-9' },
  { range: 'bytes=999999-' },
  { range: 'bytes=0-9', 'if-range': '"other"' },
  { authorization: 'Bearer x' },
  { 'cache-control': 'max-age=0' },
  { accept: 'text/x-sapi-python' },
]

describe.each(kept.map((route) => [route.name, route] as const))('%s', (_name, route) => {
  const url = urlOf(route)

  test('both ways send the same for every header', async () => {
    await byInjection(url, {})
    // compressed forms follow a moment later; those of what is less than critical with the second request
    const isFile = 'file' in route.response
    await expect
      .poll(async () => (await byInjection(url, { 'accept-encoding': 'gzip' })).headers['content-encoding'], {
        timeout: 120_000,
      })
      .toBe(isFile ? undefined : 'gzip')
    const before = calls.length
    for (const headers of HEADERS) {
      const whole = await byInjection(url, headers)
      const short = await bySocket(url, headers)
      expect(comparable(short), JSON.stringify(headers)).toEqual(comparable(whole))
      const isPython = headers.accept === 'text/x-sapi-python'
      if (!isPython) expect(short.headers['x-siibra-ignored'], JSON.stringify(headers)).toBe('tpyo')
    }
    // but for the two with Authorization, all came from the cache
    expect(calls.length - before).toBe(2)
  })

  test('a client that has any encoding of the answer is told so, on both ways', async () => {
    for (const encoding of ['identity', 'gzip', 'br']) {
      const { headers } = await byInjection(url, { 'accept-encoding': encoding })
      for (const etag of [headers.etag as string, `"other", W/${headers.etag}`]) {
        for (const accepted of ['gzip', 'identity']) {
          const asked = { 'if-none-match': etag, 'accept-encoding': accepted }
          const [whole, short] = [await byInjection(url, asked), await bySocket(url, asked)]
          expect([whole.status, short.status]).toEqual([304, 304])
          expect(comparable(short)).toEqual(comparable(whole))
          expect(short.headers).toMatchObject({ 'x-siibra-ignored': 'tpyo', 'x-siibra-match': 'loose' })
        }
      }
    }
  })

  test('HEAD has the same head, and no range', async () => {
    const whole = await byInjection(url, {})
    const head = await bySocket(url, { range: 'bytes=0-9' }, 'HEAD')
    expect(comparable({ ...head, body: whole.body })).toEqual(comparable(whole))
    expect(head.body).toHaveLength(0)
  })
})

test('bodies in different encodings have different validators', async () => {
  const url = urlOf(kept.find(({ response }) => 'json' in response) as RouteRecord)
  const etags = await Promise.all(
    ['identity', 'gzip', 'br'].map(async (encoding) => (await bySocket(url, { 'accept-encoding': encoding })).headers),
  )
  expect(new Set(etags.map(({ etag }) => etag)).size).toBe(3)
  expect(etags.map((headers) => headers['content-encoding'])).toEqual([undefined, 'gzip', 'br'])
})

test('names that are not known are told percent-encoded and bounded, also where the request is refused', async () => {
  const odd = `/v3_0/atlases?${encodeURIComponent('größe, ☃')}=1&${'x'.repeat(300)}=2&size=2`
  const { headers } = await bySocket(odd, {})
  expect(headers['x-siibra-ignored']).toBe(`gr%C3%B6%C3%9Fe%2C%20%E2%98%83, ${'x'.repeat(100)}...`)
  const many = Array.from({ length: 400 }, (_, i) => `name${i}=1`).join('&')
  const refused = await bySocket(`/v3_0/atlases?size=none&${many}`, {})
  expect(refused.status).toBe(422)
  const value = refused.headers['x-siibra-ignored'] as string
  expect(value.length).toBeLessThanOrEqual(512)
  expect(value).toMatch(/^name0, name1, .*, \.\.\.$/)
  expect(refused.headers['access-control-expose-headers']).toContain('x-siibra-ignored')
})

test('an answer does not keep what another spelling of its URL was told', async () => {
  const first = await bySocket('/v3_0/spaces?wrong=1', {})
  const second = await bySocket('/v3_0/spaces', {})
  expect(first.headers['x-siibra-ignored']).toBe('wrong')
  expect(second.headers['x-fastapi-cache']).toBe('hit')
  expect(second.headers['x-siibra-ignored']).toBeUndefined()
})
