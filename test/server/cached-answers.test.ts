import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plainHead } from '../../src/server/http/kept/plain-head.ts'
import { checkInternals, makeReady, sendReady } from '../../src/server/http/kept/ready-answer.ts'
import { startTestApp, type TestApp } from '../app.ts'

const PATH = '/v3_0/atlases'

let app: TestApp
let base: URL

beforeAll(async () => {
  app = await startTestApp()
  base = new URL(await app.listen())
  await fetch(new URL(PATH, base)).then((answer) => answer.text())
})
afterAll(() => app.close())

test('a path that takes a POST alone says so to who sends another method', async () => {
  const answer = await fetch(new URL('/v3_0/map/density.nii.gz?space_id=x', base))
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
  expect(await answer.json()).toMatchObject({ error: true, status_code: 405 })
  expect((await fetch(new URL('/v3_0/nothing/of/the/kind', base))).status).toBe(404)
})

/** Sends bytes over one connection; gives all that comes until `isEnough` or the end of the connection. */
function talk(text: string, isEnough: (received: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(Number(base.port), base.hostname, () => socket.write(text))
    const done = () => {
      resolve(received)
      socket.destroy()
    }
    socket.setEncoding('latin1').on('data', (chunk) => {
      received += chunk
      if (isEnough(received)) done()
    })
    socket.on('end', done).on('error', reject)
  })
}

interface Parsed {
  statusLine: string
  headers: Record<string, string>
  body: string
}

/** The answers in a stream of bytes, each with a length. */
function parse(text: string): Parsed[] {
  const answers: Parsed[] = []
  for (let rest = text; rest.includes('\r\n\r\n'); ) {
    const end = rest.indexOf('\r\n\r\n')
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n')
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
    )
    const body = rest.slice(end + 4, end + 4 + Number(headers['content-length'] ?? 0))
    answers.push({ statusLine, headers, body })
    rest = rest.slice(end + 4 + body.length)
  }
  return answers
}

const get = (path: string, ...lines: string[]) =>
  `${[`GET ${path} HTTP/1.1`, 'Host: x', ...lines].join('\r\n')}\r\n\r\n`
const isWhole = (count: number) => (text: string) => {
  const answers = parse(text)
  return (
    answers.length === count && answers.every(({ headers, body }) => body.length === Number(headers['content-length']))
  )
}

describe('a cached answer', () => {
  test('has the head that node would write', async () => {
    const [quick] = parse(await talk(get(PATH, 'X-Request-Id: a'), isWhole(1)))
    // a connection that is to be closed goes through node's writeHead
    const [closed] = parse(await talk(get(PATH, 'X-Request-Id: a', 'Connection: close'), () => false))
    expect(quick?.headers['x-fastapi-cache']).toBe('hit')
    expect(quick?.statusLine).toBe(closed?.statusLine)
    expect(quick?.body).toBe(closed?.body)
    const { connection, 'keep-alive': keepAlive, date, ...others } = quick?.headers ?? {}
    const { connection: close, date: closeDate, ...closeOthers } = closed?.headers ?? {}
    expect(others).toEqual(closeOthers)
    expect([connection, keepAlive, close]).toEqual(['keep-alive', 'timeout=75', 'close'])
    expect(Math.abs(Date.parse(date as string) - Date.parse(closeDate as string))).toBeLessThanOrEqual(2000)
    expect(Math.abs(Date.parse(date as string) - Date.now())).toBeLessThan(5000)
  })

  test('comes in order over one connection, also where requests do not wait for answers', async () => {
    const uncached = '/v3_0/spaces?size=1'
    const requests = [get(PATH, 'X-Request-Id: 1'), get(uncached, 'X-Request-Id: 2'), get(PATH, 'X-Request-Id: 3')]
    const answers = parse(await talk(requests.join(''), isWhole(3)))
    expect(answers.map(({ headers }) => headers['x-request-id'])).toEqual(['1', '2', '3'])
    expect(answers[2]?.body).toBe(answers[0]?.body)
    expect(JSON.parse(answers[0]?.body as string).total).toBeGreaterThan(0)
  })

  test('is for HTTP/1.0, too, which closes the connection', async () => {
    const [answer] = parse(await talk(`GET ${PATH} HTTP/1.0\r\n\r\n`, () => false))
    expect(answer?.headers.connection).toBe('close')
    expect(answer?.body.length).toBe(Number(answer?.headers['content-length']))
  })

  test('is not sent again to who has it', async () => {
    const first = await fetch(new URL(PATH, base))
    const again = await fetch(new URL(PATH, base), {
      headers: { 'if-none-match': first.headers.get('etag') as string },
    })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })
})

describe('plainHead', () => {
  test('reads what decides the form', () => {
    const raw = [
      'Host',
      'x',
      'Accept-Encoding',
      'br, gzip',
      'If-None-Match',
      '"a"',
      'X-Request-ID',
      '7',
      'Accept',
      '*/*',
    ]
    expect(plainHead(raw)).toEqual({ accept: '*/*', acceptEncoding: 'br, gzip', ifNoneMatch: '"a"', requestId: '7' })
    expect(plainHead([])).toEqual({ acceptEncoding: undefined, ifNoneMatch: undefined, requestId: undefined })
  })

  test.each([
    ['Authorization', 'Bearer x'],
    ['RANGE', 'bytes=0-1'],
    ['x-bypass-fastapi-cache', '1'],
    ['Cache-Control', 'no-cache'],
    ['accept', 'text/x-sapi-python'],
  ])('leaves %s: %s to others', (name, value) => {
    expect(plainHead(['Host', 'x', name, value])).toBeUndefined()
  })

  test.each(['Accept-Encoding', 'If-None-Match', 'X-Request-Id'])('leaves %s given twice to node', (name) => {
    expect(plainHead([name, 'a', name.toLowerCase(), 'b'])).toBeUndefined()
  })
})

describe('makeReady', () => {
  const make = (headers: string[]) => makeReady({ status: 200, etag: '"a"', headers, body: Buffer.from('abc') })

  test('joins status, length and headers', () => {
    expect(make(['etag', '"a"'])?.headText).toBe('HTTP/1.1 200 OK\r\ncontent-length: 3\r\netag: "a"\r\n')
  })

  test.each(['a\r\nset-cookie: b', 'a\nb', 'Areál Ω'])('makes nothing of a header that node refuses: %j', (value) => {
    expect(make(['x-siibra-match', value])).toBeUndefined()
  })
})

describe('the fields of node that the short way writes into', () => {
  // run under every major of node that can be had (scripts/node-majors.mjs)
  test(`are as they are expected in node ${process.versions.node}`, () => {
    expect(checkInternals()).toBe(true)
  })

  test('where they are others, answers go by writeHead', () => {
    const written: unknown[] = []
    const response = {
      _header: undefined,
      shouldKeepAlive: true,
      writeHead: (...args: unknown[]) => written.push(args),
      end: (body: unknown) => written.push(body),
    } as unknown as ServerResponse
    const body = Buffer.from('abc')
    const ready = makeReady({ status: 200, etag: '"a"', headers: ['etag', '"a"'], body })
    if (ready) sendReady(response, ready, 'id', { ofUrl: ['x-siibra-ignored', 'y'], ofUrlText: '' })
    const headers = ['etag', '"a"', 'x-siibra-ignored', 'y', 'content-length', '3', 'x-request-id', 'id']
    expect(written).toEqual([[200, headers], body])
  })
})
