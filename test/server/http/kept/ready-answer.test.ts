/** Answers whose head is text: which bytes they are, and when node writes them itself. */
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { afterEach, expect, test, vi } from 'vitest'
import {
  checkInternals,
  headerLines,
  makeReady,
  sendNotModified,
  sendReady,
} from '../../../../src/server/http/kept/ready-answer.ts'

afterEach(() => void vi.restoreAllMocks())

const NOTHING = { ofUrl: [], ofUrlText: '' }
const OF_URL = { ofUrl: ['x-a', 'b'], ofUrlText: 'x-a: b\r\n' }
const HEADERS = ['etag', '"x"', 'vary', 'Accept']

function ready(body: Uint8Array = Buffer.from('body'), headers = HEADERS) {
  const answer = makeReady({ status: 200, etag: '"x"', headers, body })
  if (answer === undefined) throw new Error('node refuses it')
  return answer
}

/** A response on a connection that notes its bytes; `isSlow`: one that has taken nothing yet. */
function respond({ isSlow = false, isAlone = false, keepsAlive = true } = {}) {
  const written: Buffer[] = []
  const socket = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      written.push(Buffer.from(chunk))
      if (!isSlow) done()
    },
  })
  const request = { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1, headers: {} }
  const response = new ServerResponse(request as IncomingMessage)
  response.shouldKeepAlive = keepsAlive
  const end = vi.spyOn(response, 'end')
  if (isSlow) socket.write('x')
  if (!isAlone) response.assignSocket(socket as Socket)
  const text = () => Buffer.concat(written).toString('latin1')
  return {
    response,
    text,
    assign: () => response.assignSocket(socket as Socket),
    isDirect: () => end.mock.calls.some((given: unknown[]) => given.length === 0),
  }
}

const HEAD = ['HTTP/1.1 200 OK', 'content-length: 4', 'etag: "x"', 'vary: Accept']
const END = ['Connection: keep-alive', 'Keep-Alive: timeout=75', '', 'body']

test('the head is text, with the length of the body; what node would refuse is none', () => {
  expect(headerLines(['a', 'b', 'c', 'd'])).toBe('a: b\r\nc: d\r\n')
  const within = new Uint8Array(Buffer.from('a body here').buffer, Buffer.from('').byteOffset, 4)
  expect(ready(within).body.byteLength).toBe(4)
  const shared = new Uint8Array([1, 2, 3, 4]).subarray(1, 3)
  expect(ready(shared)).toMatchObject({
    body: Buffer.from([2, 3]),
    headText: expect.stringContaining('content-length: 2'),
  })
  expect(ready().headText).toBe(HEAD.map((line) => `${line}\r\n`).join(''))
  for (const headers of [
    ['x-note', 'a\nb'],
    ['etag', '"x"', 'x-note', 'a\nb'],
  ])
    expect(makeReady({ status: 200, etag: '"x"', headers, body: Buffer.alloc(0) })).toBeUndefined()
})

test('it is written directly, byte for byte, with what its URL asks for', () => {
  vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 2, 3, 4, 5, 999))
  const { response, text, isDirect } = respond()
  sendReady(response, ready(), 'id', OF_URL)
  const date = 'Date: Fri, 02 Jan 2026 03:04:05 GMT'
  expect(text().split('\r\n')).toEqual([...HEAD, 'x-a: b', 'x-request-id: id', date, ...END])
  expect([isDirect(), response.statusCode, response.writableEnded, response.headersSent]).toEqual([
    true,
    200,
    true,
    true,
  ])
})

test('the date is that of the second', () => {
  for (const [ms, seconds] of [
    [5_000, '05'],
    [5_999, '05'],
    [6_000, '06'],
  ] as const) {
    vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 1) + ms)
    const { response, text } = respond()
    sendReady(response, ready(), 'id', NOTHING)
    expect(text()).toContain(`\r\nDate: Thu, 01 Jan 2026 00:00:${seconds} GMT\r\n`)
  }
})

test('the bytes are the same where node writes them: behind others, or of more than 64 KiB', () => {
  for (const [bytes, parts, isDirect] of [
    [65_536, {}, true],
    [65_537, {}, false],
    [4, { isSlow: true }, false],
    [4, { isAlone: true }, false],
  ] as const) {
    const body = Buffer.alloc(bytes, 'body')
    const one = respond(parts)
    sendReady(one.response, ready(body), 'id', NOTHING)
    expect(one.isDirect()).toBe(isDirect)
    if ('isSlow' in parts) continue
    if ('isAlone' in parts) one.assign()
    const [head = '', sent] = one.text().split('\r\n\r\n')
    expect([head.split('\r\n')[1], sent]).toEqual([`content-length: ${bytes}`, String(body)])
  }
})

test('a connection that is to be closed is told so by node', () => {
  const { response, text } = respond({ keepsAlive: false })
  sendReady(response, ready(), 'id', OF_URL)
  const [head = '', body] = text().split('\r\n\r\n')
  const lines = head.split('\r\n').filter((line) => !line.startsWith('Date: '))
  expect(lines).toEqual([
    'HTTP/1.1 200 OK',
    ...['etag: "x"', 'vary: Accept', 'x-a: b', 'content-length: 4', 'x-request-id: id', 'Connection: close'],
  ])
  expect(body).toBe('body')
})

test('a response that has a head already gets no other', () => {
  const { response } = respond()
  response.writeHead(204)
  expect(() => sendReady(response, ready(), 'id', NOTHING)).toThrow(
    expect.objectContaining({ code: 'ERR_HTTP_HEADERS_SENT' }),
  )
})

test('what the client has is not sent again', () => {
  const { response, text } = respond()
  sendNotModified(response, ready(), 'id', OF_URL.ofUrl)
  const [head = '', body] = text().split('\r\n\r\n')
  const lines = head.split('\r\n')
  expect(lines.slice(0, 5)).toEqual([
    'HTTP/1.1 304 Not Modified',
    'etag: "x"',
    'vary: Accept',
    'x-a: b',
    'x-request-id: id',
  ])
  expect([body, response.writableEnded]).toEqual(['', true])
})

test('this node does with its fields what is expected', () => expect(checkInternals()).toBe(true))

/** Changes what comes to the connection of a response. */
function changeWrites(change: (text: string) => string): void {
  const { assignSocket } = ServerResponse.prototype
  vi.spyOn(ServerResponse.prototype, 'assignSocket').mockImplementation(function (this: ServerResponse, socket) {
    const write = socket.write.bind(socket)
    socket.write = (chunk: string | Uint8Array) => write(change(Buffer.from(chunk).toString('latin1')))
    assignSocket.call(this, socket)
  })
}

test.each<[string, () => void]>([
  [
    'throws',
    () =>
      vi.spyOn(ServerResponse.prototype, 'assignSocket').mockImplementation(() => {
        throw new Error('another node')
      }),
  ],
  [
    'does not end',
    () =>
      vi.spyOn(ServerResponse.prototype, 'end').mockImplementation(function (this: ServerResponse) {
        return this
      }),
  ],
  ['writes another head', () => changeWrites((text) => text.replace('etag', 'eTag'))],
  ['writes another body', () => changeWrites((text) => text.replace('body', 'Body'))],
  [
    'has a head at once',
    () => {
      const { assignSocket } = ServerResponse.prototype
      vi.spyOn(ServerResponse.prototype, 'assignSocket').mockImplementation(function (this: ServerResponse, socket) {
        assignSocket.call(this, socket)
        Object.assign(this, { _header: undefined })
      })
    },
  ],
])('one that %s is found out', (_, changeNode) => {
  changeNode()
  expect(checkInternals()).toBe(false)
})
